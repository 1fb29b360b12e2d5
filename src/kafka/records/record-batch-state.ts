import { addressOf, wordsOf } from '../../rows/index.ts';

/** Gives memory of so many bytes, with anything in it. */
export type Allocate = (bytes: number) => Buffer;

/** Memory of its own rather than of Node's shared pool, so that it starts on a word and the CRC can read words. */
export const ordinaryMemory: Allocate = (bytes) => Buffer.allocUnsafeSlow(bytes);

const STATE_BYTES = 64;
const BASE_TIMESTAMP = 0;
const MAX_TIMESTAMP = 1;
/** Words behind the timestamps, in the order of `RecordBatch` in `kernels/encode-cells.ts`. */
const BUFFER = 4;
const CAPACITY = 5;
const POSITION = 6;
const COUNT = 7;
const RECORD_WIDTH = 8;
const VALUE_WIDTH = 9;

/** How far a record batch is filled, where a kernel that adds records finds it. */
export class RecordBatchState {
  readonly #times: Float64Array;
  readonly #words: Uint32Array;

  constructor(allocate: Allocate, batch: Buffer) {
    const block = allocate(STATE_BYTES);
    this.#times = new Float64Array(block.buffer, block.byteOffset, 2);
    this.#words = wordsOf(block);
    this.#words.fill(0);
    this.recordWidth = 2;
    this.valueWidth = 1;
    this.moveTo(batch);
  }

  get address(): number {
    return this.#words[BUFFER] === 0 ? 0 : addressOf(this.#words);
  }

  /** The batch has other memory now. */
  moveTo(batch: Buffer): void {
    this.#words[BUFFER] = addressOf(batch);
    this.#words[CAPACITY] = batch.length;
  }

  /** Milliseconds since 1970, as the next. */
  get baseTimestamp(): number {
    return this.#times[BASE_TIMESTAMP] as number;
  }

  set baseTimestamp(timestamp: number) {
    this.#times[BASE_TIMESTAMP] = timestamp;
  }

  get maxTimestamp(): number {
    return this.#times[MAX_TIMESTAMP] as number;
  }

  set maxTimestamp(timestamp: number) {
    this.#times[MAX_TIMESTAMP] = timestamp;
  }

  /** Where the next byte goes. */
  get position(): number {
    return this.#words[POSITION] as number;
  }

  set position(position: number) {
    this.#words[POSITION] = position;
  }

  get count(): number {
    return this.#words[COUNT] as number;
  }

  set count(count: number) {
    this.#words[COUNT] = count;
  }

  /** Bytes that the length of the last record took, which the next one is given. */
  get recordWidth(): number {
    return this.#words[RECORD_WIDTH] as number;
  }

  set recordWidth(width: number) {
    this.#words[RECORD_WIDTH] = width;
  }

  /** The same for a record's value. */
  get valueWidth(): number {
    return this.#words[VALUE_WIDTH] as number;
  }

  set valueWidth(width: number) {
    this.#words[VALUE_WIDTH] = width;
  }
}

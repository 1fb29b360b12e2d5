import {
  BASE_TIMESTAMP,
  BUFFER,
  CAPACITY,
  COUNT,
  MAX_TIMESTAMP,
  POSITION,
  RECORD_WIDTH,
  STATE_BYTES,
  VALUE_WIDTH,
} from '../../../kernels/encode-cells/record-batch-layout.ts';
import { addressOf, Struct } from '../../rows/index.ts';

/** Gives memory of so many bytes, with anything in it. */
export type Allocate = (bytes: number) => Buffer;

/** Memory of its own rather than of Node's shared pool, so that it starts on a word and the CRC can read words. */
export const ordinaryMemory: Allocate = (bytes) => Buffer.allocUnsafeSlow(bytes);

/** How far a record batch is filled, where a kernel that adds records finds it. */
export class RecordBatchState {
  readonly #numbers: Struct;

  constructor(allocate: Allocate, batch: Buffer) {
    this.#numbers = new Struct(allocate(STATE_BYTES).fill(0));
    this.recordWidth = 2;
    this.valueWidth = 1;
    this.moveTo(batch);
  }

  get address(): number {
    return this.#numbers.word(BUFFER) === 0 ? 0 : this.#numbers.address;
  }

  /** The batch has other memory now. */
  moveTo(batch: Buffer): void {
    this.#numbers.setWord(BUFFER, addressOf(batch));
    this.#numbers.setWord(CAPACITY, batch.length);
  }

  /** Milliseconds since 1970, as the next. */
  get baseTimestamp(): number {
    return this.#numbers.float(BASE_TIMESTAMP);
  }

  set baseTimestamp(timestamp: number) {
    this.#numbers.setFloat(BASE_TIMESTAMP, timestamp);
  }

  get maxTimestamp(): number {
    return this.#numbers.float(MAX_TIMESTAMP);
  }

  set maxTimestamp(timestamp: number) {
    this.#numbers.setFloat(MAX_TIMESTAMP, timestamp);
  }

  /** Where the next byte goes. */
  get position(): number {
    return this.#numbers.word(POSITION);
  }

  set position(position: number) {
    this.#numbers.setWord(POSITION, position);
  }

  get count(): number {
    return this.#numbers.word(COUNT);
  }

  set count(count: number) {
    this.#numbers.setWord(COUNT, count);
  }

  /** Bytes that the length of the last record took, which the next one is given. */
  get recordWidth(): number {
    return this.#numbers.word(RECORD_WIDTH);
  }

  set recordWidth(width: number) {
    this.#numbers.setWord(RECORD_WIDTH, width);
  }

  /** The same for a record's value. */
  get valueWidth(): number {
    return this.#numbers.word(VALUE_WIDTH);
  }

  set valueWidth(width: number) {
    this.#numbers.setWord(VALUE_WIDTH, width);
  }
}

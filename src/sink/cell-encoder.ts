import code from '#kernels/encode-cells';
import { BATCH_OVERHEAD } from '../kafka/records/batch-header.ts';
import { partitionForKey } from '../kafka/records/murmur2.ts';
import type { SourceFile } from '../plugin/index.ts';
import {
  addressOf,
  allocateFor,
  type CellField,
  type CellPlan,
  type CellWriter,
  loadKernel,
  type RowBatch,
} from '../rows/index.ts';
import type { NamedConverter } from './named-converter.ts';
import { BATCH_LIMIT_BYTES, type PartitionBuffers } from './partition-buffers.ts';
import type { RecordTimes } from './record-times.ts';
import type { RowHeaders } from './row-headers.ts';
import type { TopicInfo } from './topic-directory.ts';

interface Kernel {
  encodeCells(task: number, from: number, to: number): number;
}

/** Numbers of `EncodeTask` in `kernel/encode-cells.ts`, 8 bytes each. */
const POSITION = 0;
const FIRST_ROW = 1;
const NOW = 2;
const EARLIEST = 3;
const LATEST = 4;
const KEPT_FROM = 5;
const OLDEST = 6;
const NUMBERS = 7;
/** The words behind them. */
const BYTES = 14;
const BOUNDS = 15;
const ROW_BOUNDS = 16;
const WIDTH = 17;
const KEY_COLUMN = 18;
const TIMESTAMP_COLUMN = 19;
const PARTITION = 20;
const PARTITIONS = 21;
const BATCHES = 22;
const BATCH_LIMIT = 23;
const RECORD_LIMIT = 24;
const WRITER = 25;
const PROGRAM = 26;
const VALUE_FIXED_BYTES = 27;
const VALUE_BYTES_PER_BYTE = 28;
/** And what `RowHeaders.place` gives. */
const HEADERS = 29;
const WANTED = 33;
const WANTED_BYTES = 34;
const RENEWS = 35;
const EXPIRED = 36;
const TASK_WORDS = 37;

const NONE = -1;
/** The most that a record's length takes before it. */
const RECORD_LENGTH_BYTES = 5;

/** Writes rows that are still cells straight into their partitions' record batches, many at once. Compiled for one plan. */
export class CellEncoder {
  readonly #kernel: Kernel;
  readonly #topic: TopicInfo;
  readonly #value: CellWriter;
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;

  /** The partition that the plan sets, or null for that of the key; without a key, of the file's path. */
  readonly #partition: number | null;
  readonly #hasKey: boolean;

  private constructor(plan: CellPlan, topic: TopicInfo, value: CellWriter) {
    this.#kernel = loadKernel<Kernel>(code);
    this.#topic = topic;
    this.#value = value;
    this.#partition = plan.partition;
    this.#hasKey = plan.key !== null;
    const { buffer, byteOffset } = allocateFor(this, TASK_WORDS * Int32Array.BYTES_PER_ELEMENT);
    this.#numbers = new Float64Array(buffer, byteOffset, NUMBERS);
    this.#words = new Int32Array(buffer, byteOffset, TASK_WORDS);
    const words = this.#words;
    words[WIDTH] = plan.width;
    words[KEY_COLUMN] = plan.key?.column ?? NONE;
    words[TIMESTAMP_COLUMN] = plan.timestamp?.column ?? NONE;
    words[PARTITIONS] = topic.partitions;
    words[BATCH_LIMIT] = Math.min(BATCH_LIMIT_BYTES, topic.maxMessageBytes);
    words[RECORD_LIMIT] = topic.maxMessageBytes - BATCH_OVERHEAD - RECORD_LENGTH_BYTES;
    words[VALUE_FIXED_BYTES] = value.fixedBytes;
    words[VALUE_BYTES_PER_BYTE] = value.bytesPerByte;
  }

  /** null when the converters need records for this plan. */
  static compile(
    plan: CellPlan,
    topic: TopicInfo,
    key: NamedConverter,
    value: NamedConverter,
  ): CellEncoder | null {
    if (!isCopied(plan.key, topic, key) || (plan.key === null && topic.rules.wantsKey)) return null;
    if (plan.partition !== null && plan.partition >= topic.partitions) return null;
    const writer = value.converter.compileCells?.(plan) ?? null;
    return writer === null ? null : new CellEncoder(plan, topic, writer);
  }

  /**
   * Encodes rows from `from` on and gives the first that was not: `to`, or one that may be too large for its topic, or
   * that the converter needs as a record.
   */
  encode(
    batch: RowBatch,
    from: number,
    to: number,
    buffers: PartitionBuffers,
    headers: RowHeaders,
    times: RecordTimes,
    now: number,
  ): number {
    const words = this.#words;
    const batches = buffers.addresses(this.#topic);
    if (
      !this.#reaches(batch) ||
      !headers.place(words.subarray(HEADERS, WANTED), batch.file) ||
      addressOf(batches) === 0
    )
      return from;
    words[WRITER] = this.#value.write;
    words[PROGRAM] = this.#value.program;
    words[PARTITION] = this.#partitionOf(batch.file) ?? NONE;
    words[BATCHES] = addressOf(batches);
    this.#numbers[POSITION] = batch.position;
    this.#numbers[FIRST_ROW] = batch.rowNumber(0);
    this.#numbers[NOW] = now;
    this.#placeTimes(times, now);
    let row = from;
    while (row < to) {
      row = this.#kernel.encodeCells(addressOf(words), row, to);
      const wanted = words[WANTED] as number;
      if (wanted === NONE) break;
      const size = words[WANTED_BYTES] as number;
      const target = buffers.batchFor(this.#topic, wanted, size);
      target.ensure(size);
      if (target.address === 0) break;
    }
    const expired = words[EXPIRED] as number;
    if (expired > 0) times.addExpired(this.#topic, expired, this.#numbers[OLDEST] as number);
    return row;
  }

  /** Which times rows may have; one that has another becomes a record, which tells why it is rejected. */
  #placeTimes(times: RecordTimes, now: number): void {
    const { earliest, latest, keptFrom } = times.window(this.#topic, now);
    this.#numbers[EARLIEST] = earliest;
    this.#numbers[LATEST] = latest;
    this.#numbers[KEPT_FROM] = keptFrom;
    this.#numbers[OLDEST] = now;
    this.#words[RENEWS] = times.choice === 'now' ? 1 : 0;
    this.#words[EXPIRED] = 0;
  }

  #partitionOf({ path }: SourceFile): number | null {
    if (this.#partition !== null || this.#hasKey) return this.#partition;
    return partitionForKey(Buffer.from(path), this.#topic.partitions);
  }

  /** False where the batch is in memory that kernels do not reach. */
  #reaches({ cells, rowBounds }: RowBatch): boolean {
    const words = this.#words;
    words[BYTES] = addressOf(cells.bytes);
    words[BOUNDS] = addressOf(cells.bounds);
    words[ROW_BOUNDS] = addressOf(rowBounds);
    return words[BYTES] !== 0 && words[BOUNDS] !== 0 && words[ROW_BOUNDS] !== 0 && addressOf(words) !== 0;
  }
}

/** Whether keys are the bytes of a cell, or nothing. */
function isCopied(field: CellField | null, topic: TopicInfo, { converter }: NamedConverter): boolean {
  if (field === null) return converter.serialize(topic.name, null, null) === null;
  return converter.copiesCell?.(field) === true;
}

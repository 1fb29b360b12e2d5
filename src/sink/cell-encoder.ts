import code from '#kernels/encode-cells';
import {
  BATCH_LIMIT,
  BATCHES,
  BOUNDS,
  BYTES,
  EARLIEST,
  EXPIRED,
  FIRST_ROW,
  KEPT_FROM,
  KEY_COLUMN,
  LATEST,
  NONE,
  NOW,
  OLDEST,
  PARTITION,
  PARTITIONS,
  POSITION,
  PROGRAM,
  RECORD_LIMIT,
  RENEWS,
  ROW_BOUNDS,
  TASK_BYTES,
  TIMESTAMP_COLUMN,
  VALUE_BYTES_PER_BYTE,
  VALUE_FIXED_BYTES,
  WANTED,
  WANTED_BYTES,
  WIDTH,
  WRITER,
} from '../../kernels/encode-cells/layout.ts';
import { BATCH_OVERHEAD } from '../kafka/records/batch-header.ts';
import { partitionForKey } from '../kafka/records/partitioner.ts';
import { ZIGZAG_MAX } from '../kafka/records/varint.ts';
import type { SourceFile } from '../plugin/index.ts';
import {
  addressOf,
  allocateFor,
  type CellField,
  type CellPlan,
  type CellWriter,
  loadKernel,
  type RowBatch,
  Struct,
} from '../rows/index.ts';
import type { NamedConverter } from './named-converter.ts';
import { BATCH_LIMIT_BYTES, type PartitionBuffers } from './partition-buffers.ts';
import type { RecordTimes } from './record-times.ts';
import type { RowHeaders } from './row-headers.ts';
import type { TopicInfo } from './topic-directory.ts';

interface Kernel {
  encodeCells(task: number, from: number, to: number): number;
}

/** Writes rows that are still cells straight into their partitions' record batches, many at once. Compiled for one plan. */
export class CellEncoder {
  readonly #kernel: Kernel;
  readonly #topic: TopicInfo;
  readonly #value: CellWriter;
  readonly #task: Struct;

  /** The partition that the plan sets, or null for that of the key; without a key, of the file's path. */
  readonly #partition: number | null;
  readonly #hasKey: boolean;

  private constructor(plan: CellPlan, topic: TopicInfo, value: CellWriter) {
    this.#kernel = loadKernel<Kernel>(code);
    this.#topic = topic;
    this.#value = value;
    this.#partition = plan.partition;
    this.#hasKey = plan.key !== null;
    this.#task = new Struct(allocateFor(this, TASK_BYTES));
    const task = this.#task;
    task.setWord(WIDTH, plan.width);
    task.setWord(KEY_COLUMN, plan.key?.column ?? NONE);
    task.setWord(TIMESTAMP_COLUMN, plan.timestamp?.column ?? NONE);
    task.setWord(PARTITIONS, topic.partitions);
    task.setWord(BATCH_LIMIT, Math.min(BATCH_LIMIT_BYTES, topic.maxMessageBytes));
    task.setWord(RECORD_LIMIT, topic.maxMessageBytes - BATCH_OVERHEAD - ZIGZAG_MAX);
    task.setWord(VALUE_FIXED_BYTES, value.fixedBytes);
    task.setWord(VALUE_BYTES_PER_BYTE, value.bytesPerByte);
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
    const task = this.#task;
    const batches = buffers.addresses(this.#topic);
    if (!this.#reaches(batch) || !headers.place(task, batch.file) || addressOf(batches) === 0) return from;
    task.setWord(WRITER, this.#value.write);
    task.setWord(PROGRAM, this.#value.program);
    task.setWord(PARTITION, this.#partitionOf(batch.file) ?? NONE);
    task.setWord(BATCHES, addressOf(batches));
    task.setFloat(POSITION, batch.position);
    task.setFloat(FIRST_ROW, batch.rowNumber(0));
    task.setFloat(NOW, now);
    this.#placeTimes(times, now);
    let row = from;
    while (row < to) {
      row = this.#kernel.encodeCells(task.address, row, to);
      const size = task.word(WANTED_BYTES);
      if (size === 0) break;
      const target = buffers.batchFor(this.#topic, task.word(WANTED), size);
      target.ensure(size);
      if (target.address === 0) break;
    }
    const expired = task.word(EXPIRED);
    if (expired > 0) times.addExpired(this.#topic, expired, task.float(OLDEST));
    return row;
  }

  /** Which times rows may have; one that has another becomes a record, which tells why it is rejected. */
  #placeTimes(times: RecordTimes, now: number): void {
    const task = this.#task;
    const { earliest, latest, keptFrom } = times.window(this.#topic, now);
    task.setFloat(EARLIEST, earliest);
    task.setFloat(LATEST, latest);
    task.setFloat(KEPT_FROM, keptFrom);
    task.setFloat(OLDEST, now);
    task.setWord(RENEWS, times.choice === 'now' ? 1 : 0);
    task.setWord(EXPIRED, 0);
  }

  #partitionOf({ path }: SourceFile): number | null {
    if (this.#partition !== null || this.#hasKey) return this.#partition;
    return partitionForKey(Buffer.from(path), this.#topic.partitions);
  }

  /** False where the batch is in memory that kernels do not reach. */
  #reaches({ cells, rowBounds }: RowBatch): boolean {
    const task = this.#task;
    task.setWord(BYTES, addressOf(cells.bytes));
    task.setWord(BOUNDS, addressOf(cells.bounds));
    task.setWord(ROW_BOUNDS, addressOf(rowBounds));
    return [BYTES, BOUNDS, ROW_BOUNDS].every((at) => task.word(at) !== 0) && task.address !== 0;
  }
}

/** Whether keys are the bytes of a cell, or nothing. */
function isCopied(field: CellField | null, topic: TopicInfo, { converter }: NamedConverter): boolean {
  if (field === null) return converter.serialize(topic.name, null, null) === null;
  return converter.copiesCell?.(field) === true;
}

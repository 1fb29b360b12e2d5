import {
  type CellPlan,
  type Cells,
  type CellWriter,
  cellFraction,
  cellSeconds,
  type RecordBatch,
} from '../../plugin/index.ts';
import { partitionForKey } from '../murmur2.ts';
import { BATCH_OVERHEAD, RECORD_OVERHEAD } from '../record-batch.ts';
import type { NamedConverter } from './batch-encoder.ts';
import type { PartitionBuffers } from './partition-buffers.ts';
import type { RowHeaders } from './row-headers.ts';
import type { TopicInfo } from './topic-directory.ts';

/** Writes rows that are still cells straight into a partition's record batch. Compiled for one plan. */
export class CellEncoder {
  readonly #topic: TopicInfo;
  readonly #keyColumn: number;
  readonly #timestampColumn: number | null;
  readonly #partition: number | null;
  readonly #value: CellWriter;
  readonly #width: number;

  private constructor(plan: CellPlan, topic: TopicInfo, keyColumn: number, value: CellWriter) {
    this.#topic = topic;
    this.#keyColumn = keyColumn;
    this.#timestampColumn = plan.timestamp?.column ?? null;
    this.#partition = plan.partition;
    this.#value = value;
    this.#width = plan.width;
  }

  /** null when the converters need records for this plan. */
  static compile(
    plan: CellPlan,
    topic: TopicInfo,
    key: NamedConverter,
    value: NamedConverter,
  ): CellEncoder | null {
    if (plan.key === null || key.converter.copiesCell?.(plan.key) !== true) return null;
    if (plan.partition !== null && plan.partition >= topic.partitions) return null;
    const writer = value.converter.compileCells?.(plan) ?? null;
    return writer === null ? null : new CellEncoder(plan, topic, plan.key.column, writer);
  }

  /** False, with nothing written, for a row that may be too large for its topic, or that the converter needs as a record. */
  encode(
    batch: RecordBatch,
    row: number,
    buffers: PartitionBuffers,
    headers: RowHeaders,
    now: number,
  ): boolean {
    const { cells, file } = batch;
    const first = 2 * row * this.#width;
    if (this.#value.takes?.(cells, first) === false) return false;
    const keyAt = first + 2 * this.#keyColumn;
    const keyStart = cells.bounds[keyAt] as number;
    const keyEnd = cells.bounds[keyAt + 1] as number;
    const valueBytes = this.#value.maxBytes(this.#cellBytes(cells, first));
    const size = RECORD_OVERHEAD + keyEnd - keyStart + valueBytes + headers.maxBytes(file);
    if (size + BATCH_OVERHEAD > this.#topic.maxMessageBytes) return false;
    const partition =
      this.#partition ?? partitionForKey(cells.bytes, this.#topic.partitions, keyStart, keyEnd);
    const target = buffers.batchFor(this.#topic, partition, size);
    target.ensure(size);
    target.begin(this.#timestampColumn === null ? now : timeOf(cells, first + 2 * this.#timestampColumn));
    target.write(cells.bytes, keyStart, keyEnd);
    target.endKey();
    target.position = this.#value.write(target, target.position, cells, first);
    target.endValue();
    headers.write(target, file, batch.rowOffset(row), batch.rowNumber(row));
    target.end();
    return true;
  }

  /** Not the row's length in its file, where another encoding may take fewer bytes, and which lacks what was added. */
  #cellBytes({ bounds }: Cells, first: number): number {
    let length = 0;
    const end = first + 2 * this.#width;
    for (let at = first; at < end; at += 2) length += (bounds[at + 1] as number) - (bounds[at] as number);
    return length;
  }
}

function timeOf({ bytes, bounds }: Cells, at: number): number {
  const start = bounds[at] as number;
  return 1000 * cellSeconds(bytes, start) + cellFraction(bytes, start, bounds[at + 1] as number, 3);
}

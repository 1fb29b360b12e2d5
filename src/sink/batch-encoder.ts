import type { RecordSchema, Rejection, SourceFile, SourceRecord } from '../plugin/index.ts';
import type { CellPlan, RowBatch } from '../rows/index.ts';
import { hasAdded, withoutAdded } from '../values/added-fields.ts';
import { CellEncoder } from './cell-encoder.ts';
import { type NamedConverter, prepare } from './named-converter.ts';
import type { PartitionBuffers } from './partition-buffers.ts';
import { type EncodedRecord, noTopic, RecordEncoder, topicRefusal } from './record-encoder.ts';
import type { RecordTimes } from './record-times.ts';
import type { RowHeaders } from './row-headers.ts';
import type { TopicDirectory, TopicInfo } from './topic-directory.ts';
import { refusedBy, rejectionIn } from './unsendable-record.ts';

/** Puts live rows into the record batches of their partitions: rows that are still cells many at once, others record by record. */
export class BatchEncoder {
  readonly #key: NamedConverter;
  readonly #value: NamedConverter;
  readonly #topics: TopicDirectory;
  readonly #buffers: PartitionBuffers;
  readonly #times: RecordTimes;
  readonly #records: RecordEncoder<TopicInfo>;
  readonly #headers: RowHeaders;
  readonly #prepared = new Map<string, RecordSchema | null>();
  /** What the cell encoder was compiled for; null as well while its topic is not prepared. */
  #plan: CellPlan | null = null;
  #cells: CellEncoder | null = null;

  constructor(
    key: NamedConverter,
    value: NamedConverter,
    topics: TopicDirectory,
    buffers: PartitionBuffers,
    times: RecordTimes,
    headers: RowHeaders,
  ) {
    this.#key = key;
    this.#value = value;
    this.#topics = topics;
    this.#buffers = buffers;
    this.#times = times;
    this.#headers = headers;
    this.#records = new RecordEncoder(key, value, topics, times, headers);
  }

  /** True when a record can be encoded without waiting: its topic is known and its schema prepared. */
  isPrepared({ topic, valueSchema }: SourceRecord): boolean {
    return topic !== null && this.#prepared.get(topic) === valueSchema;
  }

  /**
   * Looks topics up, and has converters learn their schemas.
   *
   * @throws UnsendableRecord when that cannot be done by the fault of a record
   * @throws HeadraceError CONFIG_INVALID when one has no topic; as `TopicDirectory.resolve`
   */
  async prepare(records: readonly SourceRecord[]): Promise<void> {
    for (const record of records) {
      const { topic, valueSchema } = record;
      if (topic === null) throw noTopic(record);
      if (topicRefusal(topic, this.#topics) === null) await this.#prepareTopic(topic, valueSchema);
      this.#prepared.set(topic, valueSchema);
    }
  }

  async #prepareTopic(topic: string, schema: RecordSchema | null): Promise<void> {
    try {
      if (this.#topics.known(topic) === undefined) await this.#topics.resolve(topic);
      if (this.#prepared.get(topic) === schema) return;
      await prepare(this.#key, topic, null);
      await prepare(this.#value, topic, schema);
    } catch (error) {
      throw refusedBy(error, topic);
    }
  }

  /** Whether records that cannot be prepared could be without the columns that their file has besides the feed's. */
  async isForAddedColumns(records: readonly SourceRecord[]): Promise<boolean> {
    for (const { topic, valueSchema } of records) {
      if (topic === null || valueSchema === null || !hasAdded(valueSchema)) continue;
      const isTaken = await prepare(this.#value, topic, withoutAdded(valueSchema)).then(
        () => true,
        () => false,
      );
      if (isTaken) return true;
    }
    return false;
  }

  /** Topics are not as they were: what was made for them is made anew. */
  forgetTopics(): void {
    this.#plan = null;
    this.#cells = null;
  }

  /** Adds rows that are still cells from `from` on, and gives the first that has to become a record first, or `to`. */
  encodeCells(batch: RowBatch, from: number, to: number, now: number): number {
    if (this.#plan !== batch.plan) this.#compileCells(batch.plan);
    return this.#cells?.encode(batch, from, to, this.#buffers, this.#headers, this.#times, now) ?? from;
  }

  /** Ends the record batches that are being filled. */
  cut(): void {
    this.#buffers.cut();
  }

  #compileCells(plan: CellPlan): void {
    const { topic: name, valueSchema } = plan;
    const topic = name === null ? undefined : this.#topics.known(name);
    if (name === null || topic === undefined || this.#prepared.get(name) !== valueSchema) {
      this.#cells = null;
      return;
    }
    this.#plan = plan;
    this.#cells = CellEncoder.compile(plan, topic, this.#key, this.#value);
  }

  /** Adds a row's record to its batch; gives the reason when it cannot be encoded. */
  encodeOne(file: SourceFile, record: SourceRecord, now: number, isTraced: boolean): Rejection | null {
    try {
      this.#write(file, this.#records.encode(file, record, now), isTraced);
      return null;
    } catch (error) {
      return rejectionIn(error);
    }
  }

  /** Adds a row's records to their batches, all or none; gives the reason when one cannot be encoded. */
  encode(
    file: SourceFile,
    records: readonly SourceRecord[],
    now: number,
    isTraced: boolean,
  ): Rejection | null {
    try {
      const encoded = records.map((record) => this.#records.encode(file, record, now));
      for (const one of encoded) this.#write(file, one, isTraced);
      return null;
    } catch (error) {
      return rejectionIn(error);
    }
  }

  #write(
    file: SourceFile,
    { topic, partition, key, value, timestamp, record, size }: EncodedRecord<TopicInfo>,
    isTraced: boolean,
  ): void {
    const target = this.#buffers.batchFor(topic, partition, size);
    if (isTraced) this.#buffers.note(topic, partition, { file, row: record.origin.row });
    target.begin(timestamp);
    target.key(key);
    target.value(value);
    this.#headers.write(target, file, record.origin.offset, record.origin.row, record.headers);
    target.end();
  }
}

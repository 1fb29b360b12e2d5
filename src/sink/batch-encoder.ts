import { HeadraceError } from '../errors.ts';
import { BATCH_OVERHEAD } from '../kafka/records/batch-header.ts';
import { partitionForKey } from '../kafka/records/murmur2.ts';
import { RECORD_OVERHEAD } from '../kafka/records/record-batch.ts';
import type { RecordSchema, Rejection, SourceFile, SourceRecord } from '../plugin/index.ts';
import type { CellPlan, RowBatch } from '../rows/index.ts';
import { CellEncoder } from './cell-encoder.ts';
import { type NamedConverter, prepare, RecordRefused, refused, serialize } from './named-converter.ts';
import type { PartitionBuffers } from './partition-buffers.ts';
import type { RecordTimes } from './record-times.ts';
import { RowHeaders } from './row-headers.ts';
import { internalTopicRejection, type TopicDirectory, type TopicInfo } from './topic-directory.ts';

interface Encoded {
  readonly topic: TopicInfo;
  readonly partition: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | string | null;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly record: SourceRecord;
  readonly size: number;
}

/** Turns the records of live rows into Kafka records in their partitions' batches. */
export class BatchEncoder {
  readonly #key: NamedConverter;
  readonly #value: NamedConverter;
  readonly #topics: TopicDirectory;
  readonly #buffers: PartitionBuffers;
  readonly #times: RecordTimes;
  readonly #headers = new RowHeaders();
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
  ) {
    this.#key = key;
    this.#value = value;
    this.#topics = topics;
    this.#buffers = buffers;
    this.#times = times;
  }

  /** True when a record can be encoded without waiting: its topic is known and its schema prepared. */
  isPrepared({ topic, valueSchema }: SourceRecord): boolean {
    return topic !== null && this.#prepared.get(topic) === valueSchema;
  }

  async prepare(records: readonly SourceRecord[]): Promise<void> {
    for (const { topic, valueSchema } of records) {
      if (topic === null) throw noTopic();
      if (this.#topics.internal(topic) !== undefined) {
        this.#prepared.set(topic, valueSchema);
        continue;
      }
      if (this.#topics.known(topic) === undefined) await this.#topics.resolve(topic);
      if (this.#prepared.get(topic) === valueSchema) continue;
      await prepare(this.#key, topic, null);
      await prepare(this.#value, topic, valueSchema);
      this.#prepared.set(topic, valueSchema);
    }
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
  encodeOne(file: SourceFile, record: SourceRecord, now: number): Rejection | null {
    try {
      this.#write(file, this.#convert(file, record, now));
      return null;
    } catch (error) {
      return rejectionIn(error);
    }
  }

  /** Adds a row's records to their batches, all or none; gives the reason when one cannot be encoded. */
  encode(file: SourceFile, records: readonly SourceRecord[], now: number): Rejection | null {
    try {
      const encoded = records.map((record) => this.#convert(file, record, now));
      for (const one of encoded) this.#write(file, one);
      return null;
    } catch (error) {
      return rejectionIn(error);
    }
  }

  #write(file: SourceFile, { topic, partition, key, value, timestamp, record, size }: Encoded): void {
    const target = this.#buffers.batchFor(topic, partition, size);
    target.begin(timestamp);
    target.key(key);
    target.value(value);
    this.#headers.write(target, file, record.origin.offset, record.origin.row, record.headers);
    target.end();
  }

  #convert(file: SourceFile, record: SourceRecord, now: number): Encoded {
    const topic = this.#topics.known(record.topic as string);
    if (topic === undefined) throw this.#internalTopic(record.topic as string);
    const keyText = serialize(this.#key, 'KEY_CONVERTER', topic.name, record);
    const key = typeof keyText === 'string' ? Buffer.from(keyText) : keyText;
    const value = serialize(this.#value, 'VALUE_CONVERTER', topic.name, record);
    const fixed = RECORD_OVERHEAD + (key?.length ?? 0) + this.#headers.maxBytes(file, record.headers);
    const size = fixed + lengthOf(value);
    if (size + BATCH_OVERHEAD > topic.maxMessageBytes) {
      throw refused(
        topic.name,
        'RecordTooLarge',
        `expected a record of at most ${topic.maxMessageBytes} bytes (max.message.bytes of ${topic.name}), got about ${size}`,
      );
    }
    if (key === null && topic.rules.wantsKey) throw noKey(topic);
    const partition = this.#partition(file, topic, record, key);
    return { topic, partition, key, value, timestamp: this.#timestamp(topic, record, now), record, size };
  }

  #timestamp(topic: TopicInfo, { timestamp }: SourceRecord, now: number): number {
    if (timestamp === null) return now;
    if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
      const message = `expected whole milliseconds since 1970, or null, got ${timestamp}`;
      throw refused(topic.name, 'InvalidTimestamp', message);
    }
    const judged = this.#times.judge(topic, timestamp, now);
    if (typeof judged === 'string') throw refused(topic.name, 'InvalidTimestamp', judged);
    return judged;
  }

  /** A topic that is prepared and yet not known. */
  #internalTopic(topic: string): RecordRefused {
    return new RecordRefused(internalTopicRejection(topic, this.#topics.internal(topic) ?? 'not known'));
  }

  /** Without a key the file's path decides, so that the rows of a file stay in order. */
  #partition(file: SourceFile, topic: TopicInfo, record: SourceRecord, key: Uint8Array | null): number {
    const { partition } = record;
    if (partition === null) return partitionForKey(key ?? Buffer.from(file.path), topic.partitions);
    if (Number.isInteger(partition) && partition >= 0 && partition < topic.partitions) return partition;
    throw refused(
      topic.name,
      'InvalidPartition',
      `expected a partition from 0 to ${topic.partitions - 1} of ${topic.name}, got ${partition}`,
    );
  }
}

function rejectionIn(error: unknown): Rejection {
  if (error instanceof RecordRefused) return error.rejection;
  throw error;
}

function noKey({ name }: TopicInfo): RecordRefused {
  return refused(
    name,
    'MissingKey',
    `expected a record with a key, as ${name} has cleanup.policy=compact, got none`,
  );
}

function lengthOf(value: Uint8Array | string | null): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : (value?.length ?? 0);
}

function noTopic(): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    'a record reached Kafka without a topic; add a transformation of type route to `transforms` and set its topic',
  );
}

import { HeadraceError } from '../errors.ts';
import { BATCH_OVERHEAD } from '../kafka/records/batch-header.ts';
import { partitionForKey } from '../kafka/records/partitioner.ts';
import { RECORD_OVERHEAD } from '../kafka/records/record-batch.ts';
import type { RecordRules } from '../kafka/records/record-rules.ts';
import type { SourceFile, SourceRecord } from '../plugin/index.ts';
import { placeText } from '../plugin-calls/plugin-use.ts';
import { internalTopicProblem, topicNameProblem } from '../values/topic-name.ts';
import { type NamedConverter, serialize } from './named-converter.ts';
import type { RecordTimes } from './record-times.ts';
import type { RowHeaders } from './row-headers.ts';
import { refused, type UnsendableRecord } from './unsendable-record.ts';

/** What decides whether a topic takes a record, and into which of its partitions. */
export interface KnownTopic {
  readonly name: string;
  /** null where it is not known how many there are. */
  readonly partitions: number | null;
  /** The topic's `max.message.bytes`: the largest record batch it takes, in bytes. */
  readonly maxMessageBytes: number;
  /** Which records it takes, and how long it keeps them. */
  readonly rules: RecordRules;
}

/** The topics that records may go to. */
export interface KnownTopics<T extends KnownTopic> {
  /** undefined of one that no row may go to, or that is not looked up yet. */
  known(topic: string): T | undefined;
  /** Whose a topic is that no row may go to. */
  internal(topic: string): string | undefined;
}

/** What is sent of a record, beside its headers. */
export interface EncodedRecord<T extends KnownTopic> {
  readonly topic: T;
  /** null where it depends on how many the topic has, and that is not known. */
  readonly partition: T['partitions'];
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | string | null;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly record: SourceRecord;
  /** The most bytes that it takes in a batch. */
  readonly size: number;
}

/**
 * Decides whether a record can be sent, and what is sent of it then. The sink puts that into batches; dry runs show it,
 * so that they pass no record that the sink would reject.
 */
export class RecordEncoder<T extends KnownTopic> {
  readonly #key: NamedConverter;
  readonly #value: NamedConverter;
  readonly #topics: KnownTopics<T>;
  readonly #times: RecordTimes;
  readonly #headers: RowHeaders;

  constructor(
    key: NamedConverter,
    value: NamedConverter,
    topics: KnownTopics<T>,
    times: RecordTimes,
    headers: RowHeaders,
  ) {
    this.#key = key;
    this.#value = value;
    this.#topics = topics;
    this.#times = times;
    this.#headers = headers;
  }

  /**
   * @param now the time of writing, in milliseconds since 1970
   * @throws UnsendableRecord when it cannot be sent
   * @throws HeadraceError CONFIG_INVALID when it has no topic
   */
  encode(file: SourceFile, record: SourceRecord, now: number): EncodedRecord<T> {
    const topic = this.#topicOf(record);
    const keyText = serialize(this.#key, 'KEY_CONVERTER', topic.name, record);
    const key = typeof keyText === 'string' ? Buffer.from(keyText) : keyText;
    const value = serialize(this.#value, 'VALUE_CONVERTER', topic.name, record);
    const fixed = RECORD_OVERHEAD + (key?.length ?? 0) + this.#headers.maxBytes(file, record.headers);
    const size = fixed + lengthOf(value);
    if (size + BATCH_OVERHEAD > topic.maxMessageBytes) throw tooLarge(topic, size);
    if (key === null && topic.rules.wantsKey) throw noKey(topic);
    const partition = partitionOf(file, topic, record, key);
    const timestamp = this.#timestamp(topic, record, now);
    return { topic, partition, key, value, timestamp, record, size };
  }

  #topicOf(record: SourceRecord): T {
    const { topic } = record;
    if (topic === null) throw noTopic(record);
    const known = this.#topics.known(topic);
    if (known !== undefined) return known;
    throw topicRefusal(topic, this.#topics) ?? new Error(`topic ${topic} is not looked up`);
  }

  #timestamp(topic: T, { timestamp }: SourceRecord, now: number): number {
    if (timestamp === null) return now;
    const judged = this.#times.judge(topic, timestamp, now);
    if (typeof judged === 'function') throw refused(topic.name, 'InvalidTimestamp', judged);
    return judged;
  }
}

/** Why no row may go to a topic, whatever it is like; null when rows may. */
export function topicRefusal(topic: string, topics: KnownTopics<KnownTopic>): UnsendableRecord | null {
  if (topicNameProblem(topic) !== null)
    return refused(topic, 'InvalidTopic', (show) => topicNameProblem(topic, show) ?? '');
  const whose = topics.internal(topic);
  return whose === undefined
    ? null
    : refused(topic, 'InternalTopic', (show) => internalTopicProblem(topic, whose, show));
}

/** No row is to blame: it ends the task. */
export function noTopic({ origin }: SourceRecord): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    `${placeText(origin)} has no topic; add a transformation of type route to \`transforms\` and set its topic`,
  );
}

/** Without a key the file's path decides, so that the rows of a file stay in order. */
function partitionOf<T extends KnownTopic>(
  file: SourceFile,
  { name, partitions }: T,
  { partition }: SourceRecord,
  key: Uint8Array | null,
): T['partitions'] {
  if (partition === null)
    return partitions === null ? null : partitionForKey(key ?? Buffer.from(file.path), partitions);
  if (!Number.isInteger(partition) || partition < 0) {
    const expected = `a whole number of at least 0 as the partition of ${name}`;
    throw refused(name, 'InvalidPartition', (show) => `expected ${expected}, got ${show(partition)}`);
  }
  if (partitions === null || partition < partitions) return partition;
  const expected = `a partition from 0 to ${partitions - 1} of ${name}`;
  throw refused(name, 'InvalidPartition', (show) => `expected ${expected}, got ${show(partition)}`);
}

function tooLarge({ name, maxMessageBytes }: KnownTopic, size: number): UnsendableRecord {
  const message = `expected a record of at most ${maxMessageBytes} bytes (max.message.bytes of ${name}), got about ${size}`;
  return refused(name, 'RecordTooLarge', () => message);
}

function noKey({ name }: KnownTopic): UnsendableRecord {
  const message = `expected a record with a key, as ${name} has cleanup.policy=compact, got none`;
  return refused(name, 'MissingKey', () => message);
}

function lengthOf(value: Uint8Array | string | null): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : (value?.length ?? 0);
}

import { HeadraceError } from '../errors.ts';
import { partitionForKey } from '../kafka/records/murmur2.ts';
import { type RecordHeader, RowError, type SourceFile, type SourceRecord } from '../plugin/index.ts';
import { PluginFault } from '../plugin-calls/plugin-use.ts';
import { type NamedConverter, RecordRefused, refused, serialize } from '../sink/named-converter.ts';
import { internalTopicRejection } from '../sink/topic-directory.ts';
import { type RecordSnapshot, snapshotOf } from './record-snapshot.ts';

/** A key or value as bytes. */
export interface EncodedSide {
  readonly converter: string;
  /** null for null, and where the bytes are not known. */
  readonly bytes: Buffer | null;
  /** False when the converter first needs its schema registry, which a dry run does not ask. */
  readonly known: boolean;
}

/** A record as the sink would send it. */
export interface EncodedRecord {
  readonly snapshot: RecordSnapshot;
  readonly topic: string;
  readonly key: EncodedSide;
  readonly value: EncodedSide;
  /** null when it depends on how many partitions the topic has. */
  readonly partition: number | null;
  readonly partitionBy: 'key' | 'file' | 'record';
  /** All of them, those that every record gets first. */
  readonly headers: readonly RecordHeader[];
}

/** Makes of records what the sink would, as far as that can be told without Kafka and a schema registry. */
export class RecordEncoder {
  readonly #key: NamedConverter;
  readonly #value: NamedConverter;
  readonly #partitionsOf: (topic: string) => number | null;
  readonly #internal: ReadonlyMap<string, string>;

  /**
   * @param partitionsOf a topic's partitions as the feed would create it; null where it does not say
   * @param internal topics that no row may go to, with whose they are
   */
  constructor(
    key: NamedConverter,
    value: NamedConverter,
    partitionsOf: (topic: string) => number | null,
    internal: ReadonlyMap<string, string>,
  ) {
    this.#internal = internal;
    this.#key = key;
    this.#value = value;
    this.#partitionsOf = partitionsOf;
  }

  /**
   * @throws RecordRefused when a converter does not take the record
   * @throws HeadraceError CONFIG_INVALID when it has no topic
   */
  encode(file: SourceFile, record: SourceRecord): EncodedRecord {
    const { topic, key, value } = this.sides(record);
    return {
      snapshot: snapshotOf(record),
      topic,
      key,
      value,
      ...this.#partitionOf(file, record, topic, key),
      headers: [...commonHeaders(file, record), ...record.headers],
    };
  }

  /** What is sent of a record, and where to; throws as `encode` does. */
  sides(record: SourceRecord): Pick<EncodedRecord, 'topic' | 'key' | 'value'> {
    const { topic } = record;
    if (topic === null) throw noTopic(record);
    const whose = this.#internal.get(topic);
    if (whose !== undefined) throw new RecordRefused(internalTopicRejection(topic, whose));
    const key = encodeSide(this.#key, 'KEY_CONVERTER', topic, record);
    const value = encodeSide(this.#value, 'VALUE_CONVERTER', topic, record);
    return { topic, key, value };
  }

  #partitionOf(
    file: SourceFile,
    record: SourceRecord,
    topic: string,
    key: EncodedSide,
  ): Pick<EncodedRecord, 'partition' | 'partitionBy'> {
    if (record.partition !== null) return { partition: record.partition, partitionBy: 'record' };
    const partitions = partitionsOrRefused(() => this.#partitionsOf(topic), topic);
    const hasKey = record.key !== null && record.key !== undefined;
    const partitionBy = hasKey ? 'key' : 'file';
    if (partitions === null || !key.known) return { partition: null, partitionBy };
    const bytes = key.bytes ?? Buffer.from(file.path);
    return { partition: partitionForKey(bytes, partitions), partitionBy };
  }
}

function encodeSide(
  named: NamedConverter,
  stage: 'KEY_CONVERTER' | 'VALUE_CONVERTER',
  topic: string,
  record: SourceRecord,
): EncodedSide {
  const { name } = named.plugin;
  try {
    const bytes = serialize(named, stage, topic, record);
    return { converter: name, bytes: bytes === null ? null : Buffer.from(bytes as string), known: true };
  } catch (error) {
    if (error instanceof PluginFault) throw error;
    // `prepare` would register schemas: a look must not. Without it a converter can only find fault with the row.
    const cause = error instanceof RecordRefused ? error.cause : error;
    if (named.converter.prepare === undefined || cause instanceof RowError) throw error;
    return { converter: name, bytes: null, known: false };
  }
}

function commonHeaders(file: SourceFile, { origin }: SourceRecord): RecordHeader[] {
  return [
    { name: 'file.path', value: file.path },
    { name: 'file.name', value: file.name },
    { name: 'file.offset', value: String(origin.offset) },
    { name: 'file.row', value: String(origin.row) },
  ];
}

function noTopic({ origin }: SourceRecord): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    `row ${origin.row} has no topic, which would fail the feed; add a transformation of type route to \`transforms\` ` +
      'and set its topic',
  );
}

function partitionsOrRefused(partitionsOf: () => number | null, topic: string): number | null {
  try {
    return partitionsOf();
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    throw refused(topic, error.errorName, error.message);
  }
}

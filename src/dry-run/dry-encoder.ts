import type { SourceFile, SourceRecord } from '../plugin/index.ts';
import type { NamedConverter } from '../sink/named-converter.ts';
import { type EncodedRecord, type KnownTopic, RecordEncoder } from '../sink/record-encoder.ts';
import { RecordTimes } from '../sink/record-times.ts';
import { type HeadersSource, RowHeaders } from '../sink/row-headers.ts';
import type { AssumedTopics } from './assumed-topics.ts';
import { snapshotOf } from './record-snapshot.ts';
import type { ShownRecord, ShownSide } from './shown-record.ts';
import { type UnpreparedNamed, unprepared } from './unprepared-converter.ts';

/** The sink's encoder, as far as it goes without Kafka and a schema registry. */
export class DryEncoder {
  readonly #key: UnpreparedNamed;
  readonly #value: UnpreparedNamed;
  readonly #headers: RowHeaders;
  readonly #records: RecordEncoder<KnownTopic>;

  constructor(
    key: NamedConverter,
    value: NamedConverter,
    topics: AssumedTopics,
    expired: RecordTimes['choice'],
    headers: HeadersSource,
  ) {
    this.#key = unprepared(key);
    this.#value = unprepared(value);
    const times = new RecordTimes(expired, () => {});
    this.#headers = new RowHeaders(headers);
    this.#records = new RecordEncoder(this.#key, this.#value, topics, times, this.#headers);
  }

  /** Throws as `RecordEncoder.encode` does, in the same cases. */
  encode(file: SourceFile, record: SourceRecord): EncodedRecord<KnownTopic> {
    return this.#records.encode(file, record, Date.now());
  }

  /** The same, to be looked at. */
  show(file: SourceFile, record: SourceRecord): ShownRecord {
    const { topic, partition, key, value } = this.encode(file, record);
    const isSet = record.partition !== null;
    return {
      snapshot: snapshotOf(record),
      topic: topic.name,
      key: sideOf(this.#key, key),
      value: sideOf(this.#value, value),
      partition: isSet || this.#key.converter.isKnown ? partition : null,
      partitionBy: isSet ? 'record' : key === null ? 'file' : 'key',
      headers: this.#headers.of(file, record),
    };
  }
}

function sideOf({ plugin, converter }: UnpreparedNamed, bytes: Uint8Array | string | null): ShownSide {
  const known = converter.isKnown;
  return {
    converter: plugin.name,
    bytes: bytes === null || !known ? null : Buffer.from(bytes as string),
    known,
  };
}

import { type Api, byTopic, type TopicPartition } from './api.ts';
import { WireReader, WireWriter } from './wire.ts';

const NAME = { name: 'Produce', key: 0 };

const ALL_IN_SYNC_REPLICAS = -1;

export interface ProduceRequest {
  readonly transactionalId: string | null;
  /** How long the broker may wait for the in-sync replicas, in milliseconds. */
  readonly timeoutMs: number;
  /** One sealed record batch for each partition, no partition twice. */
  readonly batches: readonly (TopicPartition & { readonly bytes: Uint8Array })[];
}

/** What the broker says of one batch. */
export interface ProducedBatch extends TopicPartition {
  readonly errorCode: number;
  readonly baseOffset: bigint;
  /** The records for which it was refused, by their place in the batch (KIP-467); none before v8. */
  readonly recordErrors: readonly { readonly index: number; readonly message: string | null }[];
  /** Of the batch as a whole; null before v8. */
  readonly message: string | null;
}

export interface ProduceResponse {
  readonly partitions: readonly ProducedBatch[];
  /** How long the broker asks this client to be silent, in milliseconds (KIP-219). */
  readonly throttleMs: number;
}

/**
 * Acknowledged by all in-sync replicas. The batches' bytes go into the request's parts as they are, uncopied.
 *
 * ```
 * Produce Request (Version: 7, 8) => transactional_id acks timeout_ms [topic_data]
 *   transactional_id => NULLABLE_STRING
 *   acks => INT16
 *   timeout_ms => INT32
 *   topic_data => name [partition_data]
 *     name => STRING
 *     partition_data => index records
 *       index => INT32
 *       records => RECORDS
 *
 * Produce Response (Version: 7) => [responses] throttle_time_ms
 *   responses => name [partition_responses]
 *     name => STRING
 *     partition_responses => index error_code base_offset log_append_time_ms log_start_offset
 *       index => INT32
 *       error_code => INT16
 *       base_offset => INT64
 *       log_append_time_ms => INT64
 *       log_start_offset => INT64
 *   throttle_time_ms => INT32
 *
 * Produce Response (Version: 8): the same with
 *     partition_responses => (as before) [record_errors] error_message
 *       record_errors => batch_index batch_index_error_message
 *         batch_index => INT32
 *         batch_index_error_message => NULLABLE_STRING
 *       error_message => NULLABLE_STRING
 * ```
 */
export const PRODUCE = produceOf(7);
/** The same of Apache Kafka 2.4 and later, whose answer names the records that are refused. */
export const PRODUCE_NAMING_RECORDS = produceOf(8);

/**
 * The same, and the broker makes the partitions part of the transaction by itself (KIP-890). While the transaction before
 * is being ended it answers CONCURRENT_TRANSACTIONS, and has done nothing then.
 *
 * ```
 * Produce Request (Version: 12) => transactional_id acks timeout_ms [topic_data] TAG_BUFFER
 *   (arrays, strings and records are compact, each structure ends with a TAG_BUFFER; else as in version 8)
 *   transactional_id => COMPACT_NULLABLE_STRING
 *   records => COMPACT_RECORDS
 *
 * Produce Response (Version: 12) => [responses] throttle_time_ms TAG_BUFFER
 *   (likewise)
 * ```
 */
export const PRODUCE_JOINING: Api<ProduceRequest, ProduceResponse> = {
  ...NAME,
  version: 12,
  encode: encodeFlexible,
  decode: (payload) => decodeFlexible(new WireReader(payload)),
  throttleMs: (_, answer) => answer.throttleMs,
};

function produceOf(version: 7 | 8): Api<ProduceRequest, ProduceResponse> {
  return {
    ...NAME,
    version,
    encode,
    decode: (payload) => decode(payload, version === 8),
    throttleMs: (_, answer) => answer.throttleMs,
  };
}

function encode(request: ProduceRequest): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const writer = new WireWriter(64 + 64 * request.batches.length);
  writer.string(request.transactionalId).int16(ALL_IN_SYNC_REPLICAS).int32(request.timeoutMs);
  writer.array(byTopic(request.batches), (w, [topic, batches]) => {
    w.string(topic).array(batches, (b, { partition, bytes }) => {
      b.int32(partition).int32(bytes.length);
      parts.push(b.take(), bytes);
    });
  });
  return parts;
}

function encodeFlexible(request: ProduceRequest): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const writer = new WireWriter(64 + 64 * request.batches.length);
  writer.noTags(); // of the header
  writer.compactString(request.transactionalId).int16(ALL_IN_SYNC_REPLICAS).int32(request.timeoutMs);
  writer.compactArray(byTopic(request.batches), (w, [topic, batches]) => {
    w.compactString(topic).compactArray(batches, (b, { partition, bytes }) => {
      b.int32(partition).unsignedVarint(bytes.length + 1);
      parts.push(b.take(), bytes);
      b.noTags();
    });
    w.noTags();
  });
  parts.push(writer.noTags().take());
  return parts;
}

function decode(payload: Buffer, namesRecords: boolean): ProduceResponse {
  const reader = new WireReader(payload);
  const partitions = reader
    .array((r) => {
      const topic = r.string();
      return r.array((p) => {
        const batch = decodeBatch(p, topic);
        if (!namesRecords) return { ...batch, recordErrors: [], message: null };
        const recordErrors = p.array((e) => ({ index: e.int32(), message: e.nullableString() }));
        return { ...batch, recordErrors, message: p.nullableString() };
      });
    })
    .flat();
  return { partitions, throttleMs: reader.int32() };
}

function decodeFlexible(reader: WireReader): ProduceResponse {
  reader.tags(); // of the header
  const partitions = reader
    .compactArray((r) => {
      const topic = r.compactString();
      const batches = r.compactArray((p) => {
        const batch = decodeBatch(p, topic);
        const recordErrors = p.compactArray((e) => {
          const error = { index: e.int32(), message: e.compactNullableString() };
          e.tags();
          return error;
        });
        const message = p.compactNullableString();
        p.tags();
        return { ...batch, recordErrors, message };
      });
      r.tags();
      return batches;
    })
    .flat();
  return { partitions, throttleMs: reader.int32() };
}

function decodeBatch(
  reader: WireReader,
  topic: string,
): Pick<ProducedBatch, 'topic' | 'partition' | 'errorCode' | 'baseOffset'> {
  const one = {
    topic,
    partition: reader.int32(),
    errorCode: reader.int16(),
    baseOffset: reader.int64(),
  };
  reader.int64(); // log_append_time
  reader.int64(); // log_start_offset
  return one;
}

import { type Api, byTopic, type TopicPartition } from './api.ts';
import { WireReader, WireWriter } from './wire.ts';

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

/** Produce v7, acks of all in-sync replicas. The batches' bytes go into the request's parts as they are, uncopied. */
export const PRODUCE = produceOf(7);
/** Produce v8 (Apache Kafka 2.4): the same request, an answer that names the records that are refused. */
export const PRODUCE_NAMING_RECORDS = produceOf(8);

function produceOf(version: 7 | 8): Api<ProduceRequest, ProduceResponse> {
  return {
    name: 'Produce',
    key: 0,
    version,
    throttleAt: -4,
    encode,
    decode: (payload) => decode(payload, version === 8),
  };
}

function encode(request: ProduceRequest): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const topics = byTopic(request.batches);
  const writer = new WireWriter(64 + 64 * request.batches.length);
  writer.string(request.transactionalId).int16(ALL_IN_SYNC_REPLICAS).int32(request.timeoutMs);
  writer.array(topics, (w, [topic, batches]) => {
    w.string(topic).array(batches, (b, { partition, bytes }) => {
      b.int32(partition).int32(bytes.length);
      parts.push(b.take(), bytes);
    });
  });
  return parts;
}

function decode(payload: Buffer, namesRecords: boolean): ProduceResponse {
  const reader = new WireReader(payload);
  const partitions = reader
    .array((r) => {
      const topic = r.string();
      return r.array((p) => decodeBatch(p, topic, namesRecords));
    })
    .flat();
  return { partitions, throttleMs: reader.int32() };
}

function decodeBatch(reader: WireReader, topic: string, namesRecords: boolean): ProducedBatch {
  const one = {
    topic,
    partition: reader.int32(),
    errorCode: reader.int16(),
    baseOffset: reader.int64(),
  };
  reader.int64(); // log_append_time
  reader.int64(); // log_start_offset
  if (!namesRecords) return { ...one, recordErrors: [], message: null };
  const recordErrors = reader.array((r) => ({ index: r.int32(), message: r.nullableString() }));
  return { ...one, recordErrors, message: reader.nullableString() };
}

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

export interface ProduceResponse {
  readonly partitions: readonly (TopicPartition & {
    readonly errorCode: number;
    readonly baseOffset: bigint;
  })[];
  /** How long the broker asks this client to be silent, in milliseconds (KIP-219). */
  readonly throttleMs: number;
}

/** Produce v7, acks of all in-sync replicas. The batches' bytes go into the request's parts as they are, uncopied. */
export const PRODUCE: Api<ProduceRequest, ProduceResponse> = {
  name: 'Produce',
  key: 0,
  version: 7,
  encode: (request) => {
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
  },
  decode: (payload) => {
    const reader = new WireReader(payload);
    const partitions = reader
      .array((r) => {
        const topic = r.string();
        return r.array((p) => {
          const one = { topic, partition: p.int32(), errorCode: p.int16(), baseOffset: p.int64() };
          p.int64(); // log_append_time
          p.int64(); // log_start_offset
          return one;
        });
      })
      .flat();
    return { partitions, throttleMs: reader.int32() };
  },
};

import { WireReader, WireWriter } from './wire.ts';

/**
 * One call of Kafka's protocol: its key, the one version of it that Headrace speaks, and how its messages are
 * written and read. The versions are the last before "flexible versions" or earlier, which Apache Kafka 2.1 and
 * all later releases so far (4.3) serve. Formats: https://kafka.apache.org/protocol.
 */
export interface Api<Request, Response> {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  /** The byte of the answer's body at which `throttle_time_ms` stands, from its end when negative. */
  readonly throttleAt: number;
  /** The request's body in parts that are sent one behind the other without being joined. */
  readonly encode: (request: Request) => readonly Uint8Array[];
  readonly decode: (payload: Buffer) => Response;
}

/** Declares a call from functions over one writer and one reader. */
export function defineApi<Request, Response>(api: {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  /** 0 unless something else is said. */
  readonly throttleAt?: number;
  readonly write: (writer: WireWriter, request: Request) => void;
  readonly read: (reader: WireReader) => Response;
}): Api<Request, Response> {
  return {
    name: api.name,
    key: api.key,
    version: api.version,
    throttleAt: api.throttleAt ?? 0,
    encode: (request) => {
      const writer = new WireWriter();
      api.write(writer, request);
      return [writer.take()];
    },
    decode: (payload) => api.read(new WireReader(payload)),
  };
}

/** How long the broker asks this client to be silent, in milliseconds (KIP-219). */
export function throttleMsOf(
  { throttleAt }: Pick<Api<never, unknown>, 'throttleAt'>,
  answer: Buffer,
): number {
  return answer.readInt32BE(throttleAt < 0 ? answer.length + throttleAt : throttleAt);
}

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Groups what belongs to partitions by topic, in the order of first appearance: the shape of most requests. */
export function byTopic<T extends TopicPartition>(items: readonly T[]): [topic: string, items: T[]][] {
  return [...Map.groupBy(items, (item) => item.topic)];
}

import { WireReader, WireWriter } from './wire.ts';

/**
 * One call of Kafka's protocol: its key, a version of it, and how its messages are written and read. What every broker
 * must serve is in the last version before "flexible versions" or earlier, which Apache Kafka 2.1 and all later releases
 * so far (4.3) do. Formats: https://kafka.apache.org/protocol.
 */
export interface Api<Request, Response> {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  /** The request's body in parts that are sent one behind the other without being joined. */
  readonly encode: (request: Request) => readonly Uint8Array[];
  readonly decode: (payload: Buffer) => Response;
  /** How long the broker asks this client to be silent, in milliseconds (KIP-219). */
  readonly throttleMs: (payload: Buffer, response: Response) => number;
}

/** Declares a call from functions over one writer and one reader. */
export function defineApi<Request, Response>(api: {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  /** The byte of the answer's body at which `throttle_time_ms` stands; 0 unless something else is said. */
  readonly throttleAt?: number;
  readonly write: (writer: WireWriter, request: Request) => void;
  readonly read: (reader: WireReader) => Response;
}): Api<Request, Response> {
  return {
    name: api.name,
    key: api.key,
    version: api.version,
    encode: (request) => {
      const writer = new WireWriter();
      api.write(writer, request);
      return [writer.take()];
    },
    decode: (payload) => api.read(new WireReader(payload)),
    throttleMs: (payload) => payload.readInt32BE(api.throttleAt ?? 0),
  };
}

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A name of a partition for the keys of maps: no topic has a blank in its name. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${partition} ${topic}`;
}

/** Groups what belongs to partitions by topic, in the order of first appearance: the shape of most requests. */
export function byTopic<T extends TopicPartition>(items: readonly T[]): [topic: string, items: T[]][] {
  return [...Map.groupBy(items, (item) => item.topic)];
}

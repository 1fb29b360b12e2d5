import type { KafkaSocket } from './kafka-socket.ts';

export interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** `host:port` of its leader; null while it has none. */
  readonly leader: string | null;
  readonly leaderId: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

const METADATA = 3;
const VERSION = 5;

/** The partitions of topics as one broker knows them (https://kafka.apache.org/protocol#The_Messages_Metadata). */
export async function partitionsOf(
  socket: KafkaSocket,
  topics: readonly string[],
): Promise<PartitionState[]> {
  const count = Buffer.alloc(4);
  count.writeInt32BE(topics.length);
  const names = topics.flatMap((topic) => {
    const length = Buffer.alloc(2);
    length.writeInt16BE(Buffer.byteLength(topic));
    return [length, Buffer.from(topic)];
  });
  const answer = await socket.request(METADATA, VERSION, Buffer.concat([count, ...names, Buffer.of(0)]));
  return readAnswer(new Reader(answer));
}

function readAnswer(reader: Reader): PartitionState[] {
  reader.int32();
  const addresses = new Map(
    reader.list(() => {
      const id = reader.int32();
      const address = `${reader.string()}:${reader.int32()}`;
      reader.string();
      return [id, address] as const;
    }),
  );
  reader.string();
  reader.int32();
  const topics = reader.list(() => {
    reader.skip(2);
    const topic = reader.string();
    reader.skip(1);
    return reader.list(() => readPartition(reader, topic, addresses));
  });
  return topics.flat();
}

function readPartition(
  reader: Reader,
  topic: string,
  addresses: ReadonlyMap<number, string>,
): PartitionState {
  reader.skip(2);
  const partition = reader.int32();
  const leaderId = reader.int32();
  const [replicas, inSync] = [reader.list(() => reader.int32()), reader.list(() => reader.int32())];
  reader.list(() => reader.int32());
  return { topic, partition, leader: addresses.get(leaderId) ?? null, leaderId, replicas, inSync };
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  /** Empty where it is null. */
  string(): string {
    const length = Math.max(0, this.#bytes.readInt16BE(this.#at));
    this.#at += 2 + length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.int32() }, read);
  }
}

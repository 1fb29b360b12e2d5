import type { KafkaSocket } from './kafka-socket.ts';

/** What readers may see: Kafka's isolation levels. */
export const ISOLATION = { read_uncommitted: 0, read_committed: 1 } as const;

export type Isolation = keyof typeof ISOLATION;

export interface FetchFrom {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface FetchedPiece {
  readonly topic: string;
  readonly partition: number;
  readonly highWatermark: bigint;
  /** Below it every transaction is decided. */
  readonly lastStableOffset: bigint;
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[];
  readonly bytes: Buffer;
}

/** A partition without a leader for the moment, or with another: the topic is new, or a broker went or came. */
const PASSING_ERRORS = new Set([3, 5, 6, 9, 74, 75, 78]);

const FETCH = 1;
/** The oldest that brokers of today answer; what came later is of no use here. */
const VERSION = 4;
const MAX_WAIT_MS = 100;
const MAX_BYTES = 32 << 20;
const MAX_PARTITION_BYTES = 4 << 20;

/**
 * One Fetch request (https://kafka.apache.org/protocol#The_Messages_Fetch). What cannot be read at the moment is left
 * out of the answer.
 */
export async function fetchOnce(
  socket: KafkaSocket,
  from: readonly FetchFrom[],
  isolation: Isolation,
): Promise<FetchedPiece[]> {
  return readAnswer(await socket.request(FETCH, VERSION, requestBody(from, isolation)));
}

function requestBody(from: readonly FetchFrom[], isolation: Isolation): Buffer {
  const head = Buffer.alloc(21);
  head.writeInt32BE(-1, 0);
  head.writeInt32BE(MAX_WAIT_MS, 4);
  head.writeInt32BE(1, 8);
  head.writeInt32BE(MAX_BYTES, 12);
  head.writeInt8(ISOLATION[isolation], 16);
  head.writeInt32BE(from.length, 17);
  const parts = from.map(({ topic, partition, offset }) => {
    const name = Buffer.from(topic);
    const part = Buffer.alloc(2 + name.length + 20);
    part.writeInt16BE(name.length, 0);
    name.copy(part, 2);
    let at = part.writeInt32BE(1, 2 + name.length);
    at = part.writeInt32BE(partition, at);
    at = part.writeBigInt64BE(offset, at);
    part.writeInt32BE(MAX_PARTITION_BYTES, at);
    return part;
  });
  return Buffer.concat([head, ...parts]);
}

function readAnswer(answer: Buffer): FetchedPiece[] {
  let at = 4;
  const int32 = () => {
    at += 4;
    return answer.readInt32BE(at - 4);
  };
  const int64 = () => {
    at += 8;
    return answer.readBigInt64BE(at - 8);
  };
  const pieces: FetchedPiece[] = [];
  for (let topics = int32(); topics > 0; topics--) {
    const length = answer.readInt16BE(at);
    const topic = answer.toString('utf8', at + 2, at + 2 + length);
    at += 2 + length;
    for (let partitions = int32(); partitions > 0; partitions--) {
      const partition = int32();
      const errorCode = answer.readInt16BE(at);
      at += 2;
      if (errorCode !== 0 && !PASSING_ERRORS.has(errorCode))
        throw new Error(`reading ${topic}-${partition}: the broker answers error ${errorCode}`);
      const [highWatermark, lastStableOffset] = [int64(), int64()];
      const aborted = Array.from({ length: Math.max(0, int32()) }, () => ({
        producerId: int64(),
        firstOffset: int64(),
      }));
      const size = Math.max(0, int32());
      at += size;
      const bytes = answer.subarray(at - size, at);
      if (errorCode === 0) pieces.push({ topic, partition, highWatermark, lastStableOffset, aborted, bytes });
    }
  }
  return pieces;
}

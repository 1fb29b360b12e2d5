import { setTimeout as delay } from 'node:timers/promises';
import { type FetchedPiece, fetchOnce, type Isolation } from './fetch.ts';
import { Leaders } from './leaders.ts';
import { type RawBatch, type RawRecord, rawBatches } from './record-batches.ts';

export interface ReadRecord extends RawRecord {
  readonly topic: string;
  readonly partition: number;
}

/** How many partitions each topic has. */
export type TopicPartitions = Readonly<Record<string, number>>;

const PAUSE_MS = 100;
/** Without an answer from every partition for so long, a broker is gone for good; some faults keep them away for minutes. */
const PATIENCE_MS = 600_000;

interface Position {
  readonly topic: string;
  readonly partition: number;
  offset: bigint;
  undecided: bigint;
}

/**
 * Reads topics, and waits out what is wrong with a broker for a while. It shares no line with Headrace, and does not use
 * kafkajs's consumer either, which lets records of an aborted transaction through when transactions of two producers
 * overlap (kafkajs 2.2.4, `filterAbortedMessages.js`: one transaction a message, in the order in which they ended).
 */
export class LogReader {
  readonly #leaders: Leaders;
  readonly #isolation: Isolation;
  readonly #positions: Position[];
  #completeAt = performance.now();

  private constructor(leaders: Leaders, isolation: Isolation, positions: Position[]) {
    this.#leaders = leaders;
    this.#isolation = isolation;
    this.#positions = positions;
  }

  /** @param addresses of brokers, `host:port`, with commas between */
  static async open(addresses: string, topics: TopicPartitions, isolation: Isolation): Promise<LogReader> {
    const positions = Object.entries(topics).flatMap(([topic, partitions]) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0n, undecided: 0n })),
    );
    return new LogReader(new Leaders(addresses.split(','), Object.keys(topics)), isolation, positions);
  }

  /** Offsets at the ends that belong to transactions which are open, as of the last read. */
  get undecided(): number {
    return this.#positions.reduce((total, { undecided }) => total + Number(undecided), 0);
  }

  /** Reads what there is to read now; false when that is nothing. */
  async readSome(onRecord: (record: ReadRecord) => void): Promise<boolean> {
    const pieces = await this.#fetch();
    for (const piece of pieces) this.#take(piece, onRecord);
    // Those that got nothing stand first in the next request, so that an answer's limit starves no partition.
    this.#positions.sort((one, other) => Number(one.offset - other.offset));
    const isComplete = pieces.length >= this.#positions.length;
    if (isComplete) this.#completeAt = performance.now();
    else {
      if (performance.now() - this.#completeAt > PATIENCE_MS)
        throw new Error('some partitions have no leader');
      this.#leaders.forget();
      await delay(PAUSE_MS);
    }
    return !isComplete || pieces.some(({ bytes }) => bytes.length > 0);
  }

  /** Reads until nothing more is to be read. */
  async readAll(onRecord: (record: ReadRecord) => void): Promise<void> {
    while (await this.readSome(onRecord));
  }

  close(): void {
    this.#leaders.close();
  }

  /** One request to each leader; the partitions of a broker that does not answer are left out. */
  async #fetch(): Promise<FetchedPiece[]> {
    const leaders = await this.#leaders.find();
    const groups = Map.groupBy(this.#positions, ({ topic, partition }) =>
      leaders.get(`${topic} ${partition}`),
    );
    const answers = [...groups].map(async ([address, positions]) => {
      const socket = address === undefined ? null : await this.#leaders.socket(address);
      if (socket === null) return [];
      try {
        return await fetchOnce(socket, positions, this.#isolation);
      } catch (error) {
        if (socket.isClosed) return [];
        throw error;
      }
    });
    return (await Promise.all(answers)).flat();
  }

  #take(piece: FetchedPiece, onRecord: (record: ReadRecord) => void): void {
    const { topic, partition } = piece;
    const position = this.#positions.find((each) => each.topic === topic && each.partition === partition);
    if (position === undefined) return;
    position.undecided = piece.highWatermark - piece.lastStableOffset;
    const isVisible = visibility(piece.aborted);
    for (const batch of rawBatches(piece.bytes)) {
      if (isVisible(batch)) {
        for (const record of batch.records) {
          if (record.offset >= position.offset) onRecord({ ...record, topic, partition });
        }
      }
      position.offset = batch.lastOffset + 1n;
    }
  }
}

/** From the first offset of an aborted transaction up to its marker, its producer's batches are not there. */
function visibility(aborted: FetchedPiece['aborted']): (batch: RawBatch) => boolean {
  const coming = aborted.toSorted((one, other) => (one.firstOffset < other.firstOffset ? -1 : 1));
  const hidden = new Set<bigint>();
  return (batch) => {
    while (coming[0] !== undefined && coming[0].firstOffset <= batch.lastOffset) {
      hidden.add(coming[0].producerId);
      coming.shift();
    }
    if (batch.marker === 'abort') hidden.delete(batch.producerId);
    return batch.marker === null && !(batch.isTransactional && hidden.has(batch.producerId));
  };
}

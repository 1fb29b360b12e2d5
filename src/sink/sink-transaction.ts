import type { TransactionalProducer } from '../kafka/producer/transactional-producer.ts';
import { partitionForKey } from '../kafka/records/partitioner.ts';
import type { FileProgress, ReadProgress } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import type { DeadLetterFile } from './dead-letters.ts';
import { appendEnds, type FileEnds } from './file-ends.ts';
import type { FileEntry, FileLedger, Outcome } from './file-ledger.ts';
import type { OwnTimes } from './own-times.ts';
import type { PartitionBatch, PartitionBuffers } from './partition-buffers.ts';
import { type CommitSummary, Tally } from './tally.ts';
import type { TopicInfo } from './topic-directory.ts';
import { TransactionQueue } from './transaction-queue.ts';

/**
 * Where a transaction ends. `interval`: after a time or 128 MiB of records, whichever comes first; `poll`: with every
 * batch; `file`: with the file.
 */
export type TransactionBoundary = 'interval' | 'poll' | 'file';

/** Of an offset's record, with its headers. */
const OFFSET_OVERHEAD = 128;
const MAX_INTERVAL_BYTES = 128 * 1024 * 1024;

export interface SinkTransactionOptions {
  readonly producer: TransactionalProducer;
  readonly boundary: TransactionBoundary;
  readonly intervalMs: number;
  readonly deadLetterFile: DeadLetterFile | null;
  /** null where nobody is told of them. */
  readonly fileEnds: FileEnds | null;
  /** The internal topic of source offsets, and the bytes of an offset in it. */
  readonly offsetsTopic: TopicInfo;
  readonly offsetRecord: (entry: FileEntry, givenUp?: GivenUp) => OffsetRecord;
  /** Told of what is in that topic now, after each commit and before `onCommitted`. */
  readonly onOffsets: (records: readonly SentOffset[]) => void;
  /** Runs after each commit, in order. The next transaction does not wait for it; the end of the stream does. */
  readonly onCommitted: (summary: CommitSummary) => Promise<void>;
}

/** Why nothing more of a file is to come, and where it is put; null where it stays. */
export interface GivenUp {
  readonly reason: string;
  readonly target: string | null;
}

/** A record of the topic of source offsets; without a value it takes one away. */
export interface OffsetRecord {
  readonly key: Buffer;
  readonly value: Buffer | null;
  readonly headers?: readonly (readonly [name: string, value: Buffer])[];
  /** Where it goes; not set: where its key belongs. */
  readonly partition?: number;
}

export interface SentOffset extends OffsetRecord {
  readonly partition: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** What is encoded and booked, for whoever sends it. */
interface Encoded {
  readonly buffers: PartitionBuffers;
  readonly ledger: FileLedger;
  readonly ownTimes: OwnTimes;
}

/** The transaction that rows go into: what it holds, when it is to end, and what is sent with its end. */
export class SinkTransaction {
  readonly #options: SinkTransactionOptions;
  readonly #encoded: Encoded;
  readonly #queue: TransactionQueue;
  readonly #onDelivered: (files: readonly FileEntry[]) => void;
  #tally = new Tally();
  /** Offsets to take away. */
  #tombstones: readonly OffsetRecord[] = [];
  #timer: NodeJS.Timeout | null = null;
  #isHeld = false;
  #isBegun = false;
  #isDue = false;

  /** @param onDelivered called after each commit, before `onCommitted` */
  constructor(
    options: SinkTransactionOptions,
    encoded: Encoded,
    onDelivered: (files: readonly FileEntry[]) => void,
    onError: (error: unknown) => void,
  ) {
    this.#options = options;
    this.#encoded = encoded;
    this.#onDelivered = onDelivered;
    const { buffers } = encoded;
    this.#queue = new TransactionQueue(options.producer, (batches) => buffers.release(batches), onError);
  }

  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** What is in it. */
  get tally(): Tally {
    return this.#tally;
  }

  /** Rows come, and it is known of topics how they are now. */
  begin(): void {
    this.#isBegun = true;
    this.#goOn();
  }

  /** Rows are being encoded, or are not any more: until then its time does not end it. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
  }

  /** Books rows of a batch, up to `end`. */
  book(batch: RowBatch, outcome: Outcome, end: ReadProgress): FileProgress {
    const { ledger } = this.#encoded;
    this.#tally.addRows(outcome, end.position - ledger.bookedTo(batch));
    return ledger.add(batch, outcome, end);
  }

  /** Whether it ends with this batch. */
  isDue(batch: RowBatch): boolean {
    const { boundary } = this.#options;
    if (boundary === 'file') return isAtEnd(batch) || batch.isAtLimit;
    return (
      boundary === 'poll' ||
      this.#isDue ||
      this.#tally.sentBytes >= MAX_INTERVAL_BYTES ||
      this.#isLongEnough()
    );
  }

  /** Whether it is to end among the rows of a batch, which a boundary `file` forbids. */
  get mayEndAmongRows(): boolean {
    return this.#options.boundary !== 'file' && this.#isLongEnough();
  }

  /** Ends it; the rest of the batch's rows begin another one, with what is known of topics. */
  commitAmongRows(): void {
    this.commit();
    this.#goOn();
  }

  /** Sends batches of it. Returns at once. */
  send(batches: readonly PartitionBatch[]): void {
    this.#tally.addSent(batches);
    this.#queue.send(batches);
  }

  /** Ends it, with all that is encoded and the offsets of its files. Returns at once. */
  commit(): void {
    this.#stopTimer();
    const files = this.#encoded.ledger.take();
    if (files.length === 0) return;
    this.#isBegun = false;
    const { deadLetterFile, fileEnds, onCommitted } = this.#options;
    const letters = deadLetterFile?.take() ?? [];
    const { buffers, ownTimes } = this.#encoded;
    if (fileEnds !== null) appendEnds(fileEnds, files, buffers, ownTimes.next());
    const batches = buffers.takeAll();
    const tally = this.#tally;
    tally.addSent(batches);
    this.#tally = new Tally();
    const sent = this.#placed([
      ...this.#takeTombstones(),
      ...files.map((entry) => this.#options.offsetRecord(entry)),
    ]);
    const offsets = this.#offsetBatches(sent);
    const forgetTimes = ownTimes.endTransaction();
    this.#queue.commit({
      batches,
      offsets,
      before: async () => {
        if (letters.length > 0) await deadLetterFile?.flush(letters);
      },
      committed: (committed) => {
        forgetTimes();
        this.#options.onOffsets(sent);
        this.#onDelivered(files);
        return onCommitted(tally.summary(files, committed));
      },
    });
  }

  /** Commits that a file is given up: whoever looks at the topic later sees that nothing more is to come. */
  async commitGivenUp(entry: FileEntry, givenUp: GivenUp): Promise<void> {
    this.#commitOffsets([...this.#takeTombstones(), this.#options.offsetRecord(entry, givenUp)]);
    await this.#queue.settled();
  }

  /** Takes offsets away with the next commit; at once where there are no rows on their way to one. */
  forget(tombstones: readonly OffsetRecord[]): void {
    this.#tombstones = [...this.#tombstones, ...tombstones];
    const { ledger, buffers } = this.#encoded;
    const isQuiet = !this.#isBegun && !this.#isHeld && ledger.isEmpty && buffers.bytes === 0;
    if (isQuiet) this.#commitOffsets(this.#takeTombstones());
  }

  /** Nothing of it becomes visible. With the boundary `file`, all that is open is of one file. */
  async abandon(): Promise<void> {
    const { buffers } = this.#encoded;
    await this.#queue.abandon();
    buffers.release(buffers.takeAll());
    this.#options.deadLetterFile?.take();
    this.#tally = new Tally();
  }

  /** Resolves when there is room for more. */
  room(): Promise<void> {
    return this.#queue.room();
  }

  /** Resolves when all that was committed is delivered. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  /** Nothing more is to come. */
  abort(): Promise<void> {
    this.#stopTimer();
    return this.#queue.abort();
  }

  #goOn(): void {
    this.#tally.begin();
    if (this.#timer !== null || this.#options.boundary !== 'interval') return;
    this.#timer = setTimeout(() => {
      if (this.#isHeld) this.#isDue = true;
      else this.commit();
    }, this.#options.intervalMs);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isDue = false;
  }

  /** Where a quota slows the task down, a transaction must not grow until it outlives its timeout. */
  #isLongEnough(): boolean {
    const { isSlow, limitBytes } = this.#options.producer.pace;
    return isSlow && this.#tally.sentBytes + this.#encoded.buffers.bytes >= limitBytes;
  }

  /** Commits what is no progress of rows. */
  #commitOffsets(records: readonly OffsetRecord[]): void {
    const sent = this.#placed(records);
    const offsets = this.#offsetBatches(sent);
    const forgetTimes = this.#encoded.ownTimes.endTransaction();
    const committed = () => {
      forgetTimes();
      this.#options.onOffsets(sent);
    };
    this.#queue.commit({ batches: [], offsets, before: async () => {}, committed });
  }

  /** They go before the offsets of the transaction: a file that came again meanwhile is known by the later one. */
  #takeTombstones(): readonly OffsetRecord[] {
    const tombstones = this.#tombstones;
    this.#tombstones = [];
    return tombstones;
  }

  #placed(records: readonly OffsetRecord[]): readonly SentOffset[] {
    const { partitions } = this.#options.offsetsTopic;
    const timestamp = this.#encoded.ownTimes.next();
    return records.map((record) => ({
      ...record,
      partition: record.partition ?? partitionForKey(record.key, partitions),
      timestamp,
    }));
  }

  /** Uses the same buffers, which are empty now: what is released after the commit goes back to where it came from. */
  #offsetBatches(records: readonly SentOffset[]): readonly PartitionBatch[] {
    const { offsetsTopic } = this.#options;
    const { buffers } = this.#encoded;
    for (const { key, value, headers = [], partition, timestamp } of records) {
      const size = key.length + (value?.length ?? 0) + OFFSET_OVERHEAD;
      buffers.append(offsetsTopic, partition, { key, value, timestamp, headers }, size);
    }
    return buffers.takeAll();
  }
}

/** An archive of files is visible as a whole, or not at all. */
function isAtEnd({ file, eof }: RowBatch): boolean {
  return eof && (file.archive?.endsWith(file) ?? true);
}

import { Writable } from 'node:stream';
import type { SendPace } from '../kafka/producer/send-pace.ts';
import type { TransactionalProducer } from '../kafka/producer/transactional-producer.ts';
import { partitionForKey } from '../kafka/records/murmur2.ts';
import { type FileProgress, FileRejected, type ReadProgress, type SourceFile } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { BatchEncoder } from './batch-encoder.ts';
import type { DeadLetterOrigin } from './dead-letter-record.ts';
import { type DeadLetterFile, DeadLetters } from './dead-letters.ts';
import { judgeFailure } from './failure-judge.ts';
import { type FileEntry, FileLedger } from './file-ledger.ts';
import type { LetterContent } from './letter-content.ts';
import type { NamedConverter } from './named-converter.ts';
import { OwnTimes } from './own-times.ts';
import { type PartitionBatch, PartitionBuffers } from './partition-buffers.ts';
import type { RecordTimes } from './record-times.ts';
import type { Refusals } from './refusals.ts';
import { progressBefore, type RejectionPolicy, RowWalk, StoppedAtRow } from './row-walk.ts';
import { type CommitSummary, Tally } from './tally.ts';
import type { TopicDirectory, TopicInfo } from './topic-directory.ts';
import { TransactionQueue } from './transaction-queue.ts';

/**
 * Where a transaction ends. `interval`: after a time or 32 MB of records, whichever comes first; `poll`: with every
 * batch; `file`: with the file.
 */
export type TransactionBoundary = 'interval' | 'poll' | 'file';

/** Of an offset's record, with its headers. */
const OFFSET_OVERHEAD = 128;
const MAX_INTERVAL_BYTES = 32 * 1024 * 1024;
/** Records are several times as large as their rows; so many parts at least make what may be under way. */
const PARTS = 8;

export interface KafkaSinkOptions {
  readonly producer: TransactionalProducer;
  readonly topics: TopicDirectory;
  readonly keyConverter: NamedConverter;
  readonly valueConverter: NamedConverter;
  readonly boundary: TransactionBoundary;
  readonly intervalMs: number;
  readonly policy: RejectionPolicy;
  readonly times: RecordTimes;
  /** What Kafka refused when it was sent before. */
  readonly refusals: Refusals;
  /** The topic of dead letters, already resolved, and who knows it. */
  readonly deadLetterTopic: { readonly name: string; readonly topics: TopicDirectory } | null;
  readonly deadLetterFile: DeadLetterFile | null;
  readonly deadLetterContent: LetterContent;
  readonly origin: DeadLetterOrigin;
  /** The internal topic of source offsets, and the bytes of an offset in it; `reason` where the file is given up there. */
  readonly offsetsTopic: TopicInfo;
  readonly offsetRecord: (
    entry: FileEntry,
    reason?: FileRejected,
  ) => {
    readonly key: Buffer;
    readonly value: Buffer;
    readonly headers?: readonly (readonly [name: string, value: Buffer])[];
  };
  /** Runs after each commit, in order. The next transaction does not wait for it; the end of the stream does. */
  readonly onCommitted: (summary: CommitSummary) => Promise<void>;
  /**
   * Runs when a file is given up, in its place among the batches: what comes before it is committed; of the file
   * itself too, unless the boundary is `file`. An error ends the stream.
   */
  readonly onFileRejected: (rejected: FileRejected) => Promise<void>;
}

/**
 * Writes batches to Kafka: rows, dead letters and source offsets of a transaction become visible together or not at
 * all. A write's callback means that the batch is encoded and, within bounds, on its way; the end of the stream means
 * that everything is committed.
 */
export class KafkaSink extends Writable {
  readonly #options: KafkaSinkOptions;
  readonly #buffers = new PartitionBuffers();
  readonly #ledger = new FileLedger();
  readonly #ownTimes = new OwnTimes();
  readonly #encoder: BatchEncoder;
  readonly #deadLetters: DeadLetters;
  readonly #queue: TransactionQueue;
  /** By path, those whose rows may be on their way. */
  readonly #files = new Map<string, SourceFile>();
  /** The files of which nothing more is wanted. */
  readonly #givenUp = new WeakSet<SourceFile>();
  #tally = new Tally();
  #timer: NodeJS.Timeout | null = null;
  #encoding = false;
  #isBegun = false;
  #due = false;

  constructor(options: KafkaSinkOptions) {
    super({ objectMode: true, highWaterMark: 2 });
    this.#options = options;
    const { keyConverter, valueConverter, topics, times } = options;
    this.#encoder = new BatchEncoder(keyConverter, valueConverter, topics, this.#buffers, times);
    const { deadLetterTopic } = options;
    this.#deadLetters = new DeadLetters(
      () => deadLetterTopic?.topics.known(deadLetterTopic.name) ?? null,
      options.deadLetterFile,
      this.#buffers,
      options.origin,
      options.deadLetterContent,
    );
    this.#queue = new TransactionQueue(
      options.producer,
      (batches) => this.#buffers.release(batches),
      (error) => this.destroy(this.#judged(error) as Error),
    );
  }

  /** An error among the batches ends the stream, once everything before it is committed; a FileRejected only its file. */
  override _write(
    item: RowBatch | Error,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    (item instanceof Error ? this.#stopAt(item) : this.#accept(item)).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#end().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stopTimer();
    this.#queue.abort().then(
      () => done(error),
      (abortError: Error) => done(error ?? abortError),
    );
  }

  async #accept(batch: RowBatch): Promise<void> {
    if (this.#givenUp.has(batch.file)) return batch.release();
    if (!this.#isBegun) await this.#askAgain();
    this.#isBegun = true;
    this.#startTimer();
    this.#encoding = true;
    try {
      await this.#encode(batch);
    } catch (error) {
      const cause = error instanceof StoppedAtRow ? error.cause : error;
      if (!(cause instanceof FileRejected)) throw cause;
      batch.release();
      return await this.#giveUp(cause);
    } finally {
      this.#encoding = false;
    }
    if (this.#isDue(batch)) this.#commit();
    await this.#queue.room();
  }

  /** When a transaction begins: what is known of topics may be outdated. */
  async #askAgain(): Promise<void> {
    const { topics, deadLetterTopic, producer } = this.#options;
    const isOther = await topics.refresh();
    const isOtherQueue = (await deadLetterTopic?.topics.refresh()) ?? false;
    if (!isOther && !isOtherQueue) return;
    producer.forgetTopics();
    this.#encoder.forgetTopics();
  }

  async #encode(batch: RowBatch): Promise<void> {
    this.#tally.begin();
    this.#files.set(batch.file.path, batch.file);
    const standing = this.#ledger.standing(batch.file);
    const walk = new RowWalk(batch, standing, this.#options.refusals.of(batch), this.#ownTimes.next());
    try {
      await this.#walkTo(batch.rowCount, batch, walk);
    } catch (error) {
      if (error instanceof StoppedAtRow) await this.#deliverUpTo(batch, walk, error);
      throw error;
    }
    const progress = this.#book(batch, walk, batch.progress);
    if (progress.eof) await this.#admitFile(batch);
    batch.release();
    this.#send(this.#buffers.takeFull());
  }

  /** Encodes rows, and where the pace is slow, sends them and waits for room between them. */
  async #walkTo(end: number, batch: RowBatch, walk: RowWalk): Promise<void> {
    const { policy, producer } = this.#options;
    while (walk.index < end) {
      const until = nextStop(batch, walk.index, producer.pace);
      while (!walk.run(until, this.#encoder, policy, this.#deadLetters, this.#tally))
        await walk.prepare(this.#encoder);
      if (until < end) await this.#makeRoom(batch, walk);
    }
  }

  async #makeRoom(batch: RowBatch, walk: RowWalk): Promise<void> {
    const { boundary, producer } = this.#options;
    if (boundary !== 'file' && this.#isLongEnough()) {
      this.#book(batch, walk, progressBefore(batch, walk.index));
      this.#commit();
      this.#tally.begin();
      this.#startTimer();
    } else if (this.#buffers.bytes >= producer.pace.limitBytes / 2) this.#send(this.#buffers.takeAll());
    await this.#queue.room();
  }

  #book(batch: RowBatch, walk: RowWalk, end: ReadProgress): FileProgress {
    const before = this.#ledger.bookedTo(batch);
    const outcome = walk.takeOutcome();
    this.#tally.addRows(outcome, end.position - before);
    this.#tally.addExpired(this.#options.times.takeExpired());
    return this.#ledger.add(batch, outcome, end);
  }

  /** A file that is not accepted keeps what is delivered of it, but is not marked as read to its end. */
  async #admitFile(batch: RowBatch): Promise<void> {
    try {
      this.#options.policy.admitFile(batch.file, this.#ledger.standing(batch.file));
    } catch (error) {
      this.#ledger.withdrawEof(batch.file);
      await this.#commitBeforeFailure();
      throw error;
    }
  }

  async #deliverUpTo(batch: RowBatch, walk: RowWalk, stop: StoppedAtRow): Promise<void> {
    this.#book(batch, walk, stop.end);
    await this.#commitBeforeFailure();
  }

  /** With the boundary `file` a file's rows are visible all or not at all, so nothing of a failed one is committed. */
  async #commitBeforeFailure(): Promise<void> {
    if (this.#options.boundary === 'file') return;
    this.#commit();
    await this.#queue.settled();
  }

  async #stopAt(error: Error): Promise<void> {
    if (error instanceof FileRejected) return this.#giveUp(error);
    await this.#commitBeforeFailure();
    throw error;
  }

  async #giveUp(rejected: FileRejected): Promise<void> {
    const { file } = rejected;
    if (this.#givenUp.has(file)) return;
    this.#givenUp.add(file);
    const isUndone = this.#options.boundary === 'file';
    if (isUndone) await this.#abandon();
    else await this.#commitBeforeFailure();
    const entry = this.#ledger.giveUp(file, isUndone);
    if (this.#files.get(file.path) === file) this.#files.delete(file.path);
    if (!rejected.retriable) await this.#storeGivenUp(entry, rejected);
    await this.#options.onFileRejected(rejected);
  }

  /** The offset says so too: whoever looks at the topic later sees that nothing more is to come. */
  async #storeGivenUp(entry: FileEntry, rejected: FileRejected): Promise<void> {
    const offsets = this.#offsetBatches([this.#options.offsetRecord(entry, rejected)]);
    const forgetTimes = this.#ownTimes.endTransaction();
    this.#queue.commit({ batches: [], offsets, before: async () => {}, committed: forgetTimes });
    await this.#queue.settled();
  }

  /** With the boundary `file`, all that is open is of one file. */
  async #abandon(): Promise<void> {
    await this.#queue.abandon();
    this.#buffers.release(this.#buffers.takeAll());
    this.#options.deadLetterFile?.take();
    this.#tally = new Tally();
  }

  async #end(): Promise<void> {
    if (this.#options.boundary === 'file') await this.#queue.settled();
    else await this.#commitBeforeFailure();
  }

  #isDue(batch: RowBatch): boolean {
    const { boundary } = this.#options;
    if (boundary === 'file') return batch.eof || isAtLimit(batch);
    return (
      boundary === 'poll' || this.#due || this.#tally.sentBytes >= MAX_INTERVAL_BYTES || this.#isLongEnough()
    );
  }

  /** Where a quota slows the task down, a transaction must not grow until it outlives its timeout. */
  #isLongEnough(): boolean {
    const { isSlow, limitBytes } = this.#options.producer.pace;
    return isSlow && this.#tally.sentBytes + this.#buffers.bytes >= limitBytes;
  }

  #send(batches: readonly PartitionBatch[]): void {
    this.#tally.addSent(batches);
    this.#queue.send(batches);
  }

  #commit(): void {
    this.#stopTimer();
    const files = this.#ledger.take();
    if (files.length === 0) return;
    this.#isBegun = false;
    const { deadLetterFile, onCommitted } = this.#options;
    const letters = deadLetterFile?.take() ?? [];
    const batches = this.#buffers.takeAll();
    const tally = this.#tally;
    tally.addSent(batches);
    this.#tally = new Tally();
    const offsets = this.#offsetBatches(files.map((entry) => this.#options.offsetRecord(entry)));
    const forgetTimes = this.#ownTimes.endTransaction();
    this.#queue.commit({
      batches,
      offsets,
      before: async () => {
        if (letters.length > 0) await deadLetterFile?.flush(letters);
      },
      committed: (committedAt) => {
        forgetTimes();
        this.#forget(files);
        return onCommitted(tally.summary(files, committedAt));
      },
    });
  }

  #forget(files: readonly FileEntry[]): void {
    for (const { file, progress } of files) {
      this.#options.refusals.forget(file, progress.row);
      if (progress.eof && this.#files.get(file.path) === file) this.#files.delete(file.path);
    }
  }

  #judged(error: unknown): unknown {
    const { deadLetterTopic, offsetsTopic, refusals } = this.#options;
    const ownTopics = [deadLetterTopic?.name, offsetsTopic.name];
    return judgeFailure(error, { files: this.#files, ownTimes: this.#ownTimes, refusals, ownTopics });
  }

  /** Uses the same buffers, which are empty now: what is released after the commit goes back to where it came from. */
  #offsetBatches(
    records: readonly ReturnType<KafkaSinkOptions['offsetRecord']>[],
  ): readonly PartitionBatch[] {
    const { offsetsTopic } = this.#options;
    const timestamp = this.#ownTimes.next();
    for (const { key, value, headers = [] } of records) {
      const partition = partitionForKey(key, offsetsTopic.partitions);
      this.#buffers.append(
        offsetsTopic,
        partition,
        { key, value, timestamp, headers },
        key.length + value.length + OFFSET_OVERHEAD,
      );
    }
    return this.#buffers.takeAll();
  }

  #startTimer(): void {
    if (this.#timer !== null || this.#options.boundary !== 'interval') return;
    this.#timer = setTimeout(() => {
      if (this.#encoding) this.#due = true;
      else this.#commit();
    }, this.#options.intervalMs);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#due = false;
  }
}

/** The file's rows that are wanted end with this batch. */
function isAtLimit({ file: { rowLimit }, progress }: RowBatch): boolean {
  return rowLimit !== undefined && progress.row >= rowLimit;
}

/** The row at which encoding stops for a look at the pace: in full pace that is the end of the batch. */
function nextStop(batch: RowBatch, from: number, { isFull, limitBytes }: SendPace): number {
  if (isFull) return batch.rowCount;
  const end = batch.rowOffset(from) + limitBytes / PARTS;
  let row = from + 1;
  while (row < batch.rowCount && batch.rowOffset(row) < end) row++;
  return row;
}

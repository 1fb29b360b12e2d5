import { Writable } from 'node:stream';
import type { SendPace } from '../kafka/producer/send-pace.ts';
import {
  type FileProgress,
  FileRejected,
  type ReadProgress,
  type SourceArchive,
  type SourceFile,
} from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { BatchEncoder } from './batch-encoder.ts';
import type { DeadLetterOrigin } from './dead-letter-record.ts';
import { DeadLetters } from './dead-letters.ts';
import { judgeFailure } from './failure-judge.ts';
import { type FileEntry, FileLedger } from './file-ledger.ts';
import type { LetterContent } from './letter-content.ts';
import type { NamedConverter } from './named-converter.ts';
import { OwnTimes } from './own-times.ts';
import { PartitionBuffers } from './partition-buffers.ts';
import type { RecordTimes } from './record-times.ts';
import type { Refusals } from './refusals.ts';
import { type HeadersSource, RowHeaders } from './row-headers.ts';
import { progressBefore, type RejectionPolicy, RowWalk, StoppedAtRow } from './row-walk.ts';
import { type OffsetRecord, SinkTransaction, type SinkTransactionOptions } from './sink-transaction.ts';
import type { TopicDirectory } from './topic-directory.ts';

/** Records are several times as large as their rows; so many parts at least make what may be under way. */
const PARTS = 8;

export interface KafkaSinkOptions extends SinkTransactionOptions {
  readonly topics: TopicDirectory;
  readonly keyConverter: NamedConverter;
  readonly valueConverter: NamedConverter;
  readonly policy: RejectionPolicy;
  readonly headersSource: HeadersSource;
  /** What the header `traceparent` is to say of a file; null for none, and so where it is not set. Asked once for each file. */
  readonly traceparentOf?: (file: SourceFile) => string | null;
  readonly times: RecordTimes;
  /** What Kafka refused when it was sent before. */
  readonly refusals: Refusals;
  /** The topic of dead letters, already resolved, and who knows it. */
  readonly deadLetterTopic: { readonly name: string; readonly topics: TopicDirectory } | null;
  readonly deadLetterContent: LetterContent;
  readonly origin: DeadLetterOrigin;
  /**
   * Runs when a file is given up, in its place among the batches: what comes before it is committed; of the file
   * itself too, unless the boundary is `file`. An error ends the stream.
   */
  readonly onFileRejected: (rejected: FileRejected) => Promise<void>;
  /** Where `onFileRejected` will put a file; null where it stays. */
  readonly targetOf: (file: SourceFile) => Promise<string | null>;
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
  readonly #transaction: SinkTransaction;
  /** Rows that were encoded of each file whose rows may be on their way, from its beginning on. */
  readonly #rowsOf = new Map<SourceFile, number>();
  /** The files, and archives of files, of which nothing more is wanted. */
  readonly #givenUp = new WeakSet<SourceFile | SourceArchive>();

  constructor(options: KafkaSinkOptions) {
    super({ objectMode: true, highWaterMark: 2 });
    this.#options = options;
    const { keyConverter, valueConverter, topics, times } = options;
    const headers = new RowHeaders(options.headersSource, options.traceparentOf);
    this.#encoder = new BatchEncoder(keyConverter, valueConverter, topics, this.#buffers, times, headers);
    const { deadLetterTopic } = options;
    this.#deadLetters = new DeadLetters(
      () => deadLetterTopic?.topics.known(deadLetterTopic.name) ?? null,
      options.deadLetterFile,
      this.#buffers,
      options.origin,
      options.deadLetterContent,
    );
    this.#transaction = new SinkTransaction(
      options,
      { buffers: this.#buffers, ledger: this.#ledger, ownTimes: this.#ownTimes },
      (files) => this.#forget(files),
      (error) => this.destroy(this.#judged(error) as Error),
    );
  }

  /** Takes source offsets away, with the next commit or soon. */
  forget(tombstones: readonly OffsetRecord[]): void {
    if (!this.destroyed && !this.writableEnded) this.#transaction.forget(tombstones);
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
    this.#transaction.abort().then(
      () => done(error),
      (abortError: Error) => done(error ?? abortError),
    );
  }

  async #accept(batch: RowBatch): Promise<void> {
    if (this.#givenUp.has(batch.file.archive ?? batch.file)) return batch.release();
    const transaction = this.#transaction;
    if (!transaction.isBegun) await this.#askAgain();
    transaction.begin();
    transaction.hold(true);
    try {
      await this.#encode(batch);
    } catch (error) {
      const cause = error instanceof StoppedAtRow ? error.cause : error;
      if (!(cause instanceof FileRejected)) throw cause;
      batch.release();
      return await this.#giveUp(cause);
    } finally {
      transaction.hold(false);
    }
    if (transaction.isDue(batch)) transaction.commit();
    await transaction.room();
  }

  /** When a transaction begins: what is known of topics may be outdated. */
  async #askAgain(): Promise<void> {
    const { topics, deadLetterTopic, fileEnds, producer } = this.#options;
    const isOther = await topics.refresh();
    const isOtherQueue = (await deadLetterTopic?.topics.refresh()) ?? false;
    const areOtherEnds = (await fileEnds?.topics.refresh()) ?? false;
    if (!isOther && !isOtherQueue && !areOtherEnds) return;
    producer.forgetTopics();
    this.#encoder.forgetTopics();
  }

  async #encode(batch: RowBatch): Promise<void> {
    this.#rowsOf.set(batch.file, batch.progress.row);
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
    this.#transaction.send(this.#buffers.takeFull());
  }

  /** Encodes rows, and where the pace is slow, sends them and waits for room between them. */
  async #walkTo(end: number, batch: RowBatch, walk: RowWalk): Promise<void> {
    const { policy, producer } = this.#options;
    while (walk.index < end) {
      const until = nextStop(batch, walk.index, producer.pace);
      while (!walk.run(until, this.#encoder, policy, this.#deadLetters, this.#transaction.tally))
        await walk.prepare(this.#encoder);
      if (until < end) await this.#makeRoom(batch, walk);
    }
  }

  async #makeRoom(batch: RowBatch, walk: RowWalk): Promise<void> {
    const transaction = this.#transaction;
    const { pace } = this.#options.producer;
    if (transaction.mayEndAmongRows) {
      this.#book(batch, walk, progressBefore(batch, walk.index));
      transaction.commitAmongRows();
    } else if (this.#buffers.bytes >= pace.limitBytes / 2) transaction.send(this.#buffers.takeAll());
    await transaction.room();
  }

  #book(batch: RowBatch, walk: RowWalk, end: ReadProgress): FileProgress {
    this.#transaction.tally.addExpired(this.#options.times.takeExpired());
    return this.#transaction.book(batch, walk.takeOutcome(), end);
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
    this.#transaction.commit();
    await this.#transaction.settled();
  }

  async #stopAt(error: Error): Promise<void> {
    if (error instanceof FileRejected) return this.#giveUp(error);
    await this.#commitBeforeFailure();
    throw error;
  }

  async #giveUp(rejected: FileRejected): Promise<void> {
    const { file } = rejected;
    const whole = file.archive ?? file;
    if (this.#givenUp.has(whole)) return;
    this.#givenUp.add(whole);
    const isUndone = this.#options.boundary === 'file';
    if (isUndone) await this.#transaction.abandon();
    else await this.#commitBeforeFailure();
    const entry = this.#ledger.giveUp(file, isUndone);
    this.#rowsOf.delete(file);
    const { targetOf, onFileRejected } = this.#options;
    if (!rejected.retriable) {
      const { message: reason } = rejected;
      await this.#transaction.commitGivenUp(entry, { reason, target: await targetOf(file) });
    }
    await onFileRejected(rejected);
  }

  async #end(): Promise<void> {
    if (this.#options.boundary === 'file') await this.#transaction.settled();
    else await this.#commitBeforeFailure();
  }

  #forget(files: readonly FileEntry[]): void {
    for (const { file, progress } of files) {
      this.#options.refusals.forget(file, progress.row);
      if (progress.eof) this.#rowsOf.delete(file);
    }
  }

  #judged(error: unknown): unknown {
    const { deadLetterTopic, fileEnds, offsetsTopic, refusals } = this.#options;
    const ownTopics = [deadLetterTopic?.name, fileEnds?.name, offsetsTopic.name];
    return judgeFailure(error, { rowsOf: this.#rowsOf, ownTimes: this.#ownTimes, refusals, ownTopics });
  }
}

/** The row at which encoding stops for a look at the pace: in full pace that is the end of the batch. */
function nextStop(batch: RowBatch, from: number, { isFull, limitBytes }: SendPace): number {
  if (isFull) return batch.rowCount;
  const end = batch.rowOffset(from) + limitBytes / PARTS;
  let row = from + 1;
  while (row < batch.rowCount && batch.rowOffset(row) < end) row++;
  return row;
}

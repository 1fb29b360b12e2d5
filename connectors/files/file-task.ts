import type {
  FileProgress,
  FileRejected,
  GivenUpFile,
  HeadraceError,
  SourceChunk,
  SourceFile,
  TaskContext,
} from '../../src/plugin/index.ts';
import { messageOf } from '../../src/plugin/index.ts';
import { DecidedFiles } from './decided-files.ts';
import type { FileStore, NotOpened } from './file-store.ts';
import type { FileVersion, FoundFile } from './file-version.ts';
import { isUntouched } from './file-version.ts';
import { errorNote } from './finishing/error-note.ts';
import type { Finisher } from './finishing/finisher.ts';
import { PutAway, type PutAwayResult } from './finishing/put-away.ts';
import type { DecompressionLimits } from './reading/decompression-limits.ts';
import { LoadingFile, type LoadingStart, startAt } from './reading/loading-file.ts';
import { lookAhead } from './reading/look-ahead.ts';
import type { OpenFile } from './reading/open-file.ts';
import { openFile } from './reading/open-file.ts';
import { readFile } from './reading/read-archive.ts';
import { isOfFile, rejectionOf } from './reading/read-failure.ts';
import { requireSameContent } from './reading/same-content.ts';
import { requireChecksum } from './ready/checksum-file.ts';
import { grownBehindTrailer } from './ready/trailer.ts';
import { KnownOffsets } from './recognition/known-offsets.ts';
import type { Plan, ReappearPolicy } from './recognition/reappearance.ts';
import { freeGeneration, planFor } from './recognition/reappearance.ts';
import { recognize } from './recognition/recognize.ts';
import { UnusableOffset } from './recognition/stored-offset.ts';
import { unreadable } from './source-errors.ts';
import { ToldFiles } from './told-files.ts';

export interface FileTaskOptions {
  readonly store: FileStore;
  readonly onReappear: ReappearPolicy;
  /** How long a file that is written to while it is read must be quiet before its end is its end. */
  readonly settleMs: number;
  readonly limits: DecompressionLimits;
  readonly finisher: Finisher;
  /**
   * Files are looked for again and again: what cannot be read now is tried again by itself, what is given up is left
   * alone until it changes. Otherwise the task fails, once the other files are read.
   */
  readonly watches: boolean;
  /** Tells of files too that were delivered before and are left in place; a folder may hold thousands of them. */
  readonly tellsDelivered: boolean;
}

/** Loads one file after another: what all connectors that read files have in common, wherever these are. */
export class FileTask {
  readonly #context: TaskContext;
  readonly #options: FileTaskOptions;
  readonly #known: KnownOffsets;
  /** Files that are read and not yet finished, by path. */
  readonly #loading = new Map<string, LoadingFile>();
  readonly #decided: DecidedFiles;
  readonly #told: ToldFiles;
  readonly #putAway: PutAway;

  constructor(context: TaskContext, options: FileTaskOptions) {
    this.#context = context;
    this.#options = options;
    this.#known = new KnownOffsets(context.connector, context.offsets);
    this.#decided = new DecidedFiles(context.log);
    this.#told = new ToldFiles(context, options.watches);
    const { store, finisher, settleMs, watches } = options;
    const { log } = context;
    const onLost = (path: string, error: string) => context.fileState(path, 'FAILED', { error });
    const late = watches ? store.lateWrites?.({ settleMs, log, onLost }) : undefined;
    this.#putAway = new PutAway(finisher, { late: late ?? null, watches, log });
  }

  /** Whether there is something to do with a file: it is neither on its way nor done. */
  isDue(path: string, version: FileVersion): boolean {
    if (this.#loading.has(path) || this.#putAway.isWaiting(path, version)) return false;
    if (this.#decided.isRetryWaiting(path)) return false;
    const done = this.#decided.doneIn(path);
    if (done !== undefined && isUntouched(done, version)) return false;
    // It has changed, and is looked at with each listing until it is dealt with.
    if (done !== undefined) this.#decided.undone(path);
    return !this.#isLeft(path, version);
  }

  /**
   * Whether a file was delivered in this very version and stays. Its listing alone tells that where there are versions, and
   * where a file has a change time that nobody sets.
   */
  #isLeft(path: string, version: FileVersion): boolean {
    const { store, finisher } = this.#options;
    const { hasVersions } = store.promises;
    if (!finisher.isIdle || !(hasVersions || version.change !== '')) return false;
    if (!this.#known.isDelivered(path, version)) return false;
    // Of objects there may be more than memory for their names.
    if (!hasVersions) this.#decided.done(path, version);
    return true;
  }

  /** The version in which nothing more is to do with a file. */
  doneIn(path: string): FileVersion | undefined {
    return this.#decided.doneIn(path);
  }

  /** With how many files nothing more is to do as they are. */
  get doneCount(): number {
    return this.#decided.doneCount;
  }

  /** Whether all of a file of this size and time was delivered under the path, and it is still there. */
  isEnded(path: string, version: FileVersion): boolean {
    return !this.#putAway.hasPutAway(path) && this.#known.isEnded(path, version);
  }

  /** Whether a file goes on with what was delivered, whatever it is now: it was not put away, or was brought back. */
  isContinued(path: string): boolean {
    return this.#putAway.isContinued(path);
  }

  /** Whether something was delivered under this path. */
  isKnown(path: string): boolean {
    return this.#known.isKnown(path);
  }

  /** Whether another task that begins here would find out all that this one knows, but for what it decided of files that stay. */
  get isAtRest(): boolean {
    return this.#loading.size === 0 && this.#decided.isAtRest && this.#putAway.isAtRest;
  }

  /** Whether files are looked after that were put away. */
  get isLookingAfter(): boolean {
    return this.#putAway.isLookingAfter;
  }

  /** Whether the offsets tell of a file that stays, in this very version, that all of it is delivered. */
  isDelivered(path: string, version: FileVersion): boolean {
    return this.#known.isDelivered(path, version);
  }

  /** Whether a file that comes later in a strict order must wait for this one, which is tried again. */
  isToTryAgain(path: string): boolean {
    return this.#decided.isRetryWaiting(path) || (this.#loading.get(path)?.isToTryAgain ?? false);
  }

  /** A part of it is delivered, and the rest is to come. */
  isBegun(path: string): boolean {
    return this.#known.isBegun(path);
  }

  /** More is known of a file under the path than its offset: it is there, on its way, or looked after. */
  isAtHand(path: string): boolean {
    return this.#loading.has(path) || this.#decided.has(path) || this.#putAway.has(path);
  }

  /** Their offsets are taken away: what comes under these paths is new. */
  forgotten(paths: Iterable<string>): void {
    for (const path of paths) this.#putAway.forgotten(path);
  }

  /** Every path under which something was delivered. */
  knownPaths(): Iterable<string> {
    return this.#known.paths();
  }

  /** The paths of files about which something was decided. @param done also those with which nothing more is to do */
  remembered(done: boolean): Set<string> {
    return new Set([...this.#decided.paths(done), ...this.#putAway.paths()]);
  }

  /** These files are no longer there, or are to be looked at as if they had just come. */
  forget(paths: Iterable<string>): void {
    for (const path of paths) {
      this.#decided.forget(path);
      this.#putAway.forget(path);
    }
  }

  /** Files that were given up are looked at as if they had just come; those that were put away are brought back for it. */
  async retry(files: readonly GivenUpFile[]): Promise<void> {
    for (const { path, target } of files) if (target !== null) await this.#bringBack(path, target);
    this.forget(files.map(({ path }) => path));
  }

  async #bringBack(path: string, target: string): Promise<void> {
    const { log } = this.#context;
    const reason = await this.#options.finisher.bringBack({ path, target }).catch(messageOf);
    if (reason === null) log.info('file brought back', { file: path, target });
    else log.warn('file could not be brought back', { file: path, target, reason });
  }

  /**
   * The chunks of a file; none when there is nothing to read in it, or when it is no longer in the version that was
   * found to be settled.
   *
   * @returns whether it is to be loaded yet: it could not be read to its end now
   */
  async *load(
    found: FoundFile,
    settled?: FileVersion,
  ): AsyncGenerator<SourceChunk | FileRejected, boolean, undefined> {
    const { signal } = this.#context;
    try {
      const open = await this.#open(found);
      if (open === null) return true;
      if (typeof open === 'string') {
        this.#passOver(found, open);
        return open === 'denied';
      }
      try {
        if ((await this.#putAway.again(found.path, open.version)) !== null) return false;
        if (settled !== undefined && !isUntouched(settled, open.version)) return true;
        return yield* this.#loadOpen(found, open);
      } finally {
        await open.file.close();
      }
    } catch (error) {
      // Told to stop: whatever went wrong, the file is taken up again where its offset says.
      if (!signal.aborted) throw error;
      return true;
    }
  }

  /** Must be called once files are no longer looked for. */
  async close(): Promise<void> {
    await this.#putAway.close();
  }

  async committed(sourceFile: SourceFile, progressOfFile: FileProgress): Promise<void> {
    const file = this.#loadingOf(sourceFile);
    if (file === undefined) return;
    const progress = sourceFile.archive?.progressOf(sourceFile, progressOfFile) ?? progressOfFile;
    if (!progress.eof) return;
    this.#told.delivered(file.path, progress);
    const { store, limits } = this.#options;
    if (file.wasWrittenTo)
      await requireSameContent(file, progress, { store, limits, signal: this.#context.signal });
    const finished = await this.#putAway.finish(file.found, file.version, file.generation);
    this.#told.finished(file.path, progress, finished);
    this.#settle(file.found, file.version, finished);
    this.#loading.delete(file.path);
    this.#decided.succeeded(file.path);
  }

  async failed(sourceFile: SourceFile, reason: FileRejected): Promise<boolean> {
    const file = this.#loadingOf(sourceFile);
    if (file === undefined) return false;
    file.abandoned = true;
    if (reason.retriable) return this.#tryAgain(file, reason);
    const { finisher, watches } = this.#options;
    const { path, generation, delivered } = file;
    const note = errorNote({ connector: this.#context.connector, path, generation, reason, delivered });
    const finished = await this.#putAway.fail(file.found, file.version, generation, note);
    this.#told.givenUp(path, reason, finished);
    this.#settle(file.found, file.version, finished);
    this.#loading.delete(file.path);
    return finisher.takesFailed || watches;
  }

  /** Where `failed` will put a file; null where it stays, or that is not known. */
  async targetOf(sourceFile: SourceFile): Promise<string | null> {
    const file = this.#loadingOf(sourceFile);
    if (file === undefined) return null;
    return await this.#options.finisher.targetOf(file.found, file.generation).catch(() => null);
  }

  /** The file that was found, of which this one may be a part. */
  #loadingOf({ path, archive }: SourceFile): LoadingFile | undefined {
    return this.#loading.get(archive?.path ?? path);
  }

  /** The trouble may pass, as a bad network or a writer that is at work: others go on meanwhile. */
  #tryAgain({ path }: LoadingFile, reason: FileRejected): boolean {
    this.#loading.delete(path);
    if (!this.#options.watches) return false;
    this.#decided.failed(path, reason.message);
    return true;
  }

  /** null: it changes while it is being opened, which holds up no other where it is met again. */
  async #open(found: FoundFile): Promise<OpenFile | NotOpened | null> {
    const { store, limits, watches } = this.#options;
    try {
      return await openFile(store, found, this.#context.signal, limits);
    } catch (error) {
      const isOfIts = isOfFile(error) && error.code === 'SOURCE_CHANGED';
      if (!watches || !isOfIts || this.#context.signal.aborted) throw error;
      this.#decided.failed(found.path, error.message);
      return null;
    }
  }

  async *#loadOpen(
    found: FoundFile,
    open: OpenFile,
  ): AsyncGenerator<SourceChunk | FileRejected, boolean, undefined> {
    this.#decided.allowed(found.path);
    const { settleMs } = this.#options;
    try {
      const file = await this.#begin(found, open);
      if (file !== null) yield* readFile(open, file, { settleMs, signal: this.#context.signal });
    } catch (error) {
      if (error instanceof UnusableOffset) this.#leaveUnread(found, open, error);
      else if (this.#context.signal.aborted || !isOfFile(error)) throw error;
      else return yield* this.#reject(found, open, error);
    }
    return false;
  }

  async *#reject(
    found: FoundFile,
    open: OpenFile,
    error: HeadraceError,
  ): AsyncGenerator<FileRejected, boolean, undefined> {
    const file = this.#loading.get(found.path) ?? this.#unrecognized(found, open);
    this.#loading.set(file.path, file);
    const rejection = await rejectionOf(open, file, error);
    file.isToTryAgain = rejection.retriable && this.#options.watches;
    yield rejection;
    return file.isToTryAgain;
  }

  /** What is delivered under its path is another generation's, and stays so. */
  #unrecognized(found: FoundFile, open: OpenFile): LoadingFile {
    const generations = this.#known.generationsOf(found.path);
    return this.#newFile(found, open, freeGeneration(open.fingerprint.hash, generations), null);
  }

  /** It is told once, and looked at again when it has changed or the task starts anew. */
  #leaveUnread(found: FoundFile, open: OpenFile, { message }: UnusableOffset): void {
    this.#decided.done(found.path, open.version);
    this.#told.failed(found.path, 'file left unread', message);
  }

  /** Finds out what is to be done with an open file, and does it unless it is reading. */
  async #begin(found: FoundFile, open: OpenFile): Promise<LoadingFile | null> {
    const generations = this.#known.generationsOf(found.path);
    const recognition = await recognize(open, generations, {
      leavesFiles: this.#options.finisher.leavesFiles,
      wasPutAway: this.#putAway.hasPutAway(found.path),
    });
    const { path } = found;
    const { hash } = open.fingerprint;
    const policy = this.#options.onReappear;
    const isContinued = this.#putAway.isContinued(path);
    const met = { path, hash, recognition, generations, policy, isContinued };
    const plan = planFor(met, this.#context.log);
    if (plan.kind === 'finish') {
      await this.#finishUnread(found, open, plan);
      return null;
    }
    if (found.claims?.trailer !== undefined && plan.from?.offset.eof) throw grownBehindTrailer(path);
    const start = plan.from === null ? null : await startAt(open, plan.from.offset);
    const file = this.#newFile(found, open, plan.generation, start);
    this.#loading.set(path, file);
    // Before the first row: what is damaged is not to be seen in part.
    if (found.claims?.checksum !== undefined) await requireChecksum(path, open.raw, found.claims.checksum);
    this.#told.reading(file, open, recognition.kind);
    return file;
  }

  #newFile(found: FoundFile, open: OpenFile, generation: string, start: LoadingStart | null): LoadingFile {
    const { store, settleMs, limits } = this.#options;
    const { signal } = this.#context;
    return new LoadingFile(found, open, generation, start, (file, from, to) =>
      lookAhead(file, { store, limits }, from, to, { settleMs, signal }),
    );
  }

  async #finishUnread(
    found: FoundFile,
    open: OpenFile,
    plan: Extract<Plan, { kind: 'finish' }>,
  ): Promise<void> {
    const finished = await this.#putAway.finish(found, open.version, plan.generation);
    this.#settle(found, open.version, finished);
    const isNews = plan.state === 'SKIPPED' || finished.action !== 'left' || finished.error !== undefined;
    if (!isNews && !this.#options.tellsDelivered) return;
    const known = this.#known
      .generationsOf(found.path)
      .find(({ generation }) => generation === plan.generation);
    this.#told.finishedUnread(found.path, plan.state, known?.offset, finished);
  }

  #settle(found: FoundFile, version: FileVersion, { action, error }: PutAwayResult): void {
    const stays = action === 'left' || action === 'tagged';
    if (stays && error === undefined) this.#decided.done(found.path, version);
  }

  #passOver(found: FoundFile, why: NotOpened): void {
    if (why !== 'denied') {
      this.#context.log.debug('file passed over', { file: found.path, why });
      if (why === 'gone' && !this.isKnown(found.path)) this.#told.wentAway(found.path);
      return;
    }
    const mend = 'give this user the right to read it';
    const error = unreadable(`${JSON.stringify(found.path)} may not be read`, mend);
    if (!this.#options.watches) throw error;
    if (!this.#decided.denied(found.path)) return;
    this.#told.failed(found.path, 'file may not be read', error.message);
  }
}

import type {
  FileProgress,
  FileRejected,
  GivenUpFile,
  SourceChunk,
  SourceFile,
  SourceTask,
  TaskContext,
} from '../../../src/plugin/index.ts';
import type { FileStore, ListedFile } from '../file-store.ts';
import type { FileTask } from '../file-task.ts';
import { isUntouched } from '../file-version.ts';
import type { ReadyFiles } from '../ready/ready-files.ts';
import { belongsTo } from '../shard.ts';
import { WENT_AWAY } from '../told-files.ts';
import { BedTime } from './bed-time.ts';
import type { FilesOrder } from './files-order.ts';
import { IdleListing } from './idle-listing.ts';
import { MOST_FILES, MOST_PAGES } from './listing-digest.ts';
import type { RareLooks } from './rare-looks.ts';
import type { Retention } from './retention.ts';
import { Settling } from './settling.ts';
import { TakenAway } from './taken-away.ts';
import { ToldInPieces } from './told-in-pieces.ts';
import { Turns } from './turns.ts';
import { WakeUp } from './wake-up.ts';
import type { WantedFiles } from './wanted-files.ts';
import type { WatchNote } from './watch-note.ts';

/** Pause after a listing, so that a burst of events costs one. */
export const LEAST_PAUSE_MS = 100;
/** And so long, in times it took, that listing a large folder under steady writes leaves the thread to the rows. */
const PAUSE_PER_LISTING = 5;

/** So many of those that wait are told to be ready: the others are in their turn. */
const MOST_READY = 1000;

/** Between two listings of a task that would sleep, but for delivered files that it looks after. */
const LOOKING_AFTER_MS = 10_000;

/** What tells that something may have come, so that the next listing need not wait. Only a help: listings find all. */
export interface Waker {
  /** Called after each listing. */
  listed(): Promise<void>;
  close(): Promise<void>;
}

/** `wake`: to be called with the path of a file to which something has happened, or null where it is not known which. */
export type MakeWaker = (wake: (path?: string | null) => void) => Waker;

export interface WatchTaskOptions {
  readonly store: FileStore;
  readonly wanted: WantedFiles;
  readonly looks: RareLooks;
  readonly files: FileTask;
  readonly ready: ReadyFiles;
  readonly order: FilesOrder;
  readonly retention: Retention;
  readonly settleMs: number;
  readonly scanIntervalMs: number;
  /** The folder that is listed, where it may be another one each time. */
  readonly root?: (() => string) | undefined;
  readonly waker?: MakeWaker | undefined;
  /** How long it stays awake after its last rows, in milliseconds. */
  readonly quietMs?: number | undefined;
}

/** Loads the files of a store as they come, until it is told to stop. */
export class WatchTask implements SourceTask {
  readonly #context: TaskContext;
  readonly #options: WatchTaskOptions;
  readonly #settling: Settling;
  readonly #takenAway: TakenAway;
  readonly #turns: Turns;
  readonly #wakeUp = new WakeUp();
  readonly #waker: Waker | undefined;
  readonly #bedTime: BedTime;
  readonly #found = new ToldInPieces((path) => this.#tellFound(path));
  /** The last listing has not met all files that are done with. They are looked for by the next one alone: thousands may stay. */
  #areSomeGone = false;
  #retrying: Promise<void> = Promise.resolve();
  /** Of the last listing, if there was nothing to do. */
  #idleListing: string | null = null;

  constructor(context: TaskContext, options: WatchTaskOptions) {
    this.#context = context;
    this.#options = options;
    const { sleep } = context;
    const note = (sleep?.note ?? null) as WatchNote | null;
    this.#settling = new Settling(options.settleMs, note?.sightings);
    this.#bedTime = new BedTime(sleep, options.quietMs);
    sleep?.othersWait.addEventListener('abort', () => this.#wakeUp.call(), { once: true });
    this.#takenAway = new TakenAway(context.log, (path) =>
      context.fileState(path, 'IGNORED', { error: WENT_AWAY }),
    );
    this.#turns = new Turns(options.order, options.files, context.log);
    this.#waker = options.waker?.((path = null) => {
      options.looks.touched(path);
      this.#wakeUp.call();
    });
  }

  async *read(): AsyncGenerator<SourceChunk | FileRejected, void, undefined> {
    const { signal } = this.#context;
    const { listsInOrder, hasWholeFiles } = this.#options.store.promises;
    const round = listsInOrder && hasWholeFiles ? () => this.#loadPages() : () => this.#loadInOrder();
    try {
      while (!signal.aborted) {
        await this.#retrying;
        const { leastMs, mostMs } = yield* round();
        if (!signal.aborted && this.#fallsAsleep()) return;
        await this.#wakeUp.sleep(leastMs, mostMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async committed(file: SourceFile, progress: FileProgress): Promise<void> {
    this.#bedTime.busy();
    await this.#options.files.committed(file, progress);
    // Another file may have come under its name meanwhile.
    if (progress.eof) this.#wakeUp.call();
  }

  async failed(file: SourceFile, reason: FileRejected): Promise<boolean> {
    this.#bedTime.busy();
    const isPutAway = await this.#options.files.failed(file, reason);
    this.#wakeUp.call();
    return isPutAway;
  }

  targetOf(file: SourceFile): Promise<string | null> {
    return this.#options.files.targetOf(file);
  }

  retry(files: readonly GivenUpFile[]): void {
    const own = files.filter(({ path }) => belongsTo(path, this.#context));
    this.#retrying = this.#retrying
      .then(() => this.#options.files.retry(own))
      .then(() => this.#wakeUp.call());
  }

  async close(): Promise<void> {
    this.#found.close();
    await this.#waker?.close();
    await this.#retrying;
    await this.#options.retention.close();
    await this.#options.files.close();
    await this.#options.store.close();
  }

  /** In the order of the listing, a page at a time: there may be more objects than memory for their names. */
  async *#loadPages(): AsyncGenerator<SourceChunk | FileRejected, Pause, undefined> {
    const { files, store, wanted, ready, retention, scanIntervalMs } = this.#options;
    const absent = files.remembered(true);
    ready.begin();
    retention.begin();
    const idle = this.#newIdleListing();
    const pages = store.list(wanted, this.#context.signal);
    try {
      let mayGoOn = true;
      let page = await pages.next();
      for (let count = 1; mayGoOn && !page.done; page = await pages.next(), count++) {
        for (const { path } of page.value) {
          absent.delete(path);
          retention.met(path);
        }
        mayGoOn = yield* this.#loadPage(page.value, idle);
        if (count > MOST_PAGES) idle.isTooLong();
      }
      const isComplete = page.done === true && page.value;
      if (isComplete) {
        files.forget(absent);
        retention.end();
      }
      this.#idleListing = isComplete ? idle.digest : null;
    } finally {
      await pages.return(false);
    }
    await this.#listed();
    return { leastMs: LEAST_PAUSE_MS, mostMs: this.#pauseMs(scanIntervalMs) };
  }

  /** Loads files of a store in which they are there whole; gives whether those of the next page may follow. */
  async *#loadPage(
    page: readonly ListedFile[],
    idle: IdleListing,
  ): AsyncGenerator<SourceChunk | FileRejected, boolean, undefined> {
    const { files } = this.#options;
    for (const file of page) {
      if (this.#context.signal.aborted) continue;
      if (this.#bedTime.isEnough) return false;
      const isDue = files.isDue(file.path, file.version);
      idle.met(file, !isDue);
      if (isDue) {
        const isToCome = yield* this.#loadNow(file);
        if (isToCome && this.#turns.mustWaitFor(file)) return false;
      } else if (this.#turns.isWaitedFor(file.path)) return false;
    }
    return true;
  }

  /** Files of a disk are listed in no order, and must have settled. */
  async *#loadInOrder(): AsyncGenerator<SourceChunk | FileRejected, Pause, undefined> {
    const { files } = this.#options;
    const { waiting, nextMs, listingMs } = await this.#inOrder();
    // There may be a hundred thousand of them: what has had its turn is held no longer.
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (this.#context.signal.aborted || this.#bedTime.isEnough) break;
      const isToCome = yield* files.load(file, file.version);
      if (isToCome && this.#turns.mustWaitFor(file)) break;
    }
    const leastMs = Math.max(LEAST_PAUSE_MS, listingMs * PAUSE_PER_LISTING);
    return { leastMs, mostMs: this.#pauseMs(nextMs) };
  }

  /** Lists what is there; gives what is to be read now, the first of it last, and nothing else of what it has met. */
  async #inOrder(): Promise<InOrder> {
    const began = performance.now();
    const { due, tried, isComplete } = await this.#listAll();
    const { settled, settling, nextMs } = this.#settled(due, isComplete);
    const turns = this.#turns.of(settled, [...settling, ...tried]);
    const listingMs = performance.now() - began;
    return { waiting: (await this.#allReady(turns)).reverse(), nextMs, listingMs };
  }

  async #listAll(): Promise<Listed> {
    const { files, looks, ready, retention } = this.#options;
    const { doneCount } = files;
    looks.begin(doneCount);
    ready.begin();
    retention.begin();
    const due: ListedFile[] = [];
    const tried: ListedFile[] = [];
    const absent = files.remembered(this.#areSomeGone);
    let doneMet = 0;
    this.#takenAway.begin();
    const idle = this.#newIdleListing();
    const isComplete = await this.#list((file) => {
      absent.delete(file.path);
      if (files.doneIn(file.path) !== undefined) doneMet++;
      retention.met(file.path);
      this.#takenAway.met(file.path);
      const isDue = files.isDue(file.path, file.version);
      if (isDue) due.push(file);
      else if (this.#turns.isWaitedFor(file.path)) tried.push(file);
      idle.met(file, !isDue);
    });
    this.#idleListing = isComplete ? idle.digest : null;
    await this.#listed();
    // Of a folder that is away for a while nothing is forgotten: its files come back as they were.
    if (isComplete) {
      files.forget(absent);
      retention.end();
      this.#areSomeGone = doneMet < doneCount;
    }
    return { due, tried, isComplete };
  }

  /** One that has more files behind it than a task sleeps by is not asked for them with each listing. */
  #newIdleListing(): IdleListing {
    const { files } = this.#options;
    return new IdleListing(files, this.#context.sleep !== undefined && files.doneCount <= MOST_FILES);
  }

  /** No longer than until it may sleep. */
  #pauseMs(mostMs: number): number {
    if (this.#idleListing === null) return mostMs;
    return Math.min(mostMs, this.#bedTime.quietInMs || LOOKING_AFTER_MS);
  }

  /** Whether it sleeps from now on: it has nothing to do, or others wait for its thread. */
  #fallsAsleep(): boolean {
    const { sleep } = this.#context;
    const { files, wanted, retention } = this.#options;
    const { told } = wanted;
    const digest = files.isAtRest && retention.isAtRest ? this.#idleListing : null;
    if (digest !== null && this.#bedTime.isNow(files.isLookingAfter))
      sleep?.begin({ digest, told, sightings: [] } satisfies WatchNote, 'woken');
    else if (digest === null && this.#bedTime.isTurnOver)
      sleep?.begin(
        { digest: '', told, sightings: this.#settling.sightings(MOST_FILES) } satisfies WatchNote,
        'its turn',
      );
    else return false;
    return true;
  }

  /** Loads a file of a store in which files are there whole; gives whether it is to be loaded yet. */
  async *#loadNow(file: ListedFile): AsyncGenerator<SourceChunk | FileRejected, boolean, undefined> {
    const ready = await this.#ifReady(file);
    if (ready === null) return true;
    this.#tellOf(file, 'DISCOVERED');
    return yield* this.#options.files.load(ready, file.version);
  }

  /** Those for whose loading nothing is missing, in the same order. The first has its turn now; the next ones are told. */
  async #allReady(turns: readonly ListedFile[]): Promise<ListedFile[]> {
    const all: ListedFile[] = [];
    for (const file of turns) {
      const ready = await this.#ifReady(file);
      if (ready === null && this.#turns.mustWaitFor(file)) break;
      if (ready === null) continue;
      if (all.length > 0 && all.length <= MOST_READY) this.#tellOf(file, 'READY');
      all.push(ready);
    }
    return all;
  }

  /** null: it waits for something beside it or in it, which is told when it is news. */
  async #ifReady(file: ListedFile): Promise<ListedFile | null> {
    const { files, ready } = this.#options;
    const { path, version } = file;
    const standing = { isEnded: files.isEnded(path, version), isContinued: files.isContinued(path) };
    return await ready.look(file, standing, this.#context.signal, (error) =>
      this.#context.fileState(path, 'DISCOVERED', { size: version.size, error }),
    );
  }

  /** Whether all of it was seen. */
  async #list(meet: (file: ListedFile) => void): Promise<boolean> {
    const pages = this.#options.store.list(this.#options.wanted, this.#context.signal);
    for (let page = await pages.next(); ; page = await pages.next()) {
      if (page.done) return page.value;
      for (const file of page.value) meet(file);
    }
  }

  async #listed(): Promise<void> {
    this.#options.wanted.tell();
    await this.#waker?.listed();
  }

  /** The files that may be loaded now, those that may not yet, and when the next of them may be settled. */
  #settled(due: readonly ListedFile[], isComplete: boolean): Settled {
    const { files, root, scanIntervalMs } = this.#options;
    this.#settling.retain(new Set(due.map(({ path }) => path)));
    let nextMs = scanIntervalMs;
    const settled: ListedFile[] = [];
    const settling: ListedFile[] = [];
    for (const file of due) {
      const seen = this.#settling.seenIn(file.path);
      const remainingMs = this.#settling.remainingMs(file.path, file.version);
      if (seen === undefined) this.#found.add(file.path);
      else if (!isUntouched(seen, file.version)) this.#tellOf(file, 'SETTLING');
      if (remainingMs === 0) {
        const discoveredMs = this.#settling.discoveredMs(file.path);
        // The version that is remembered anyway, which says the same.
        const version = this.#settling.seenIn(file.path) ?? file.version;
        settled.push({ ...file, version, discoveredMs });
      } else {
        nextMs = Math.min(nextMs, remainingMs);
        settling.push(file);
      }
    }
    const unread = settling.map(({ path }) => path).filter((path) => !files.isKnown(path));
    if (isComplete) this.#takenAway.end(root?.() ?? '', unread);
    return { settled, settling, nextMs };
  }

  /** It may have had its turn since, or have gone. */
  #tellFound(path: string): void {
    const { files } = this.#options;
    const size = this.#settling.seenIn(path)?.size;
    if (size === undefined || files.isAtHand(path) || files.isKnown(path)) return;
    const discoveredMs = this.#settling.discoveredMs(path);
    this.#context.fileState(path, 'DISCOVERED', { size, discoveredMs });
  }

  #tellOf({ path, version }: ListedFile, state: 'DISCOVERED' | 'SETTLING' | 'READY'): void {
    if (!this.#options.files.isKnown(path)) this.#context.fileState(path, state, { size: version.size });
  }
}

interface Pause {
  readonly leastMs: number;
  readonly mostMs: number;
}

interface Listed {
  readonly due: readonly ListedFile[];
  /** What is not due, and has later ones wait. */
  readonly tried: readonly ListedFile[];
  readonly isComplete: boolean;
}

interface InOrder {
  readonly waiting: ListedFile[];
  readonly nextMs: number;
  readonly listingMs: number;
}

interface Settled {
  readonly settled: readonly ListedFile[];
  readonly settling: readonly ListedFile[];
  readonly nextMs: number;
}

import type { FileProgress, FileRejected, TaskContext } from '../../src/plugin/index.ts';
import type { PutAwayResult } from './finishing/put-away.ts';
import type { LoadingFile } from './reading/loading-file.ts';
import type { OpenFile } from './reading/open-file.ts';

/** Why nothing of a file is known that was found. */
export const WENT_AWAY = 'it went away before it was read';

type Counts = Pick<FileProgress, 'row' | 'produced' | 'filtered' | 'rejected'>;

/** Tells the worker what becomes of each file. */
export class ToldFiles {
  readonly #context: Pick<TaskContext, 'fileState' | 'log'>;
  readonly #watches: boolean;

  /** @param watches files are looked for again, so that one that could not be put away is not finished yet */
  constructor(context: Pick<TaskContext, 'fileState' | 'log'>, watches: boolean) {
    this.#context = context;
    this.#watches = watches;
  }

  /** @param found what it was recognised as */
  reading(file: LoadingFile, open: OpenFile, found: string): void {
    const { path, generation, start } = file;
    const { discoveredMs } = file.found;
    this.#context.fileState(path, 'READING', {
      generation,
      ...(discoveredMs === undefined ? {} : { discoveredMs }),
      size: open.version.size,
      position: start?.position ?? 0,
      diskPosition: open.compressed ? 0 : (start?.position ?? 0),
      row: start?.row ?? 0,
      produced: start?.produced ?? 0,
      filtered: start?.filtered ?? 0,
      rejected: start?.rejected ?? 0,
      found,
    });
  }

  delivered(path: string, progress: Counts): void {
    this.#context.fileState(path, 'DELIVERED', counts(progress));
  }

  finished(path: string, progress: Counts, finished: PutAwayResult): void {
    this.#finished(path, 'COMPLETED', { ...counts(progress), ...finished });
  }

  /** @param known what is stored of it, where nothing of it had to be read */
  finishedUnread(
    path: string,
    state: 'COMPLETED' | 'SKIPPED',
    known: (Counts & { readonly position: number }) | undefined,
    finished: PutAwayResult,
  ): void {
    const delivered = known === undefined ? {} : { ...counts(known), position: known.position };
    this.#finished(path, state, { ...delivered, ...finished, unread: true });
  }

  givenUp(path: string, { code, message }: FileRejected, finished: PutAwayResult): void {
    this.#context.fileState(path, 'FAILED', { code, error: message, ...finished });
  }

  /** It stays where it is, and nothing of it is read. */
  failed(path: string, what: string, error: string): void {
    this.#context.log.error(what, { file: path, reason: error });
    this.#context.fileState(path, 'FAILED', { error });
  }

  wentAway(path: string): void {
    this.#context.fileState(path, 'IGNORED', { error: WENT_AWAY });
  }

  #finished(
    path: string,
    state: 'COMPLETED' | 'SKIPPED',
    detail: PutAwayResult & Readonly<Record<string, unknown>>,
  ): void {
    const waits = detail.error !== undefined && this.#watches;
    if (waits && detail.tries !== 1) return;
    this.#context.fileState(path, waits ? 'DELIVERED' : state, detail);
  }
}

function counts({ row, produced, filtered, rejected }: Counts) {
  return { rows: row, produced, filtered, rejected };
}

import type { FileState } from '../plugin/index.ts';
import type {
  CommittedEvent,
  CommittedFile,
  FileStateEvent,
  RowCounts,
  RuntimeEvent,
} from '../runtime/events/events.ts';
import type { LoadFile } from './load-files.ts';
import { addedUp, less, NO_ROWS } from './row-counts.ts';

/** One file of a job, as events have told of it. */
export interface TrackedFile {
  readonly file: LoadFile;
  state: FileState;
  /** All of it that is delivered, by this run and those before. */
  rows: RowCounts;
  /** Content that is delivered: decompressed bytes. */
  bytes: number;
  /** Bytes on disk that are done with, never more than the file has. */
  diskBytes: number;
  /** Why it is not loaded, where its source has told. */
  reason: string | null;
  /** The file's data rows as the parser counted them; null until all of it is delivered. */
  rowsParsed: number | null;
  /** This run has read some of it. */
  isRead: boolean;
  /** This run has begun to read it, or found that there is nothing to read. */
  isBegun: boolean;
}

/** Keeps account of a job from the runtime's events alone. */
export class JobTracker {
  readonly #files: ReadonlyMap<string, TrackedFile>;
  readonly #topics: Record<string, number> = Object.create(null);
  #run: RowCounts = NO_ROWS;
  #runBytes = 0;
  #expired = 0;
  #current: TrackedFile | null = null;

  constructor(files: readonly LoadFile[]) {
    this.#files = new Map(files.map((file) => [file.path, untold(file)]));
  }

  get files(): readonly TrackedFile[] {
    return [...this.#files.values()];
  }

  /** The file that was last begun. */
  get current(): TrackedFile | null {
    return this.#current;
  }

  /** Rows of this run. */
  get run(): RowCounts {
    return this.#run;
  }

  /** Content delivered in this run, in bytes. */
  get runBytes(): number {
    return this.#runBytes;
  }

  /** Rows of this run whose record's time its topic does not keep. */
  get expired(): number {
    return this.#expired;
  }

  /** Records written in this run, by topic. */
  get topics(): Readonly<Record<string, number>> {
    return this.#topics;
  }

  /** Rows of all the job's files, from this run and those before. */
  get rows(): RowCounts {
    return addedUp(this.files.map(({ rows }) => rows));
  }

  get isDelivered(): boolean {
    return this.files.every((file) => isDone(file));
  }

  /** Earlier runs have delivered everything: there was nothing to read. */
  get wasDelivered(): boolean {
    const isUnread = this.files.every((file) => !file.isRead || isAtLimit(file));
    return this.isDelivered && isUnread && this.#run.read === 0;
  }

  apply(event: RuntimeEvent): void {
    if (event.type === 'transaction.committed') this.#onCommitted(event);
    if (event.type === 'file.state') this.#onFileState(event);
  }

  #onCommitted({ rows, topics, fileBytes, expired, files }: CommittedEvent): void {
    this.#run = addedUp([this.#run, rows]);
    this.#runBytes += fileBytes;
    this.#expired += expired;
    for (const [topic, records] of Object.entries(topics)) {
      this.#topics[topic] = (this.#topics[topic] ?? 0) + records;
    }
    for (const committed of files) this.#onCommittedFile(committed);
  }

  #onCommittedFile({ path, position, diskPosition, rows, eof }: CommittedFile): void {
    const tracked = this.#files.get(path);
    if (tracked === undefined) return;
    const { bytes: size } = tracked.file;
    tracked.rows = rows;
    tracked.bytes = position;
    tracked.diskBytes = eof ? size : Math.min(size, diskPosition);
  }

  #onFileState({ file, state, detail }: FileStateEvent): void {
    const tracked = this.#files.get(file);
    if (tracked === undefined) return;
    if (state !== 'DISCOVERED') tracked.state = state;
    if (state === 'FAILED' && typeof detail.error === 'string') tracked.reason = detail.error;
    if (state === 'READING') {
      this.#current = tracked;
      tracked.isRead = true;
      this.#catchUp(tracked, detail);
      tracked.diskBytes = Math.min(tracked.file.bytes, Number(detail.diskPosition ?? 0));
    } else if (detail.unread === true) {
      this.#catchUp(tracked, detail);
      tracked.diskBytes = tracked.file.bytes;
    }
    if (state === 'COMPLETED') tracked.rowsParsed = Number(detail.rows ?? 0);
  }

  /**
   * What was delivered before a file is read, is from earlier runs; or, when the task starts again after a failure, from
   * a commit of this run whose answer was lost.
   */
  #catchUp(tracked: TrackedFile, detail: FileStateEvent['detail']): void {
    const rows = countsIn(detail);
    const bytes = Number(detail.position ?? 0);
    if (tracked.isBegun) {
      this.#run = addedUp([this.#run, less(rows, tracked.rows)]);
      this.#runBytes += bytes - tracked.bytes;
    }
    Object.assign(tracked, { isBegun: true, rows, bytes });
  }
}

/** All that is wanted of a file is delivered. */
export function isDone(file: TrackedFile): boolean {
  return file.state === 'COMPLETED' || file.state === 'SKIPPED' || isAtLimit(file);
}

function isAtLimit({ file: { rowLimit }, state, rows }: TrackedFile): boolean {
  return rowLimit !== undefined && state === 'READING' && rows.read >= rowLimit;
}

function untold(file: LoadFile): TrackedFile {
  return {
    file,
    state: 'DISCOVERED',
    rows: NO_ROWS,
    bytes: 0,
    diskBytes: 0,
    reason: null,
    rowsParsed: null,
    isRead: false,
    isBegun: false,
  };
}

function countsIn(detail: FileStateEvent['detail']): RowCounts {
  const count = (name: string) => Number(detail[name] ?? 0);
  return {
    read: count('rows') || count('row'),
    produced: count('produced'),
    filtered: count('filtered'),
    rejected: count('rejected'),
  };
}

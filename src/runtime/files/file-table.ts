import {
  type FileOffset,
  type FileStatus,
  isEnd,
  statusByOffset,
  type ToldState,
} from '../../offsets/file-status.ts';
import type { FileState } from '../../plugin/index.ts';
import type {
  CommittedEvent,
  FileStateEvent,
  RowCounts,
  RuntimeEvent,
  TaskStateEvent,
} from '../events/events.ts';

/** Files told of at most for each connector, some 5 MB: a drop folder sees any number of them in its life. */
const MOST_FILES = 10_000;
/** Of many connectors each has its share of so many, but so many at least. */
const MOST_OF_ALL = 100_000;
const LEAST_FILES = 1_000;

/** How many files of a connector are kept, of so many connectors that have files. */
export function mostFiles(connectors: number): number {
  return Math.max(LEAST_FILES, Math.min(MOST_FILES, Math.floor(MOST_OF_ALL / Math.max(1, connectors))));
}

export interface FileTableOptions {
  /** How many files of a connector are kept, if not its share; those that changed last, and of these those that need a look. */
  readonly mostFiles?: number;
  /** Told of each change of a file's state; not of rows on their way. */
  readonly onChange?: (connector: string, status: FileStatus) => void;
}

/** The files of every connector, as events, the topic of file states and offsets have told of them. */
export class FileTable {
  readonly #connectors = new Map<string, Map<string, FileStatus>>();
  readonly #versions = new Map<string, number>();
  readonly #most: number | undefined;
  readonly #onChange: (connector: string, status: FileStatus) => void;

  constructor({ mostFiles, onChange = () => {} }: FileTableOptions = {}) {
    this.#most = mostFiles;
    this.#onChange = onChange;
  }

  /** How many files of a connector are kept at most. */
  get most(): number {
    return this.#most ?? mostFiles(this.#connectors.size);
  }

  /** What changed last comes last. */
  filesOf(connector: string): readonly FileStatus[] {
    const files = this.#kept(connector);
    return files.sort((one, other) => compare(one.changed, other.changed));
  }

  /** Another number whenever a file of the connector has changed. */
  versionOf(connector: string): number {
    return this.#versions.get(connector) ?? 0;
  }

  file(connector: string, file: string): FileStatus | null {
    return this.#connectors.get(connector)?.get(file) ?? null;
  }

  apply(event: RuntimeEvent): void {
    if (event.type === 'file.state') this.#onFileState(event);
    else if (event.type === 'transaction.committed') this.#onCommitted(event);
    else if (event.type === 'task.state') this.#onTaskState(event);
  }

  /** Takes what was kept of a file, unless something newer is known. */
  restore(connector: string, status: FileStatus): void {
    const known = this.file(connector, status.file);
    if (known === null || known.changed < status.changed) this.#set(connector, status);
  }

  /** Takes what is stored of how far a file is delivered, if that says more. */
  restoreOffset(connector: string, file: string, stored: FileOffset): void {
    const status = statusByOffset(file, this.file(connector, file), stored);
    if (status !== null) this.#set(connector, status);
  }

  /** What was delivered of one content of a file is not known any more. */
  forgetGeneration(connector: string, file: string, generation: string): void {
    if (this.file(connector, file)?.generation === generation) this.forget(connector, file);
  }

  /** @param file null: every file of the connector */
  forget(connector: string, file: string | null): void {
    this.#countChange(connector);
    if (file === null) this.#connectors.delete(connector);
    else this.#connectors.get(connector)?.delete(file);
  }

  #onFileState(event: FileStateEvent): void {
    const { connector, file } = event;
    const status = afterEvent(this.file(connector, file), event, new Date().toISOString());
    this.#set(connector, status);
    this.#onChange(connector, status);
  }

  #onCommitted({ connector, task, files }: CommittedEvent): void {
    for (const { path: file, position, rows } of files) {
      const before = this.file(connector, file) ?? unknown(file);
      const state = before.state === 'DISCOVERED' ? 'READING' : before.state;
      const changed = new Date().toISOString();
      this.#set(connector, { ...before, task, state, position, rows, error: null, changed });
    }
  }

  /** A file that is not put away when its task fails waits, for the reason that the task waits for. */
  #onTaskState({ connector, task, error }: TaskStateEvent): void {
    if (error === undefined) return;
    for (const file of this.#connectors.get(connector)?.values() ?? []) {
      const isWaiting = file.task === task && file.state === 'READING';
      if (!isWaiting || file.error === error.message) continue;
      const status = { ...file, error: error.message, changed: new Date().toISOString() };
      this.#set(connector, status);
      this.#onChange(connector, status);
    }
  }

  #countChange(connector: string): void {
    this.#versions.set(connector, this.versionOf(connector) + 1);
  }

  #set(connector: string, status: FileStatus): void {
    this.#countChange(connector);
    const files = this.#connectors.get(connector) ?? new Map<string, FileStatus>();
    this.#connectors.set(connector, files);
    files.delete(status.file);
    files.set(status.file, status);
    // Not at each change: to find those that go costs a look at all of them.
    if (files.size > this.most * 2) {
      this.#connectors.set(connector, new Map(this.#kept(connector).map((kept) => [kept.file, kept])));
    }
  }

  /** Those with which all is well go first, and of these those that changed longest ago. */
  #kept(connector: string): FileStatus[] {
    const files = [...(this.#connectors.get(connector)?.values() ?? [])];
    if (files.length <= this.most) return files;
    return files.sort(bySignificance).slice(-this.most);
  }
}

function bySignificance(one: FileStatus, other: FileStatus): number {
  return Number(isWell(other)) - Number(isWell(one)) || compare(one.changed, other.changed);
}

function isWell({ state }: FileStatus): boolean {
  return state === 'COMPLETED' || state === 'SKIPPED' || state === 'IGNORED';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** States in which a file waits to be read: it has been there since it was discovered. */
const WAITING: ReadonlySet<ToldState> = new Set<FileState>(['DISCOVERED', 'SETTLING', 'READY', 'READING']);

function afterEvent(before: FileStatus | null, event: FileStateEvent, now: string): FileStatus {
  const { file, task, state, detail } = event;
  const isAnew = state === 'DISCOVERED' && !(before !== null && WAITING.has(before.state));
  const known = before === null || isAnew ? unknown(file) : before;
  const generation = textOr(detail.generation, known.generation);
  const isSame = generation === known.generation && known.finished === null && known.started !== null;
  return {
    file,
    task,
    state: state === 'FAILED' && detail.action === 'moved' ? 'QUARANTINED' : state,
    position: numberOr(detail.position, known.position),
    size: numberOr(detail.size, known.size),
    rows: 'produced' in detail ? countsIn(detail) : known.rows,
    error: textOr(detail.error, null),
    target: textOr(detail.target, null),
    generation,
    discovered: discoveredIn(detail) ?? known.discovered ?? now,
    started: state === 'READING' && !isSame ? now : known.started,
    finished: isEnd(state) ? now : null,
    changed: now,
  };
}

function unknown(file: string): FileStatus {
  return {
    ...{ file, task: null, state: 'DISCOVERED', position: 0, size: null, rows: countsIn({}) },
    ...{ error: null, target: null, generation: null },
    ...{ discovered: null, started: null, finished: null, changed: '' },
  };
}

function discoveredIn({ discoveredMs }: FileStateEvent['detail']): string | null {
  return typeof discoveredMs === 'number' ? new Date(discoveredMs).toISOString() : null;
}

function countsIn(detail: FileStateEvent['detail']): RowCounts {
  const [produced, filtered, rejected] = ['produced', 'filtered', 'rejected'].map((name) =>
    numberOr(detail[name], 0),
  ) as [number, number, number];
  return { read: produced + filtered + rejected, produced, filtered, rejected };
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}

function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' ? value : otherwise;
}

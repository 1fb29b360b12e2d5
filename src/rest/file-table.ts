import type { FileState } from '../plugin/index.ts';
import type {
  CommittedEvent,
  FileStateEvent,
  RowCounts,
  RuntimeEvent,
  TaskStateEvent,
} from '../runtime/events/events.ts';

/** Files told of at most for each connector: a drop folder sees any number of them in its life. */
const MAX_FILES = 1000;

/** One file as `GET /connectors/{connector}/files` shows it. */
export interface FileStatus {
  readonly file: string;
  readonly task: number;
  readonly state: FileState;
  /** Bytes of content, decompressed, that are delivered. */
  readonly position: number;
  /** Bytes on disk; null while it is not known. */
  readonly size: number | null;
  /** Rows delivered, by what became of them. */
  readonly rows: RowCounts;
  /** Why it was given up, or why the task that reads it does not go on. */
  readonly error: string | null;
}

/** The files of every connector, as events have told of them; the thousand of each that changed last. */
export class FileTable {
  readonly #connectors = new Map<string, Map<string, FileStatus>>();

  filesOf(connector: string): readonly FileStatus[] {
    return [...(this.#connectors.get(connector)?.values() ?? [])];
  }

  apply(event: RuntimeEvent): void {
    if (event.type === 'file.state') this.#onFileState(event);
    else if (event.type === 'transaction.committed') this.#onCommitted(event);
    else if (event.type === 'task.state') this.#onTaskState(event);
  }

  #onFileState({ connector, task, file, state, detail }: FileStateEvent): void {
    const isKnown = state !== 'DISCOVERED';
    const before = isKnown ? this.#connectors.get(connector)?.get(file) : undefined;
    this.#set(connector, {
      file,
      task,
      state,
      position: numberOr(detail.position, before?.position ?? 0),
      size: numberOr(detail.size, before?.size ?? null),
      rows: 'produced' in detail ? countsIn(detail) : (before?.rows ?? countsIn({})),
      error: typeof detail.error === 'string' ? detail.error : null,
    });
  }

  #onCommitted({ connector, task, files }: CommittedEvent): void {
    for (const { path: file, position, rows } of files) {
      const before = this.#connectors.get(connector)?.get(file);
      const { state = 'READING', size = null } = before ?? {};
      this.#set(connector, { file, task, state, position, size, rows, error: null });
    }
  }

  /** A file that is not put away when its task fails waits, for the reason that the task waits for. */
  #onTaskState({ connector, task, error }: TaskStateEvent): void {
    if (error === undefined) return;
    for (const file of this.filesOf(connector)) {
      const isWaiting = file.task === task && file.state === 'READING';
      if (isWaiting) this.#set(connector, { ...file, error: error.message });
    }
  }

  #set(connector: string, status: FileStatus): void {
    const files = this.#connectors.get(connector) ?? new Map<string, FileStatus>();
    this.#connectors.set(connector, files);
    files.delete(status.file);
    files.set(status.file, status);
    if (files.size > MAX_FILES) files.delete(leastWorth(files));
  }
}

/** The file that changed longest ago, of those with which all is well if there are any. */
function leastWorth(files: ReadonlyMap<string, FileStatus>): string {
  let oldest: string | null = null;
  for (const { file, state } of files.values()) {
    if (state === 'COMPLETED' || state === 'SKIPPED') return file;
    oldest ??= file;
  }
  return oldest as string;
}

function countsIn(detail: FileStateEvent['detail']): RowCounts {
  const [produced, filtered, rejected] = ['produced', 'filtered', 'rejected'].map((name) =>
    numberOr(detail[name], 0),
  ) as [number, number, number];
  return { read: produced + filtered + rejected, produced, filtered, rejected };
}

function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' ? value : otherwise;
}

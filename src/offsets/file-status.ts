import type { FileState, SourceOffset } from '../plugin/index.ts';
import { decodeOffsetKey, encodeOffsetKey } from './offset-codec.ts';

/** A file's state as it is told: of one that was given up, whether it was put into `error.path`. */
export type ToldState = FileState | 'QUARANTINED';

/** Those in which nothing more is to come of a file, unless it comes again. */
const ENDS: ReadonlySet<ToldState> = new Set(['COMPLETED', 'SKIPPED', 'FAILED', 'QUARANTINED', 'IGNORED']);

/** The longest reason that is kept; the whole of it is in the log. */
const MOST_REASON = 2000;

/** Rows delivered, by what became of them; read = produced + filtered + rejected. */
export interface FileRows {
  readonly read: number;
  readonly produced: number;
  readonly filtered: number;
  readonly rejected: number;
}

/** One file as it is told of. Times are ISO 8601, in UTC. */
export interface FileStatus {
  readonly file: string;
  /** null where only its offset is known, which names none. */
  readonly task: number | null;
  readonly state: ToldState;
  /** Bytes of content, decompressed, that are delivered. */
  readonly position: number;
  /** Bytes on disk; null while it is not known. */
  readonly size: number | null;
  readonly rows: FileRows;
  /** Why it was given up, or why it or the task that reads it does not go on. */
  readonly error: string | null;
  /** Where it was put. */
  readonly target: string | null;
  /** Which content under this path; null while it was not read. */
  readonly generation: string | null;
  readonly discovered: string | null;
  readonly started: string | null;
  /** When nothing more was to come of it. */
  readonly finished: string | null;
  readonly changed: string;
}

/** Whether nothing more is to come of a file in this state, unless it comes again. */
export function isEnd(state: ToldState): boolean {
  return ENDS.has(state);
}

/** The key of a file's record in the topic of file states: as that of its offsets, without a generation. */
export function fileStatusKey(connector: string, file: string): Buffer {
  return encodeOffsetKey(connector, { file });
}

export function encodeFileStatus({ file: _, ...status }: FileStatus): Buffer {
  const error = status.error === null ? null : status.error.slice(0, MOST_REASON);
  return Buffer.from(JSON.stringify({ ...status, error }));
}

/** What a key of the topic is of; null for one that is not of its form. */
export function decodeFileKey(key: Buffer): { readonly connector: string; readonly file: string } | null {
  const decoded = decodeOffsetKey(key);
  const file = decoded?.partition.file;
  return decoded === null || typeof file !== 'string' ? null : { connector: decoded.connector, file };
}

/** null for a value that is no state. */
export function decodeFileStatus(file: string, value: Buffer): FileStatus | null {
  try {
    const status = JSON.parse(value.toString());
    const isStatus =
      typeof status?.state === 'string' && typeof status.changed === 'string' && 'rows' in status;
    return isStatus ? { ...status, file } : null;
  } catch {
    return null;
  }
}

/** What is stored of how far a file is delivered. */
export interface FileOffset {
  readonly generation: string;
  readonly offset: SourceOffset;
  /** When it was written, in milliseconds since 1970. */
  readonly timestamp: number;
}

/**
 * A file's state where its offset says more than what was told: whoever told it may have ended before it told the rest.
 * All that is delivered counts as finished then; what was not put away yet is, when its task starts, and is told anew.
 *
 * @param told null where nothing was told of the file
 */
export function statusByOffset(file: string, told: FileStatus | null, stored: FileOffset): FileStatus | null {
  const { offset, timestamp, generation } = stored;
  if (told !== null && !isOutdated(told, stored)) return null;
  const at = new Date(timestamp).toISOString();
  const failed = typeof offset.failed === 'string' ? offset.failed : null;
  const target = failed !== null && typeof offset.target === 'string' ? offset.target : null;
  const state = stateBy(offset.eof === true, failed, target);
  const isSame = told !== null && (told.generation === null || told.generation === generation);
  return {
    file,
    task: told?.task ?? null,
    state,
    position: numberIn(offset.position) ?? 0,
    size: numberIn(offset.size),
    rows: rowsOf(offset),
    error: failed ?? (state === 'READING' && isSame ? told.error : null),
    target,
    generation,
    discovered: isSame ? told.discovered : null,
    started: isSame ? told.started : null,
    finished: isEnd(state) ? at : null,
    changed: at,
  };
}

function stateBy(isEnded: boolean, failed: string | null, target: string | null): ToldState {
  if (isEnded) return 'COMPLETED';
  if (failed === null) return 'READING';
  return target === null ? 'FAILED' : 'QUARANTINED';
}

/** Whether the offset is of later than what was told; or it ends what nobody has told the end of. */
function isOutdated(told: FileStatus, { offset, timestamp, generation }: FileOffset): boolean {
  const { state, changed, error } = told;
  const isOfIts = told.generation === generation;
  // Of a file that was given up what was told says more.
  if (isOfIts && typeof offset.failed === 'string' && isEnd(state)) return false;
  if (timestamp > Date.parse(changed)) return true;
  return isOfIts && error === null && offset.eof === true && (state === 'DELIVERED' || state === 'READING');
}

function rowsOf({ row, produced, filtered, rejected }: SourceOffset): FileRows {
  return {
    read: numberIn(row) ?? 0,
    produced: numberIn(produced) ?? 0,
    filtered: numberIn(filtered) ?? 0,
    rejected: numberIn(rejected) ?? 0,
  };
}

function numberIn(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

import { encodeOffsetKey, encodeOffsetValue } from '../../offsets/offset-codec.ts';
import type { OffsetReader, SourcePartition } from '../../plugin/index.ts';

const PATH = 'errors.deadletterqueue.file';

/** A task's dead-letter file, as the offset topic names it. */
export interface LetterFileName {
  readonly path: string;
  readonly task: number;
}

/** What is committed of a dead-letter file. */
export interface LetterMark {
  /** In bytes; 0: nothing of what stands there is ours. */
  readonly length: number;
  /** CRC-32 of these bytes. */
  readonly crc32: number;
  /** Its task ended with this commit: bytes behind it are somebody else's. */
  readonly closed: boolean;
}

/** Nothing of what stands at the path is ours. */
export const NOTHING: LetterMark = { length: 0, crc32: 0, closed: true };

/** A record of the offset topic. */
export interface MarkRecord {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

/** The record that keeps a mark, or that takes it away. */
export function markRecord(
  connector: string,
  { path, task }: LetterFileName,
  mark: LetterMark | null,
): MarkRecord {
  const key = encodeOffsetKey(connector, { [PATH]: path, task });
  return { key, value: mark === null ? null : encodeOffsetValue({ ...mark }) };
}

/** null: nothing is known of such a file. */
export function storedMark(offsets: OffsetReader, { path, task }: LetterFileName): LetterMark | null {
  const stored = offsets.offset({ [PATH]: path, task });
  if (stored === undefined || Number(stored.length) === 0) return null;
  return {
    length: Number(stored.length),
    crc32: Number(stored.crc32),
    closed: stored.closed === true,
  };
}

/** One task writes to the file itself, several to one each. */
export function letterFileName(file: string, task: number, taskCount: number): LetterFileName {
  return { path: taskCount === 1 ? file : `${file}.${task}`, task };
}

/** Files of this name that tasks have written to which are none of these `taskCount`. */
export function formerLetterFiles(offsets: OffsetReader, file: string, taskCount: number): LetterFileName[] {
  const found = [...offsets.find({})].flatMap(({ partition }) => nameOf(partition) ?? []);
  const isOf = ({ path, task }: LetterFileName, count: number) =>
    path === letterFileName(file, task, count).path;
  return found.filter(
    (name) => (isOf(name, 1) || isOf(name, 2)) && !(name.task < taskCount && isOf(name, taskCount)),
  );
}

function nameOf(partition: SourcePartition): LetterFileName | null {
  const { [PATH]: path, task } = partition;
  return typeof path === 'string' && typeof task === 'number' ? { path, task } : null;
}

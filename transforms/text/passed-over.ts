import { CR, LF, lineEndFrom, nextLine } from './lines.ts';

/** Which lines are no rows. */
export interface LinesToPass {
  readonly skipEmptyLines: boolean;
  readonly comment: Buffer | null;
  /** White space is nothing. */
  readonly trim: boolean;
}

/** The start of the line after `at`, where that is empty or a comment; otherwise `at`. */
export function passedOver(data: Buffer, at: number, limit: number, lines: LinesToPass): number {
  let start = at;
  if (lines.trim) start = at + leadingWhiteSpace(data, at, limit);
  const byte = data[start];
  const empty = start >= limit || byte === LF || byte === CR;
  if (empty) return lines.skipEmptyLines ? nextLine(data, start, limit) : at;
  const { comment } = lines;
  if (comment === null || comment[0] !== byte) return at;
  if (!data.subarray(start, start + comment.length).equals(comment)) return at;
  return nextLine(data, lineEndFrom(data, start, limit), limit);
}

function leadingWhiteSpace(data: Buffer, at: number, limit: number): number {
  const line = data.toString('utf8', at, lineEndFrom(data, at, limit));
  return Buffer.byteLength(line) - Buffer.byteLength(line.trimStart());
}

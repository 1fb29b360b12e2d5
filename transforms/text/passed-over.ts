import { CR, LF, lineEndFrom, nextLine } from './lines.ts';

/** Which lines are no rows. */
export interface LinesToPass {
  readonly skipEmptyLines: boolean;
  /** What stands between cells, where a line of nothing else and white space is no row; null where it is one. */
  readonly emptyRowsOf: Buffer | null;
  /** What lines begin with that are comments. */
  readonly comments: readonly Buffer[];
  /** What is the header again, as a whole. */
  readonly headers: readonly Buffer[];
  /** Of which section lines are rows; null where there are no sections. */
  readonly section: Section | null;
  /** White space is nothing. */
  readonly trim: boolean;
}

/** The lines of a file that are of one kind, by their beginning. */
export interface Section {
  /** What they begin with, one of these. */
  readonly begins: readonly Buffer[];
  /** What must follow, if the line does not end there; null where anything may. */
  readonly end: Buffer | null;
}

/**
 * The start of the line after `at`, where that is empty or has only empty cells, is a comment, the header again or of another
 * section; otherwise `at`.
 */
export function passedOver(data: Buffer, at: number, limit: number, lines: LinesToPass): number {
  let start = at;
  if (lines.trim) start = at + leadingWhiteSpace(data, at, limit);
  const byte = data[start];
  const empty = start >= limit || byte === LF || byte === CR;
  if (empty) return lines.skipEmptyLines ? nextLine(data, start, limit) : at;
  const { emptyRowsOf } = lines;
  if (emptyRowsOf !== null) {
    const end = emptyCellsEnd(data, start, limit, emptyRowsOf);
    if (end > start) return nextLine(data, end, limit);
  }
  for (const comment of lines.comments)
    if (comment[0] === byte && standsAt(data, start, comment))
      return nextLine(data, lineEndFrom(data, start, limit), limit);
  for (const header of lines.headers) {
    const end = at + header.length;
    if (end > limit || !standsAt(data, at, header)) continue;
    if (isLineEnd(data, end, limit)) return nextLine(data, end, limit);
  }
  const { section } = lines;
  if (section === null || isOf(section, data, start, limit)) return at;
  return nextLine(data, lineEndFrom(data, start, limit), limit);
}

function isOf({ begins, end }: Section, data: Buffer, at: number, limit: number): boolean {
  return begins.some((begin) => {
    const behind = at + begin.length;
    if (behind > limit || !standsAt(data, at, begin)) return false;
    return end === null || isLineEnd(data, behind, limit) || standsAt(data, behind, end);
  });
}

function isLineEnd(data: Buffer, at: number, limit: number): boolean {
  return at >= limit || data[at] === LF || data[at] === CR;
}

const SPACE = 0x20;
const TAB = 0x09;

/** The end of the line at `at`, which has cells with nothing in them; otherwise `at`. */
function emptyCellsEnd(data: Buffer, at: number, limit: number, delimiter: Buffer): number {
  let end = at;
  let delimiters = 0;
  while (end < limit && data[end] !== LF && data[end] !== CR) {
    const isDelimiter = standsAt(data, end, delimiter);
    if (!isDelimiter && data[end] !== SPACE && data[end] !== TAB) return at;
    if (isDelimiter) delimiters++;
    end += isDelimiter ? delimiter.length : 1;
  }
  return delimiters > 0 ? end : at;
}

function standsAt(data: Buffer, at: number, bytes: Buffer): boolean {
  return data.subarray(at, at + bytes.length).equals(bytes);
}

function leadingWhiteSpace(data: Buffer, at: number, limit: number): number {
  const line = data.toString('utf8', at, lineEndFrom(data, at, limit));
  return Buffer.byteLength(line) - Buffer.byteLength(line.trimStart());
}

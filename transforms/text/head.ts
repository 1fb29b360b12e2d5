import { afterBom } from './encoding.ts';
import { completeLines, countLineEnds, lineEndFrom, nextLine } from './lines.ts';

/** The beginning of a file up to its first row. */
export interface Head {
  /** null: the file ended before they were told. */
  readonly columns: readonly string[] | null;
  /** Where the head ends, in UTF-8. */
  readonly end: number;
  readonly lines: number;
  /** Where the row ends that told the columns, where one did. */
  readonly toldBy?: number;
  /** What the file itself says stands between cells. */
  readonly delimiter?: string;
  /** The lines of the header, without their ends: they may come again. */
  readonly headers?: readonly Buffer[];
}

/** Where the text begins, behind a byte order mark and so many lines; null when not all of them are there yet. */
export function textBegin(text: Buffer, skipLines: number, eof: boolean): number | null {
  let at = afterBom(text);
  const limit = eof ? text.length : completeLines(text, at);
  for (let skipped = 0; skipped < skipLines; skipped++) {
    if (at >= limit && !eof) return null;
    at = nextLine(text, lineEndFrom(text, at, limit), limit);
  }
  return at;
}

/** The head of a file whose columns the options name; null when not all of it is there yet. */
export function plainHead(
  columns: readonly string[],
  text: Buffer,
  skipLines: number,
  eof: boolean,
): Head | null {
  const end = textBegin(text, skipLines, eof);
  return end === null ? null : { columns, end, lines: countLineEnds(text, 0, end) };
}

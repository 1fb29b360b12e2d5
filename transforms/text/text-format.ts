import type { ControlCharacters } from './control-characters.ts';
import type { TextDecoding } from './decoding.ts';
import type { EncodingOption } from './encoding.ts';
import type { Footer } from './footer.ts';
import type { Head } from './head.ts';
import type { LineEnd } from './line-ends.ts';
import type { EndlessRecord } from './long-rows.ts';
import type { Rows } from './row-table.ts';
import type { Text } from './text.ts';

/** How a parser reads files of text. It sees them in UTF-8, whatever their encoding is. */
export interface TextFormat {
  /** The parser's name. */
  readonly plugin: string;
  /** What its files are, for one that does not look like it. */
  readonly what: string;
  readonly encoding: EncodingOption;
  readonly lineEnd: LineEnd;
  readonly maxRecordBytes: number;
  readonly controlCharacters: ControlCharacters;
  /** null where every file ends with its last row. */
  readonly footer: Footer | null;
  /** Around text that may hold line ends; null where every line is a row. */
  readonly quote: string | null;
  /** The first line names the columns. */
  readonly hasHeader: boolean;
  /** What stands before the first row; null when not all of it is there yet. */
  readHead(text: Buffer, eof: boolean, path: string): Head | null;
  /** For the rows of one file. */
  splitter(head: HeadOfRows, decoding: TextDecoding): Splitter;
}

/** A head, of whose rows there are none if it tells no columns. */
export type HeadOfRows = Head & { readonly columns: readonly string[] };

export interface Splitter {
  /**
   * Splits `run` of a text into rows; the rows of the same bytes are the same however they are cut into runs.
   */
  split(text: Text, run: Run): Split;
}

/** What of a text is to be split. */
export interface Run {
  readonly from: number;
  /** Behind it there may be more that is not to be split now. */
  readonly to: number;
  /** The line of the file that `from` is on. */
  readonly firstLine: number;
  /** No rows follow behind `to`. */
  readonly eof: boolean;
}

/** The rows of a run of bytes. */
export interface Split extends Rows {
  /** How far the bytes are used up: the beginning of a row that is not complete, or the end. */
  readonly consumed: number;
  /** Line ends in what was used up. */
  readonly linesConsumed: number;
  /** The row that is not complete has a quote open, and no quote after what was read. */
  readonly quoteOpen: boolean;
  /** The row that is not complete will be rejected, but where it ends is to be seen further on in the file. */
  readonly long: { readonly record: EndlessRecord; readonly seen: number } | null;
  /** As of `BlockRows`. */
  readonly emptyTexts?: readonly number[] | undefined;
  /** Gives their memory back. */
  release(): void;
}

import type { SourceFile } from './source-connector.ts';

/** Where in the flow a row was rejected: Connect's stages, and PARSE, for which Connect has no word. */
export type Stage = 'PARSE' | 'TRANSFORMATION' | 'KEY_CONVERTER' | 'VALUE_CONVERTER' | 'KAFKA_PRODUCE';

/** Why a row goes to the dead-letter queue. */
export interface Rejection {
  readonly stage: Stage;
  /** The plugin that rejected it, by its name. */
  readonly plugin: string;
  /** The kind of error, one word: `TooFewCells`. */
  readonly errorName: string;
  /** What was expected and what came. */
  readonly message: string;
  /** The same without values of the row, for where they must not be shown; not set where `message` has none. */
  readonly masked?: string;
  /** The topic the record was meant for, where that was known by then. */
  readonly topic?: string;
}

/** How far a file is read, row by row: what a source offset is made of. */
export interface ReadProgress {
  /** Bytes before the next row, after decompression. */
  readonly position: number;
  /** Data rows before `position`. */
  readonly row: number;
  /** Lines before `position`. */
  readonly line: number;
  /** Length in bytes of the beginning of the file that the parser must see again to resume: header and what precedes it. */
  readonly head: number;
}

/** The cells of rows of equal length, one after another. */
export interface ParsedCells {
  /** UTF-8. Quotes and escapes are already taken away. */
  readonly bytes: Buffer;
  /** Start and end of cell `column` of row `i` in `bytes`: at `2 * (i * columns + column)` and the place after it. */
  readonly bounds: Uint32Array;
}

/** A run of consecutive rows of one file, as a parser gives them. The engine takes over all that is in it. */
export interface ParsedRows {
  readonly file: SourceFile;
  readonly columns: readonly string[];
  /** The bytes the rows were parsed from, from the end of the rows before them to their own end. */
  readonly bytes: Buffer;
  /** Byte of the file at which `bytes` starts. */
  readonly position: number;
  readonly rowCount: number;
  /** Start and end of each row in `bytes`, line end left out: `2 * i` and `2 * i + 1`. */
  readonly rowBounds: Uint32Array;
  /** The line each row starts on. */
  readonly lines: Uint32Array;
  readonly cells: ParsedCells;
  /** Why rows among them, by their index, go to the dead-letter queue. */
  readonly rejections?: ReadonlyMap<number, Rejection>;
  /** Progress after the last of these rows. */
  readonly progress: ReadProgress;
  /** The file ends with these rows. */
  readonly eof: boolean;
}

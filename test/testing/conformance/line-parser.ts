import {
  defineParser,
  type FileParser,
  type ParsedRows,
  type ParserPlugin,
  type Rejection,
  type SourceFile,
} from '../../../src/plugin/index.ts';

const LINE_FEED = 0x0a;

/** What a parser of lines does otherwise than it must. */
export interface LineFault {
  readonly parts?: (rows: ParsedRows) => Partial<ParsedRows>;
  /** In place of what `push` gives. */
  readonly push?: (parser: LineParser, bytes: Buffer, eof: boolean) => ParsedRows | null;
  readonly start?: (file: SourceFile) => SourceFile['start'];
  readonly rejection?: Partial<Rejection>;
  readonly close?: () => void;
  /** A line with this in it ends with a mistake in the code. */
  readonly stumblesOver?: string;
}

/** Every line is a row with one column, line; "bad" is none. */
export class LineParser implements FileParser {
  readonly #file: SourceFile;
  readonly #fault: LineFault;
  held = Buffer.alloc(0);
  #position: number;
  #row: number;

  constructor(file: SourceFile, fault: LineFault) {
    this.#file = file;
    this.#fault = fault;
    const start = fault.start === undefined ? file.start : fault.start(file);
    this.#position = start?.position ?? 0;
    this.#row = start?.row ?? 0;
  }

  push(chunk: Buffer, eof: boolean): ParsedRows | null {
    return this.#fault.push === undefined ? this.lines(chunk, eof) : this.#fault.push(this, chunk, eof);
  }

  lines(chunk: Buffer, eof: boolean): ParsedRows | null {
    const known = Buffer.concat([this.held, chunk]);
    const length = eof ? known.length : known.lastIndexOf(LINE_FEED) + 1;
    this.held = known.subarray(length);
    if (length === 0 && !eof) return null;
    const bytes = known.subarray(0, length);
    const { stumblesOver } = this.#fault;
    if (stumblesOver !== undefined && bytes.includes(stumblesOver)) throw new TypeError('x is undefined');
    const bounds = lineBounds(bytes);
    const rowCount = bounds.length / 2;
    const [position, row] = [this.#position, this.#row];
    this.#position += length;
    this.#row += rowCount;
    const rows: ParsedRows = {
      file: this.#file,
      columns: ['line'],
      bytes,
      position,
      rowCount,
      rowBounds: bounds,
      lines: Uint32Array.from({ length: rowCount }, (_, index) => row + index + 1),
      cells: { bytes, bounds },
      rejections: this.#rejections(bytes, bounds),
      progress: { position: this.#position, row: this.#row, line: this.#row, head: 0 },
      eof,
    };
    return { ...rows, ...this.#fault.parts?.(rows) };
  }

  close(): void {
    this.#fault.close?.();
  }

  #rejections(bytes: Buffer, bounds: Uint32Array): Map<number, Rejection> {
    const rejections = new Map<number, Rejection>();
    for (let index = 0; 2 * index < bounds.length; index++) {
      const text = bytes.toString('utf8', bounds[2 * index], bounds[2 * index + 1]);
      if (text !== 'bad row') continue;
      rejections.set(index, {
        stage: 'PARSE',
        plugin: 'lined',
        errorName: 'Bad',
        message: 'expected no "bad row"',
        masked: 'expected another line',
        ...this.#fault.rejection,
      });
    }
    return rejections;
  }
}

function lineBounds(bytes: Buffer): Uint32Array {
  const bounds: number[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start);
    bounds.push(start, end === -1 ? bytes.length : end);
    start = end === -1 ? bytes.length : end + 1;
  }
  return Uint32Array.from(bounds);
}

export function lineParser(fault: LineFault = {}, rest: Partial<ParserPlugin> = {}): ParserPlugin {
  const create = () => ({ open: (file: SourceFile) => new LineParser(file, fault) });
  return { ...defineParser({ name: 'lined', doc: 'Lines.', config: {}, create }), ...rest };
}

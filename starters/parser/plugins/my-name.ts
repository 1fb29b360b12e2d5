import {
  defineParser,
  type FileParser,
  type ParsedRows,
  type Rejection,
  type SourceFile,
} from 'headrace/plugin';

const LINE_FEED = 0x0a;

export default defineParser({
  name: 'my-name',
  // Of headrace/plugin, which it is written for.
  contract: '[1.0,2.0)',
  doc: 'Every line is a row of pairs: account=12345678 amount=9.50.',
  // What a feed may set. The type of `columns` below comes from here.
  config: {
    columns: { doc: 'Names to look for.', format: 'list', default: ['account', 'amount'] },
  },
  // Only where options say which columns every file has: so that what a feed looks for is found in them beforehand.
  columns: ({ columns }) => columns,
  create: ({ columns }) => ({ open: (file) => new PairsParser(file, columns) }),
});

/** The cells of some lines, and which of them are no rows. */
interface Lines {
  readonly rowBounds: number[];
  readonly lines: number[];
  readonly cells: string[];
  readonly rejections: Map<number, Rejection>;
}

/** One for each file. */
class PairsParser implements FileParser {
  readonly #file: SourceFile;
  readonly #columns: readonly string[];
  /** The beginning of a line whose end has not come. */
  #rest = Buffer.alloc(0);
  #position: number;
  #row: number;
  #line: number;

  constructor(file: SourceFile, columns: readonly string[]) {
    this.#file = file;
    this.#columns = columns;
    // Where an earlier task has come to; that of a new file is null.
    this.#position = file.start?.position ?? 0;
    this.#row = file.start?.row ?? 0;
    this.#line = file.start?.line ?? 0;
  }

  /** Called with the next bytes, which end anywhere. Gives the rows that are whole; null while there are none. */
  push(chunk: Buffer, eof: boolean): ParsedRows | null {
    const known = Buffer.concat([this.#rest, chunk]);
    const length = eof ? known.length : known.lastIndexOf(LINE_FEED) + 1;
    this.#rest = known.subarray(length);
    return length === 0 && !eof ? null : this.#rowsOf(known.subarray(0, length), eof);
  }

  #rowsOf(bytes: Buffer, eof: boolean): ParsedRows {
    const { rowBounds, lines, cells, rejections } = this.#linesOf(bytes);
    const position = this.#position;
    this.#position += bytes.length;
    this.#row += lines.length;
    return {
      file: this.#file,
      columns: this.#columns,
      // What the rows were read from, and where in it each begins and ends: a dead letter shows a row as it was.
      bytes,
      position,
      rowCount: lines.length,
      rowBounds: Uint32Array.from(rowBounds),
      lines: Uint32Array.from(lines),
      cells: packed(cells),
      rejections,
      // Reading may go on here, in another process. `head` is for headers, which are read again then.
      progress: { position: this.#position, row: this.#row, line: this.#line, head: 0 },
      eof,
    };
  }

  #linesOf(bytes: Buffer): Lines {
    const found: Lines = { rowBounds: [], lines: [], cells: [], rejections: new Map() };
    for (let start = 0; start < bytes.length; ) {
      const next = bytes.indexOf(LINE_FEED, start);
      const end = next === -1 ? bytes.length : next;
      this.#line += 1;
      const text = bytes.toString('utf8', start, end).trim();
      if (text !== '') this.#addRow(found, text, start, end);
      start = end + 1;
    }
    return found;
  }

  #addRow({ rowBounds, lines, cells, rejections }: Lines, text: string, start: number, end: number): void {
    const words = text.split(/\s+/);
    const wrong = words.find((word) => !word.includes('='));
    if (wrong !== undefined) rejections.set(lines.length, notAPair(wrong));
    const values = new Map(words.map((word) => [word.split('=', 1)[0], word.slice(word.indexOf('=') + 1)]));
    rowBounds.push(start, end);
    lines.push(this.#line);
    // Of every row as many cells as there are columns, also of one that is rejected.
    cells.push(...this.#columns.map((column) => values.get(column) ?? ''));
  }
}

/** Why a row goes to the dead-letter queue. `masked` is for where values of rows must not be shown. */
function notAPair(word: string): Rejection {
  return {
    stage: 'PARSE',
    plugin: 'my-name',
    errorName: 'NotAPair',
    message: `expected name=value, got "${word}"`,
    masked: 'expected name=value',
  };
}

/** Texts one after another, with the start and end of each. */
function packed(texts: readonly string[]) {
  const bounds = new Uint32Array(2 * texts.length);
  let position = 0;
  texts.forEach((text, index) => {
    bounds[2 * index] = position;
    position += Buffer.byteLength(text);
    bounds[2 * index + 1] = position;
  });
  return { bytes: Buffer.from(texts.join('')), bounds };
}

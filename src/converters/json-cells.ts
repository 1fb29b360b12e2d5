import type { CellField, CellPlan, Cells, CellWriter } from '../plugin/index.ts';

/** Copies one cell as JSON and gives the end. */
type CellCopy = (target: Buffer, at: number, bytes: Buffer, start: number, end: number) => number;

interface FieldWriter {
  readonly prefix: Buffer;
  readonly column: number;
  /** The JSON of an empty cell. */
  readonly empty: Buffer;
  readonly copy: CellCopy;
}

/** An escaped byte takes so many. */
const LONGEST_ESCAPE = 6;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTERS_APART = 0x20;
const INTEGER_KEY = /^(0|[1-9][0-9]*)$/;

/** A writer of JSON objects from cells: bytes to bytes, with no text or number in between. */
export function compileJsonCells({ fields, valueSchema }: CellPlan): CellWriter | null {
  // Objects put such keys first, whatever order they came in.
  if (valueSchema === null && fields.some(({ name }) => INTEGER_KEY.test(name))) return null;
  const writers = fields.map((field, index) => fieldWriter(field, index === 0));
  const fixed = writers.reduce((sum, { prefix, empty }) => sum + prefix.length + empty.length + 2, 2);
  return {
    maxBytes: (cellBytes) => fixed + LONGEST_ESCAPE * cellBytes,
    write: (target, at, cells, first) => writeObject(writers, target, at, cells, first),
  };
}

function writeObject(
  writers: readonly FieldWriter[],
  target: Buffer,
  from: number,
  { bytes, bounds }: Cells,
  first: number,
): number {
  let at = from;
  if (writers.length === 0) target[at++] = 0x7b;
  for (const { prefix, column, empty, copy } of writers) {
    at = copyBytes(target, at, prefix, 0, prefix.length);
    const start = bounds[first + 2 * column] as number;
    const end = bounds[first + 2 * column + 1] as number;
    at = start === end ? copyBytes(target, at, empty, 0, empty.length) : copy(target, at, bytes, start, end);
  }
  target[at] = 0x7d;
  return at + 1;
}

function fieldWriter(field: CellField, isFirst: boolean): FieldWriter {
  const { name, column, empty } = field;
  return {
    prefix: Buffer.from(`${isFirst ? '{' : ','}${JSON.stringify(name)}:`),
    column,
    empty: Buffer.from(typeof empty === 'bigint' ? String(empty) : JSON.stringify(empty)),
    copy: copyOf(field),
  };
}

function copyOf({ type, case: toCase }: CellField): CellCopy {
  switch (type) {
    case 'int':
    case 'long':
    case 'float':
    case 'double':
    case 'boolean':
      return copyBytes;
    case 'timestamp':
    case 'date':
    case 'decimal':
      return copyQuoted;
    default:
      return toCase === null ? COPY_TEXT : COPY_TEXT_IN[toCase];
  }
}

/** A loop, since cells are short: a native copy costs more to call than it saves. */
function copyBytes(target: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  for (let i = start; i < end; i++) target[at++] = bytes[i] as number;
  return at;
}

function copyQuoted(target: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  target[at] = QUOTE;
  const after = copyBytes(target, at + 1, bytes, start, end);
  target[after] = QUOTE;
  return after + 1;
}

/** Copies text, each byte through a table that may change its case. */
function textCopy(table: Uint8Array): CellCopy {
  return (target, from, bytes, start, end) => {
    let at = from;
    target[at++] = QUOTE;
    for (let i = start; i < end; i++) {
      const byte = table[bytes[i] as number] as number;
      if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) at = writeEscape(target, at, byte);
      else target[at++] = byte;
    }
    target[at] = QUOTE;
    return at + 1;
  };
}

/** Every byte as it is, but for the letters from `first` to `last`, which change their case. */
function caseTable(first: string, last: string): Uint8Array {
  const changes = (byte: number) => byte >= first.charCodeAt(0) && byte <= last.charCodeAt(0);
  return Uint8Array.from({ length: 256 }, (_, byte) => (changes(byte) ? byte ^ LETTERS_APART : byte));
}

const COPY_TEXT = textCopy(Uint8Array.from({ length: 256 }, (_, byte) => byte));
const COPY_TEXT_IN = { lower: textCopy(caseTable('A', 'Z')), upper: textCopy(caseTable('a', 'z')) };

const ESCAPES = Array.from({ length: 0x5d }, (_, byte) =>
  Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)),
);

function writeEscape(target: Buffer, at: number, byte: number): number {
  const escaped = ESCAPES[byte] as Buffer;
  return copyBytes(target, at, escaped, 0, escaped.length);
}

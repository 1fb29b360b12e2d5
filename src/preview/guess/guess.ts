import { type DataFile, readDataFile } from '../../dry-run/data-file.ts';
import { HeadraceError } from '../../errors.ts';
import { markedEncoding } from '../../values/known-formats.ts';
import { type GuessedDialect, guessDialect, splitRows, widthOfRows } from './guess-dialect.ts';
import { binaryProblem, decoded, type GuessedEncoding, guessEncoding } from './guess-encoding.ts';
import { type GuessedType, guessType, isTyped } from './guess-type.ts';
import { cellText, objectsIn, SeenColumns } from './json-lines.ts';

export interface GuessedColumn extends GuessedType {
  readonly name: string;
  /** Some cells are empty, or a word that means nothing. */
  readonly optional: boolean;
  readonly examples: readonly string[];
}

/** What the beginning of a file seems to be. */
export interface Guess extends GuessedDialect {
  /** The parser for it; what follows of a dialect is csv's. */
  readonly parser: 'csv' | 'jsonl';
  readonly encoding: GuessedEncoding;
  readonly byteOrderMark: boolean;
  readonly header: boolean;
  /** The header's names cannot be used as they are: some are missing, come twice or mean something else in a feed. */
  readonly renamed: boolean;
  readonly columns: readonly GuessedColumn[];
  /** Words that mean nothing. */
  readonly nullValues: readonly string[];
  /** Rows that were looked at. */
  readonly sampled: number;
}

const SAMPLE_BYTES = 256 * 1024;
/** Rows that are looked at, at most. */
export const SAMPLE_ROWS = 1000;
const EXAMPLES = 3;
const NULL_WORDS = ['NULL', 'null', 'N/A', 'n/a', 'NaN', '\\N'];

/**
 * Guesses how to read a file from its first rows.
 *
 * @throws HeadraceError when it cannot be read, is not text or has no rows
 */
export async function guessFile(file: DataFile): Promise<Guess> {
  const head = await readHead(file);
  const problem = binaryProblem(head.bytes);
  if (problem !== null) throw new HeadraceError('SOURCE_MALFORMED', `${file.shown}: ${problem}`);
  const encoding = guessEncoding(head.bytes);
  const text = wholeLines(head);
  const guess = guessObjects(text) ?? guessText(text);
  if (guess === null) {
    throw new HeadraceError('SOURCE_MALFORMED', `${file.shown}: has no rows: there is a header at most`);
  }
  const byteOrderMark = markedEncoding(head.bytes) !== null;
  return { encoding, byteOrderMark, ...guess };
}

/** The beginning of a file, decompressed. */
interface FileHead {
  readonly bytes: Buffer;
  /** It is all of the file. */
  readonly isWhole: boolean;
}

/** The lines of a head that are surely whole. */
export function wholeLines({ bytes, isWhole }: FileHead): string {
  const text = decoded(bytes, guessEncoding(bytes));
  return isWhole ? text : text.slice(0, text.lastIndexOf('\n') + 1);
}

export async function readHead(file: DataFile): Promise<FileHead> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const { bytes, eof } of readDataFile(file)) {
    pieces.push(bytes);
    length += bytes.length;
    if (eof || length >= SAMPLE_BYTES) return { bytes: Buffer.concat(pieces), isWhole: eof };
  }
  return { bytes: Buffer.concat(pieces), isWhole: true };
}

/** null for anything but JSON lines. */
function guessObjects(text: string): Omit<Guess, 'encoding' | 'byteOrderMark'> | null {
  const objects = objectsIn(text, SAMPLE_ROWS);
  if (objects === null) return null;
  const seen = new SeenColumns();
  seen.add(objects);
  const { names } = seen;
  if (names.length === 0) return null;
  const cells = names.map((name) => objects.map((object) => cellText(object, name)));
  const nullValues = guessNullValues(cells);
  const columns = names.map((name, index) => guessColumn(name, cells[index] ?? [], nullValues));
  const dialect = { delimiter: ',', quote: '"', trim: false, header: false, renamed: false };
  return { parser: 'jsonl', ...dialect, columns, nullValues, sampled: objects.length };
}

function guessText(text: string): Omit<Guess, 'encoding' | 'byteOrderMark'> | null {
  const dialect = guessDialect(text);
  const rows = splitRows(text, dialect, SAMPLE_ROWS + 1);
  const [first] = rows;
  if (first === undefined) return null;
  const header = isHeader(first, rows.slice(1));
  const { width } = widthOfRows(rows);
  const body = (header ? rows.slice(1) : rows).slice(0, SAMPLE_ROWS);
  if (body.length === 0) return null;
  const given = header ? first : Array.from({ length: width }, (_, index) => `column_${index + 1}`);
  const names = usable(given);
  const cells = names.map((_, index) => body.map((row) => row[index] ?? ''));
  const nullValues = guessNullValues(cells);
  const columns = names.map((name, index) => guessColumn(name, cells[index] ?? [], nullValues));
  const renamed = names.some((name, index) => name !== given[index]);
  return { parser: 'csv', ...dialect, header, renamed, columns, nullValues, sampled: body.length };
}

/** Names are text above something that is not, or at least all different. */
function isHeader(first: readonly string[], body: readonly (readonly string[])[]): boolean {
  if (first.some((cell) => isTyped(cell.trim()))) return false;
  const areNames = first.every((cell) => cell.trim() !== '') && new Set(first).size === first.length;
  return areNames || body.some((row) => row.some((cell) => isTyped(cell.trim())));
}

/** Words that mean nothing, as it seems: without them a column is no mere text. */
function guessNullValues(columns: readonly (readonly string[])[]): string[] {
  const words = new Set<string>();
  for (const cells of columns) {
    const kept = cells.filter((cell) => cell !== '' && !NULL_WORDS.includes(cell));
    if (kept.length === 0 || guessType(kept).type === 'string') continue;
    for (const cell of cells) if (NULL_WORDS.includes(cell)) words.add(cell);
  }
  return [...words];
}

function guessColumn(name: string, cells: readonly string[], nullValues: readonly string[]): GuessedColumn {
  const kept = cells.filter((cell) => cell !== '' && !nullValues.includes(cell));
  const examples = [...new Set(kept)].slice(0, EXAMPLES);
  return { name, ...guessType(kept), optional: kept.length < cells.length, examples };
}

/** Names that columns may have: none empty, none twice, none that means something else in a feed. */
function usable(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const base = name.replaceAll(',', '_') || `column_${index + 1}`;
    let unique = base;
    for (let copy = 2; taken.has(unique); copy++) unique = `${base}_${copy}`;
    taken.add(unique);
    return unique;
  });
}

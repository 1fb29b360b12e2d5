import { type DataFile, readDataFile } from '../../dry-run/data-file.ts';
import { HeadraceError } from '../../errors.ts';
import { markedEncoding } from '../../values/known-formats.ts';
import type { GuessedType } from './cell-reading.ts';
import type { ColumnProfile, RowsSeen } from './column-profile.ts';
import { type FileStyle, fileStyle } from './file-style.ts';
import type { GuessedDialect } from './guess-dialect.ts';
import { binaryProblem, decoded, type GuessedEncoding, guessEncoding } from './guess-encoding.ts';
import { guessType } from './guess-type.ts';
import { objectsIn } from './json-lines.ts';
import { isNullWord } from './null-words.ts';
import { profileObjects } from './profile-objects.ts';
import { profileRows } from './profile-rows.ts';
import { guessLayout, type Layout, type LayoutDoubt } from './text-layout.ts';

export interface GuessedColumn extends GuessedType {
  readonly name: string;
  /** Some cells are empty, or a word that means nothing. */
  readonly optional: boolean;
  readonly examples: readonly string[];
}

/** What a file seems to be. */
export interface Guess extends GuessedDialect {
  /** The parser for it; what follows of a dialect is csv's. */
  readonly parser: Layout['parser'] | 'jsonl';
  /** The parser's, as a feed has them. */
  readonly options: Readonly<Record<string, string>>;
  readonly encoding: GuessedEncoding;
  readonly byteOrderMark: boolean;
  readonly header: boolean;
  /** The header's names cannot be used as they are: some are missing, come twice or mean something else in a feed. */
  readonly renamed: boolean;
  readonly columns: readonly GuessedColumn[];
  /** Words that mean nothing in all columns. */
  readonly nullValues: readonly string[];
  /** What was taken for granted of the file as a whole. */
  readonly doubts: readonly LayoutDoubt[];
  /** Rows that were looked at. */
  readonly sampled: number;
  /** They are all of the file. */
  readonly isWhole: boolean;
}

/** A guess, and what the columns of its rows were like. */
export interface Profiled {
  readonly guess: Guess;
  readonly profiles: readonly ColumnProfile[];
}

const SAMPLE_BYTES = 512 * 1024;

/**
 * Guesses how to read a file from as many of its rows as can be read in about two seconds.
 *
 * @throws HeadraceError when it cannot be read, is not text or has no rows
 */
export async function profileFile(file: DataFile): Promise<Profiled> {
  const head = await readHead(file);
  const problem = binaryProblem(head.bytes);
  if (problem !== null) throw new HeadraceError('SOURCE_MALFORMED', `${file.shown}: ${problem}`);
  const encoding = guessEncoding(head.bytes);
  const marked = markedEncoding(head.bytes) !== null;
  const text = wholeLines(head, encoding);
  const found = (await guessObjects(file, text)) ?? (await guessText(file, text, marked ? 'utf8' : encoding));
  if (found === null || found.guess.sampled === 0)
    throw new HeadraceError('SOURCE_MALFORMED', `${file.shown}: has no rows: there is a header at most`);
  const { options, doubts } = found.guess;
  const used = (options.encoding as GuessedEncoding | undefined) ?? encoding;
  const facts = { encoding: used, byteOrderMark: marked, doubts: [...encodingDoubts(used), ...doubts] };
  return { ...found, guess: { ...found.guess, ...facts } };
}

/** Text of single bytes is text in many encodings. */
function encodingDoubts(encoding: GuessedEncoding): LayoutDoubt[] {
  if (encoding.startsWith('utf')) return [];
  const text = `it is no UTF-8, and taken for ${encoding}`;
  const other = encoding === 'windows-1252' ? 'iso-8859-15' : 'windows-1252';
  return [{ text, change: { encoding: other } }];
}

type Found = Omit<Profiled, 'guess'> & { readonly guess: Omit<Guess, 'encoding' | 'byteOrderMark'> };

/** The beginning of a file, decompressed. */
interface FileHead {
  readonly bytes: Buffer;
  /** It is all of the file. */
  readonly isWhole: boolean;
}

/** The lines of a head that are surely whole. */
export function wholeLines({ bytes, isWhole }: FileHead, encoding: GuessedEncoding): string {
  const text = decoded(bytes, encoding);
  return isWhole ? text : text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1);
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
async function guessObjects(file: DataFile, text: string): Promise<Found | null> {
  if (objectsIn(text, 1) === null) return null;
  const seen = await profileObjects(file);
  if (seen.profiles.length === 0) return null;
  const dialect = { delimiter: ',', quote: '"', trim: false, header: false, renamed: false };
  const facts = { ...dialect, parser: 'jsonl', options: {}, doubts: [] } as const;
  return { profiles: seen.profiles, guess: { ...facts, ...columnsOf(seen, null) } };
}

async function guessText(file: DataFile, text: string, encoding: GuessedEncoding): Promise<Found | null> {
  const layout = guessLayout(text);
  if (layout === null) return null;
  const { layout: mended, ...seen } = await profileRows(file, layout, encoding);
  const { parser, options, delimiter, quote, trim, header, renamed, doubts } = mended;
  const facts = { parser, options, delimiter, quote, trim, header, renamed, doubts };
  const drops = new Set(layout.drops);
  for (const profile of seen.profiles) profile.look();
  const profiles = seen.profiles.filter(({ name, filled }) => filled > 0 || !drops.has(name));
  const used = { ...seen, profiles: profiles.length === 0 ? seen.profiles : profiles };
  return { profiles: used.profiles, guess: { ...facts, ...columnsOf(used, mended.delimiter) } };
}

type Columns = Pick<Guess, 'columns' | 'nullValues' | 'sampled' | 'isWhole'>;
/** Columns that are made wider than their cells seemed to need. */
type Wider = ReadonlyMap<string, 'optional' | 'text'>;

/** The same guess of columns of which more is known by now. */
export function retyped(guess: Guess, profiles: readonly ColumnProfile[], wider: Wider): Guess {
  const { sampled, isWhole, parser, delimiter } = guess;
  const seen = { profiles, rows: sampled, isWhole };
  return { ...guess, ...columnsOf(seen, parser === 'csv' ? delimiter : null, wider) };
}

/** Types of columns, each also by what the others are like. */
function columnsOf(
  { profiles, rows, isWhole }: RowsSeen,
  delimiter: string | null,
  wider: Wider = new Map(),
): Columns {
  for (const profile of profiles) profile.look();
  const style = fileStyle(profiles, delimiter, isWhole);
  const columns = profiles.map((profile) => widened(columnOf(profile, style), wider.get(profile.name)));
  const shared = sharedNulls(columns, profiles);
  const own = columns.map((column) =>
    column.nulls.every((word) => shared.includes(word)) ? column : withNulls(column),
  );
  return { columns: own, nullValues: shared, sampled: rows, isWhole };
}

function columnOf(profile: ColumnProfile, style: FileStyle): GuessedColumn {
  const guessed = guessType(profile, style);
  const { name, empty, blank } = profile;
  const isText = guessed.type === 'string' || guessed.type === 'enum';
  const optional = empty > 0 || guessed.nulls.length > 0 || (blank > 0 && !isText);
  return {
    name,
    ...guessed,
    optional,
    examples: profile.examples.filter((text) => !guessed.nulls.includes(text)),
  };
}

function widened(column: GuessedColumn, to: 'optional' | 'text' | undefined): GuessedColumn {
  if (to === undefined) return column;
  if (to === 'optional') return { ...column, optional: true };
  return {
    ...column,
    type: 'string',
    settings: {},
    nulls: column.nulls.filter(isNullWord),
    misfit: null,
    doubts: [],
  };
}

/** Words that mean nothing in one column and are text in no other. */
function sharedNulls(columns: readonly GuessedColumn[], profiles: readonly ColumnProfile[]): string[] {
  const words = new Set(columns.flatMap(({ nulls }) => nulls));
  const isText = (word: string) =>
    columns.some(
      ({ nulls }, index) =>
        !nulls.includes(word) &&
        (profiles[index]?.nullWords.has(word) || profiles[index]?.words?.has(word) !== false),
    );
  return [...words].filter((word) => !isText(word));
}

function withNulls(column: GuessedColumn): GuessedColumn {
  return { ...column, settings: { ...column.settings, 'null.values': column.nulls.join(', ') } };
}

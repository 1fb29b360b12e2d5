import type { RowTrace } from '../../dry-run/row-trace.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { printable, shellWord, widthOf, wrap } from '../../terminal/text.ts';
import { fieldLines, parserLines } from '../guess/feed-line.ts';
import type { Guess, GuessedColumn } from '../guess/guess.ts';
import type { CheckedGuess } from '../guess/guess-file.ts';
import type { Preview } from '../preview.ts';
import { fieldsOf } from '../record-changes.ts';
import { type Cell, columnsThatFit, GAP_WIDTH, lineOf } from './fit-columns.ts';

const LONGEST_CELL = 26;
const ROW_MARK = 5;
/** Of name, type and examples. */
const COLUMN_STYLES = [null, 'cyan', 'dim'] as const;
const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
};

/** Draws the rows as a table, then what was guessed of the file; `next` are the words of the command to go on with. */
export function drawGuess(
  preview: Preview,
  guess: CheckedGuess,
  next: readonly string[],
  terminal: Terminal,
): string {
  const title = `${printable(preview.file)} without a feed: guessed from ${sampleText(guess)}`;
  const lines = [
    ...wrap(title, terminal.width).map((line) => terminal.paint('bold', line)),
    '',
    ...rowTable(preview, guess, terminal),
    '',
    ...wrap(dialectText(guess), terminal.width),
    '',
    ...columnTable(guess.columns, terminal),
    ...assumptions(guess, terminal),
    '',
    ...checkText(guess, terminal),
    '',
    next.includes('--save')
      ? 'To write this as a feed:'
      : 'The feed is written. To see what it makes of the rows:',
    // To be copied, it must be one line.
    `  headrace ${next.map(shellWord).join(' ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function sampleText({ sampled, isWhole }: Guess): string {
  if (isWhole) return sampled === 1 ? 'its one row' : `all of its ${sampled} rows`;
  return `its first ${sampled} rows`;
}

/** What was taken for granted, each with the lines that would say otherwise. */
function assumptions({ doubts, columns }: Guess, terminal: Terminal): string[] {
  const ofColumns = columns.flatMap(({ name, doubts: own }) =>
    own.map(({ text, change }) => ({ text: `${name}: ${text}`, lines: fieldLines(name, change) })),
  );
  const all = [...doubts.map(({ text, change }) => ({ text, lines: parserLines(change) })), ...ofColumns];
  if (all.length === 0) return [];
  const lines = all.flatMap((one) => [
    ...wrap(`- ${printable(one.text)}${one.lines.length > 0 ? '; otherwise:' : ''}`, terminal.width),
    ...one.lines.map((line) => `    ${printable(line)}`),
  ]);
  return ['', terminal.paint('bold', 'Assumed, with the lines that would change it:'), ...lines];
}

/** What became of the rows of the file in the feed, and the rows that it would not load. */
function checkText({ check }: CheckedGuess, terminal: Terminal): string[] {
  const { rows, isWhole, rejected, left } = check;
  const count = rows === 1 ? 'row' : `${rows} rows`;
  const which = isWhole ? `${rows === 1 ? 'the one' : 'all'} ${count} of the file` : `the first ${count}`;
  if (rejected === 0)
    return wrap(`Held against ${which}: ${rows === 1 ? 'it' : 'each'} would be loaded.`, terminal.width);
  const named = left.flatMap(({ row, line, reason, choices }) => [
    ...wrap(`✗ row ${row}, line ${line}: ${printable(reason)}`, terminal.width),
    ...choices.map((choice) => `    ${printable(choice)}`),
  ]);
  const more = rejected > left.length ? [`… and ${rejected - left.length} more`] : [];
  return [
    ...wrap(
      `Held against ${which}: ${rejected} would be rejected. A line below one would load it as text:`,
      terminal.width,
    ),
    ...named,
    ...more,
  ];
}

function rowTable({ rows }: Preview, { columns }: Guess, terminal: Terminal): string[] {
  const { paint } = terminal;
  const parsed = rows.map((row) => cellsOf(row));
  const wanted = columns.map(({ name }) => {
    const longest = Math.max(...[name, ...parsed.map((cells) => cells?.get(name) ?? '')].map(widthOf));
    return Math.min(longest, LONGEST_CELL);
  });
  const widths = columnsThatFit(wanted, terminal.width - ROW_MARK - GAP_WIDTH);
  const names = columns.slice(0, widths.length).map(({ name }) => name);
  const heads = names.map((name) => ({ text: printable(name) }));
  const lines = [paint('bold', lineOf([{ text: 'row' }, ...heads], [ROW_MARK, ...widths]))];
  for (const [index, row] of rows.entries()) {
    const cells = parsed[index] && names.map((name) => parsed[index]?.get(name) ?? '');
    lines.push(...rowLines(row, cells, widths, terminal));
  }
  const left = columns.length - widths.length;
  if (left > 0) lines.push(paint('dim', `… and ${left} more to the right; all columns are below`));
  return lines;
}

function rowLines(
  { origin, outcome, raw }: RowTrace,
  cells: readonly string[] | undefined,
  widths: readonly number[],
  { width, paint }: Terminal,
): string[] {
  const number = { text: String(origin.row), paint: (text: string) => paint('dim', text) };
  const rest: Cell[] = widths.map((_, index) => ({ text: cells?.[index] ?? '' }));
  const room = width - ROW_MARK - GAP_WIDTH;
  const line =
    cells === undefined
      ? lineOf([number, { text: printable(raw.subarray(0, 500).toString()) }], [ROW_MARK, room])
      : lineOf([number, ...rest], [ROW_MARK, ...widths]);
  if (outcome.kind !== 'rejected') return [line];
  const why = wrap(`✗ ${printable(outcome.rejection.message)}`, room);
  return [line, ...why.map((text) => ' '.repeat(ROW_MARK + GAP_WIDTH) + paint('red', text))];
}

/** A row's cells as they stand in the file; undefined when it could not be parsed. */
function cellsOf({ stages }: RowTrace): ReadonlyMap<string, string> | undefined {
  const record = stages[0]?.records[0];
  if (record === undefined) return undefined;
  return new Map([...fieldsOf(record)].map(([name, cell]) => [name, printable(String(cell).slice(0, 100))]));
}

function dialectText(guess: Guess): string {
  const { encoding, byteOrderMark, nullValues } = guess;
  const facts = [
    `encoding ${encoding}${byteOrderMark ? ' with a byte order mark' : ''}`,
    ...parserFacts(guess),
  ];
  if (nullValues.length > 0) facts.push(`${nullValues.join(', ')} for nothing`);
  return facts.join('; ');
}

function parserFacts(guess: Guess): string[] {
  const { parser, options } = guess;
  if (parser === 'jsonl') return ['JSON lines'];
  if (parser === 'lines') return ['lines of text'];
  const { comment, section } = options;
  return [
    ...(parser === 'csv' ? csvFacts(guess) : ['cells at fixed places']),
    ...(comment === undefined ? [] : [`comments after ${comment}`]),
    ...(section === undefined ? [] : [`rows of ${section} alone`]),
    ...(options['footer.lines'] === undefined && options['footer.pattern'] === undefined ? [] : ['a footer']),
  ];
}

function csvFacts({ delimiter, quote, header, renamed, trim, options }: Guess): string[] {
  const place = options['header.row'];
  const where = place === undefined ? '' : ` on ${place.includes('-') ? 'lines' : 'line'} ${place}`;
  return [
    `cells between ${DELIMITER_NAMES[delimiter] ?? JSON.stringify(delimiter)}${quote === '"' ? '' : `, quoted by ${quote}`}`,
    header ? `a header${where}${renamed ? ' with names that cannot be used as they are' : ''}` : 'no header',
    ...(trim ? ['white space around cells'] : []),
  ];
}

function columnTable(columns: readonly GuessedColumn[], terminal: Terminal): string[] {
  const lines = columns.map((column) => [printable(column.name), typeText(column), examplesText(column)]);
  const table = [['column', 'type', 'examples'], ...lines];
  const widthAt = (index: number) => Math.max(...table.map((line) => widthOf(line[index] ?? '')));
  const names = Math.min(widthAt(0), Math.floor(terminal.width / 3));
  const types = Math.min(widthAt(1), Math.floor(terminal.width / 3));
  const widths = [names, types, terminal.width - names - types - 2 * GAP_WIDTH];
  return table.map((line, row) => {
    const cells = line.map((text, index) => {
      const style = row === 0 ? 'bold' : COLUMN_STYLES[index];
      return { text, ...(style && { paint: (shown: string) => terminal.paint(style, shown) }) };
    });
    return lineOf(cells, widths);
  });
}

/** Settings of a field as a person says them. */
const SAID: Readonly<Record<string, (value: string) => string>> = {
  currency: (signs) => `in ${signs}`,
  'null.values': (words) => `${words} for nothing`,
  trim: () => 'trimmed',
};

function typeText({ type, settings, optional }: GuessedColumn): string {
  const { decimal, thousands, grouping, ...others } = settings;
  const isPlain = decimal === undefined && thousands === undefined;
  const parts = [
    ...(isPlain ? [] : [`like ${numberLike(settings, type === 'long')}`]),
    ...Object.entries(others).map(([name, value]) => SAID[name]?.(value) ?? value),
  ];
  return `${[type, ...parts].join(' ')}${optional ? ', optional' : ''}`;
}

/** A number as a column writes them. */
function numberLike(
  { decimal = '.', thousands = '', grouping }: GuessedColumn['settings'],
  isWhole: boolean,
): string {
  const groups = grouping === 'indian' ? ['12', '34', '567'] : ['1', '234'];
  return `${groups.join(thousands)}${isWhole ? '' : `${decimal}5`}`;
}

function examplesText({ examples, misfit }: GuessedColumn): string {
  const shown = examples
    .filter((example) => example !== misfit)
    .map((example) => printable(example.slice(0, 60)));
  if (misfit === null) return shown.join(', ');
  return `✗ ${JSON.stringify(misfit.slice(0, 60))} does not fit; ${shown.join(', ')}`;
}

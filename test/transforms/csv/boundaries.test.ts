import { type Options, parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import csv from '../../../transforms/csv/index.ts';
import { cut, expectSameRowsFromAnyBatch, expectSameRowsHoweverCut } from '../cut-files.ts';
import { fakeFile, makeParser, pushAll, rowsOf } from '../support.ts';

interface TestDialect {
  readonly delimiter?: string;
  readonly skipLines?: number;
  readonly header?: boolean;
  readonly encoding?: string;
  readonly headerRow?: string;
  readonly [option: string]: unknown;
}

const dialects: TestDialect[] = [
  {},
  { skipEmptyLines: false },
  { delimiter: '||' },
  { delimiter: '||', quote: '' },
  { delimiter: '||', comment: ['#'], skipEmptyLines: false },
  { skipEmptyRows: true, shortRows: 'fill', skipEmptyLines: false },
  { delimiter: 'é' },
  { quote: '' },
  { escape: '\\' },
  { trim: true },
  { trimLeft: true },
  { trimRight: true },
  { relaxQuotes: true },
  { relaxQuotes: true, trim: true, escape: '\\' },
  { relaxQuotes: true, maxRecordBytes: 5 },
  { comment: ['#'] },
  { comment: ['#', 'é', '\\'] },
  { section: ['x', 'a'] },
  { section: ['a', 'é'], header: false, columns: ['p', 'q'], footerLines: 1 },
  { skipRepeatedHeaders: true },
  { skipRepeatedHeaders: true, trim: true },
  { skipRepeatedHeaders: true, header: false, columns: ['a', 'é'] },
  { headerRow: '1-2' },
  { columns: ['p', 'q'] },
  { footerLines: 1 },
  { footerLines: 3, encoding: 'utf16le' },
  { footerLines: 2, maxRecordBytes: 20 },
  { footerLines: 2, footerPattern: '*' },
  { skipLines: 2 },
  { header: false, columns: ['x', 'y'] },
  { header: false, columns: ['x', 'y'], skipLines: 1 },
  { maxRecordBytes: 20 },
  { maxRecordBytes: 3 },
  { maxRecordBytes: 3, escape: '\\' },
  { maxRecordBytes: 3, encoding: 'utf16le' },
  { maxRecordBytes: 4, trim: true, delimiter: '||' },
  { controlCharacters: 'remove' },
  { controlCharacters: 'reject', escape: '\\' },
  { controlCharacters: 'remove', encoding: 'utf16le' },
  { encoding: 'utf16le' },
  { encoding: 'utf16be' },
  { encoding: 'windows-1252' },
  { encoding: 'shift_jis' },
  { encoding: 'big5', maxRecordBytes: 3 },
  { quotedEmpty: 'text', shortRows: 'fill' },
];

/** Text in which whatever ends, opens or separates something is likely, and errors too. */
const messyText = fc
  .array(
    fc.constantFrom(
      'a',
      'é',
      '𝄞',
      ',',
      ',',
      '||',
      '"',
      '""',
      '"a",',
      '\\',
      '#',
      ' ',
      '\0',
      '\n',
      '\n',
      '\r',
      '\r\n',
    ),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(''));

const file = fc
  .record({ dialect: fc.constantFrom(...dialects), text: messyText, bom: fc.boolean(), spoil: fc.boolean() })
  .map(({ dialect, text, bom, spoil }) => {
    const header = `x${dialect.delimiter ?? ','}y\n`.repeat(dialect.headerRow === '1-2' ? 2 : 1);
    const before = '1\n2\n'.slice(0, 2 * (dialect.skipLines ?? 0));
    const whole = `${bom ? '\ufeff' : ''}${before}${dialect.header === false ? '' : header}${text}`;
    const isUtf16 = dialect.encoding?.startsWith('utf16') ?? false;
    const bytes = Buffer.from(whole, isUtf16 ? 'utf16le' : 'utf8');
    if (dialect.encoding === 'utf16be') bytes.swap16();
    return { options: dialect, bytes: spoil ? Buffer.concat([bytes, Buffer.of(0xff, 0x2c, 0x61)]) : bytes };
  });

it('Rows are the same however the bytes are cut, and batches cover every byte once', async () => {
  await expectSameRowsHoweverCut(csv, file, 2000);
});

it('Rows are the same when reading goes on after any batch', async () => {
  await expectSameRowsFromAnyBatch(csv, file, 2000);
});

const cell = fc
  .array(
    fc.constantFrom(
      'a',
      'é',
      '𝄞',
      ' ',
      ',',
      ';',
      '"',
      "'",
      '\\',
      '\n',
      '\r',
      '#',
      '0',
      '|',
      '~',
      '\x01',
      '§',
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));

const table = fc
  .record({
    cells: fc.integer({ min: 1, max: 4 }).chain((width) =>
      fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: width, maxLength: width }), {
        maxLength: 8,
      }),
    ),
    delimiter: fc.constantFrom(',', ';', '||', '~|~', '\x01\x02', '§', 'a'.repeat(17)),
    escape: fc.constantFrom('"', '\\'),
    lineEnds: fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 1 }),
    sides: fc.constantFrom({}, { trim: true }, { trimLeft: true }, { trimRight: true }),
    relaxQuotes: fc.boolean(),
    comment: fc.constantFrom(null, '#'),
    skipEmptyLines: fc.boolean(),
  })
  .map(({ cells, lineEnds, ...dialect }) => {
    const rows = cells.map((row, i) => {
      const end = lineEnds[i % lineEnds.length] as string;
      return row.map(([text, quoted]) => written(text, quoted, dialect)).join(dialect.delimiter) + end;
    });
    return { text: rows.join(''), width: cells[0]?.length ?? 1, dialect };
  });

function written(
  text: string,
  quoted: boolean,
  dialect: { delimiter: string; escape: string; relaxQuotes: boolean },
): string {
  const isPlain = !/[\r\n]/.test(text) && !text.includes(dialect.delimiter);
  if (dialect.relaxQuotes && !quoted && isPlain && !text.trimStart().startsWith('"')) return text;
  if (!quoted && isPlain && !text.includes('"')) return text;
  if (dialect.escape === '"') return `"${text.replaceAll('"', '""')}"`;
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

interface Sides {
  readonly trim?: boolean;
  readonly trimLeft?: boolean;
  readonly trimRight?: boolean;
}

/** csv-parse's own answer; null where it has none, or takes a comment for the end of a quoted cell. */
function csvParse(text: string, dialect: Options): string[][] | null {
  if (dialect.comment !== null && text.includes('"#')) return null;
  // Of a cell that goes on behind its closing quote it takes the escapes away, and puts the quotes back.
  const isStrict =
    dialect.relax_quotes !== true || csvParse(text, { ...dialect, relax_quotes: false }) !== null;
  if (!isStrict && text.includes('""')) return null;
  try {
    return parse(text, {
      ...dialect,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
    }) as string[][];
  } catch {
    return null;
  }
}

it('Cells are those of csv-parse', () => {
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 20 }), ({ text, width, dialect }, size) => {
      const { skipEmptyLines, sides, relaxQuotes, ...marks } = dialect;
      const { trim = false, trimLeft = trim, trimRight = trim }: Sides = sides;
      const same = { ...marks, ltrim: trimLeft, rtrim: trimRight, relax_quotes: relaxQuotes };
      const comment = dialect.comment === null ? [] : [dialect.comment];
      const expected = csvParse(text, { ...same, comment_no_infix: true, skip_empty_lines: skipEmptyLines });
      if (expected === null) return;
      const bytes = Buffer.from(text);
      const columns = Array.from({ length: width }, (_, i) => `c${i}`);
      const options = { ...marks, ...sides, skipEmptyLines, relaxQuotes, comment };
      const parser = makeParser(csv, { ...options, header: false, columns });
      const pieces = cut(bytes, Array(Math.floor(bytes.length / size)).fill(size));
      const rows = rowsOf(pushAll(parser.open(fakeFile()), pieces));
      expect(rows.map(({ cells }) => cells)).toEqual(
        expected.map((row) => (row.length === width ? row : null)),
      );
    }),
    { numRuns: 3000 },
  );
});

/** A quoted cell of parts: what stands in the file, what csv-parse must be given for it, and what is meant. */
const part = (escaping: string) =>
  fc.constantFrom(
    ['n', 'n', 'n'],
    [' ', ' ', ' '],
    [',', ',', ','],
    ['\n', '\n', '\n'],
    ['é', 'é', 'é'],
    [`${escaping}"`, `${escaping}"`, '"'],
    [`${escaping}${escaping}`, `${escaping}${escaping}`, escaping],
    // csv-parse takes an escape away before anything, which its own documentation denies.
    [`${escaping}n`, `${escaping}${escaping}n`, `${escaping}n`],
    [`${escaping},`, `${escaping}${escaping},`, `${escaping},`],
    [`${escaping}\n`, `${escaping}${escaping}\n`, `${escaping}\n`],
  );

const escapedRow = fc.constantFrom('\\', '^', '$', "'").chain((escaping) =>
  fc.record({
    escaping: fc.constant(escaping),
    quoted: fc.array(part(escaping), { maxLength: 8 }),
    plain: fc
      .array(fc.constantFrom('a', 'n', escaping, ' '), { maxLength: 6 })
      .map((characters) => characters.join('')),
  }),
);

it('An escape goes only where it stands before a quote or itself, within quotes', () => {
  fc.assert(
    fc.property(escapedRow, fc.integer({ min: 1, max: 9 }), ({ escaping, quoted, plain }, size) => {
      const [inFile, forCsvParse, meant] = [0, 1, 2].map((i) => quoted.map((forms) => forms[i]).join(''));
      const bytes = Buffer.from(`"${inFile}",${plain}\n1,"2"\n`);
      const pieces = cut(bytes, Array(Math.floor(bytes.length / size)).fill(size));
      const parser = makeParser(csv, { escape: escaping, header: false, columns: ['x', 'y'] });
      const rows = rowsOf(pushAll(parser.open(fakeFile()), pieces)).map(({ cells }) => cells);
      expect(rows).toEqual([
        [meant, plain],
        ['1', '2'],
      ]);
      expect(rows).toEqual(parse(`"${forCsvParse}",${plain}\n1,"2"\n`, { escape: escaping }));
    }),
    { numRuns: 2000 },
  );
});

import { type Options, parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import csv from '../../../transforms/parse-csv/index.ts';
import { fakeFile, makeParser, pushAll, rowsOf, startAfter } from '../support.ts';

interface TestDialect {
  readonly delimiter?: string;
  readonly skipLines?: number;
  readonly header?: boolean;
  readonly encoding?: string;
  readonly [option: string]: unknown;
}

const dialects: TestDialect[] = [
  {},
  { skipEmptyLines: false },
  { delimiter: '||' },
  { quote: '' },
  { escape: '\\' },
  { trim: true },
  { comment: '#' },
  { skipLines: 2 },
  { header: false, columns: ['x', 'y'] },
  { header: false, columns: ['x', 'y'], skipLines: 1 },
  { maxRecordBytes: 20 },
  { encoding: 'utf16le' },
  { encoding: 'windows-1252' },
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
    const header = dialect.delimiter === '||' ? 'x||y\n' : 'x,y\n';
    const before = '1\n2\n'.slice(0, 2 * (dialect.skipLines ?? 0));
    const whole = `${bom ? '\ufeff' : ''}${before}${dialect.header === false ? '' : header}${text}`;
    const encoding = dialect.encoding === 'utf16le' ? 'utf16le' : 'utf8';
    const bytes = Buffer.from(whole, encoding);
    return { dialect, bytes: spoil ? Buffer.concat([bytes, Buffer.of(0xff, 0x2c, 0x61)]) : bytes };
  });

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...pieces, bytes.subarray(at)];
}

it('Rows are the same however the bytes are cut, and batches cover every byte once', () => {
  fc.assert(
    fc.property(
      file,
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }),
      ({ dialect, bytes }, sizes) => {
        const parser = makeParser(csv, dialect);
        const whole = pushAll(parser.open(fakeFile()), [bytes]);
        for (const pieces of [cut(bytes, sizes), cut(bytes, Array(bytes.length).fill(1))]) {
          const batches = pushAll(parser.open(fakeFile()), pieces);
          expect(rowsOf(batches)).toEqual(rowsOf(whole));
          expect(Buffer.concat(batches.map((batch) => batch.bytes))).toEqual(bytes);
          expect(batches.at(-1)?.progress).toEqual(whole.at(-1)?.progress);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

it('Rows are the same when reading goes on after any batch', () => {
  fc.assert(
    fc.property(
      file,
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }),
      ({ dialect, bytes }, sizes) => {
        const parser = makeParser(csv, dialect);
        const batches = pushAll(parser.open(fakeFile()), cut(bytes, sizes));
        batches.slice(0, -1).forEach((batch, i) => {
          const resumed = parser.open(fakeFile(startAfter(batch, bytes)));
          const rest = pushAll(resumed, [bytes.subarray(batch.progress.position)]);
          expect(rowsOf(rest)).toEqual(rowsOf(batches.slice(i + 1)));
          expect(rest.at(-1)?.progress).toEqual(batches.at(-1)?.progress);
        });
      },
    ),
    { numRuns: 1500 },
  );
});

const cell = fc
  .array(fc.constantFrom('a', 'é', '𝄞', ' ', ',', ';', '"', "'", '\\', '\n', '\r', '#', '0'), {
    maxLength: 5,
  })
  .map((parts) => parts.join(''));

const table = fc
  .record({
    cells: fc.integer({ min: 1, max: 4 }).chain((width) =>
      fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: width, maxLength: width }), {
        maxLength: 8,
      }),
    ),
    delimiter: fc.constantFrom(',', ';', '||'),
    escape: fc.constantFrom('"', '\\'),
    lineEnds: fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 1 }),
    trim: fc.boolean(),
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

function written(text: string, quoted: boolean, dialect: { delimiter: string; escape: string }): string {
  if (!quoted && !/["\r\n]/.test(text) && !text.includes(dialect.delimiter)) return text;
  if (dialect.escape === '"') return `"${text.replaceAll('"', '""')}"`;
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** csv-parse's own answer; null where it has none, or takes a comment for the end of a quoted cell. */
function csvParse(text: string, dialect: Options): string[][] | null {
  if (dialect.comment !== null && text.includes('"#')) return null;
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
      const { skipEmptyLines, ...same } = dialect;
      const expected = csvParse(text, { ...same, comment_no_infix: true, skip_empty_lines: skipEmptyLines });
      if (expected === null) return;
      const bytes = Buffer.from(text);
      const columns = Array.from({ length: width }, (_, i) => `c${i}`);
      const parser = makeParser(csv, { ...dialect, header: false, columns });
      const pieces = cut(bytes, Array(Math.floor(bytes.length / size)).fill(size));
      const rows = rowsOf(pushAll(parser.open(fakeFile()), pieces));
      expect(rows.map(({ cells }) => cells)).toEqual(
        expected.map((row) => (row.length === width ? row : null)),
      );
    }),
    { numRuns: 3000 },
  );
});

import { crc32 } from 'node:zlib';
import { type Options, parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FileStart } from '../../../src/plugin/index.ts';
import type { RowBatch } from '../../../src/rows/index.ts';
import csv from '../../../transforms/csv/index.ts';
import { fakeFile, makeParser, pushAll, readAll, rowsOf, startAfter, wholeFile } from '../support.ts';

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
  { maxRecordBytes: 3 },
  { maxRecordBytes: 3, escape: '\\' },
  { maxRecordBytes: 3, encoding: 'utf16le' },
  { maxRecordBytes: 4, trim: true, delimiter: '||' },
  { encoding: 'utf16le' },
  { encoding: 'utf16be' },
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
    const isUtf16 = dialect.encoding?.startsWith('utf16') ?? false;
    const bytes = Buffer.from(whole, isUtf16 ? 'utf16le' : 'utf8');
    if (dialect.encoding === 'utf16be') bytes.swap16();
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

/** What a parser makes of a file in pieces; null when one of its lines is so long that it is no file of rows. */
async function read(
  dialect: TestDialect,
  bytes: Buffer,
  pieces: readonly Buffer[],
  from: FileStart | null = null,
): Promise<RowBatch[] | null> {
  const parser = makeParser(csv, dialect).open(wholeFile(bytes, from, 2));
  return readAll(parser, pieces).catch((error: Error) => {
    if (error.message.includes('has no end within')) return null;
    throw error;
  });
}

/** Each byte is in a batch, or in what one skipped, and what is kept of those is theirs. */
function expectEveryByteOnce(batches: readonly RowBatch[], bytes: Buffer): void {
  let at = 0;
  for (const { position, bytes: held, skipped, progress } of batches) {
    expect(position).toBe(at);
    expect(held).toEqual(bytes.subarray(at, at + held.length));
    const rest = bytes.subarray(at + held.length, progress.position);
    expect(skipped?.length ?? 0).toBe(rest.length);
    expect(skipped?.crc32 ?? 0).toBe(crc32(rest));
    expect(skipped?.tail ?? Buffer.alloc(0)).toEqual(rest.subarray(-1024));
    at = progress.position;
  }
  expect(at).toBe(bytes.length);
}

it('Rows are the same however the bytes are cut, and batches cover every byte once', async () => {
  await fc.assert(
    fc.asyncProperty(
      file,
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }),
      async ({ dialect, bytes }, sizes) => {
        const whole = (await read(dialect, bytes, [bytes])) ?? [];
        for (const pieces of [cut(bytes, sizes), cut(bytes, Array(bytes.length).fill(1))]) {
          const batches = await read(dialect, bytes, pieces);
          if (batches === null) continue;
          expect(rowsOf(batches)).toEqual(rowsOf(whole));
          expectEveryByteOnce(batches, bytes);
          expect(batches.at(-1)).toMatchObject({ eof: true, progress: whole.at(-1)?.progress });
          expect(batches.slice(0, -1).some(({ eof }) => eof)).toBe(false);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

it('Rows are the same when reading goes on after any batch', async () => {
  await fc.assert(
    fc.asyncProperty(
      file,
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }),
      async ({ dialect, bytes }, sizes) => {
        const batches = (await read(dialect, bytes, cut(bytes, sizes))) ?? [];
        for (const [i, batch] of batches.slice(0, -1).entries()) {
          const from = startAfter(batch, bytes);
          const rest = await read(dialect, bytes, [bytes.subarray(batch.progress.position)], from);
          expect(rowsOf(rest ?? [])).toEqual(rowsOf(batches.slice(i + 1)));
          expect(rest?.at(-1)?.progress).toEqual(batches.at(-1)?.progress);
        }
      },
    ),
    { numRuns: 2000 },
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

import { expect, it } from 'vitest';
import { RowBatch } from '../../../src/rows/index.ts';
import csv from '../../../transforms/csv/index.ts';
import { makeParser, pushBatch, readAll, rowsOf, wholeFile } from '../support.ts';

function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) + 1 }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}

async function read(text: string, options: Record<string, unknown> = {}, size = 262_144) {
  const bytes = Buffer.from(text, options.encoding === 'utf16le' ? 'utf16le' : 'utf8');
  return readAll(makeParser(csv, options).open(wholeFile(bytes)), cut(bytes, size));
}

/** Cells, or error and raw bytes' length, of each row. */
function seen(batches: readonly RowBatch[]) {
  return rowsOf(batches).map(({ cells, error, line, raw }) => cells ?? { line, error, kept: raw.length });
}

const FAKE = 'FAKE,row\n'.repeat(130_000);

it('A quoted cell that is longer than max.record.bytes and closes is one rejection, and no line within it is a row', async () => {
  const text = `sym,note\nA,ok\nB,"${FAKE}"\nC,ok\n`;
  expect(seen(await read(text))).toEqual([
    ['A', 'ok'],
    {
      line: 3,
      error:
        'RecordTooLong: expected at most 1048576 bytes (max.record.bytes), got 1170004 on lines 3 to 130003; the ' +
        'first 65536 bytes are kept',
      kept: 65_536,
    },
    ['C', 'ok'],
  ]);
});

it.each([64, 1000, 262_144, 4_000_000])(
  'A cell far longer than what is held is found to close by a look ahead, in pieces of %d bytes',
  async (size) => {
    const text = `sym,note\nA,ok\nB,"${'FAKE,row\n'.repeat(4000)}"\nC,ok\n`;
    expect(seen(await read(text, { maxRecordBytes: 100 }, size))).toEqual([
      ['A', 'ok'],
      {
        line: 3,
        error: 'RecordTooLong: expected at most 100 bytes (max.record.bytes), got 36004 on lines 3 to 4003',
        kept: 36_004,
      },
      ['C', 'ok'],
    ]);
  },
);

it('One that closes within a single line, sixteen times as long as a row, is one rejection as well', async () => {
  const text = `sym,note\nB,"${'x'.repeat(5000)}",\nB,"${'x'.repeat(5000)}"\nC,ok\n`;
  const rows = seen(await read(text, { maxRecordBytes: 100 }, 64));
  expect(rows.map((row) => ('error' in row ? row.error?.split(':')[0] : row))).toEqual([
    'RecordTooLong',
    'RecordTooLong',
    ['C', 'ok'],
  ]);
});

it.each([
  ['an escaped quote', 'He said ""x"",\n'],
  ['an escape of its own', 'He said \\",x\n', { escape: '\\' }],
  ['UTF-16', 'é𝄞,"",\n', { encoding: 'utf16le' }],
  ['quotes of the same kind within quotes of another', 'a "b" c,\r\n', { quote: "'" }],
] as [string, string, Record<string, unknown>?][])(
  'Such a cell may hold %s',
  async (_, line, options = {}) => {
    const quote = options.quote ?? '"';
    const text = `sym,note\nA,ok\nB,${quote}${line.repeat(3000)}${quote}\nC,ok\n`;
    const rows = seen(await read(text, { ...options, maxRecordBytes: 100 }, 333));
    expect(rows.map((row) => ('error' in row ? row.error?.split(':')[0] : row))).toEqual([
      ['A', 'ok'],
      'RecordTooLong',
      ['C', 'ok'],
    ]);
  },
);

it('A quote that never closes costs its line where what follows are rows, however many', async () => {
  const text = `sym,note\nA,ok\nB,"open\n${'FAKE,row\n'.repeat(4000)}C,ok\n`;
  const rows = seen(await read(text, { maxRecordBytes: 100 }, 4096));
  expect(rows).toHaveLength(4003);
  expect(rows[1]).toEqual({
    line: 3,
    error: 'UnclosedQuote: a quoted cell begins on this line and is not closed before the end of the file',
    kept: 7,
  });
  expect(rows.at(-1)).toEqual(['C', 'ok']);
});

it.each([100, 1_048_576])(
  'A quote that never closes is one rejection to the end of the file where what follows are no rows, with rows of up to %d bytes',
  async (maxRecordBytes) => {
    const text = `sym,note\nA,ok\nB,"open\n${'some, text, that goes on\n'.repeat(4000)}`;
    const rows = seen(await read(text, { maxRecordBytes }, 4096));
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({
      line: 3,
      error: expect.stringContaining(
        'lines 3 to 4004 (100008 bytes) are taken for one row, as they are no rows of 2 cells',
      ),
    });
  },
);

it('A far away quote that does not end its cell costs the line the cell began on, or all up to it, by the same rule', async () => {
  const after = (line: string) => `sym,note\nB,"open\n${line.repeat(4000)}C,"x"y\nD,ok\n`;
  const rows = seen(await read(after('FAKE,row\n'), { maxRecordBytes: 100 }, 4096));
  expect(rows).toHaveLength(4003);
  expect(rows.at(-1)).toEqual(['D', 'ok']);
  expect(seen(await read(after('no row\n'), { maxRecordBytes: 100 }, 4096))).toEqual([
    {
      line: 2,
      error: expect.stringContaining('lines 2 to 4003 (28014 bytes) are taken for one row'),
      kept: 28_014,
    },
    ['D', 'ok'],
  ]);
});

it('Sixteen times the length of a row is held, then a look ahead is taken; a batch has the beginning alone', async () => {
  const block = Buffer.from('FAKE,row\n'.repeat(116_508));
  const begin = Buffer.from('sym,note\nB,"');
  const end = Buffer.from('"\nC,ok\n');
  let aheadFrom = 0;
  const parser = makeParser(csv, {}).open({
    ...wholeFile(Buffer.alloc(0)),
    async *lookAhead(from) {
      aheadFrom = from;
      yield end;
    },
  });
  const batches: RowBatch[] = [];
  for (const piece of [begin, ...Array.from({ length: 20 }, () => block)]) {
    const batch = pushBatch(parser, piece, false);
    if (batch !== null) batches.push(batch);
    for await (const more of parser.rest?.() ?? []) batches.push(new RowBatch(more));
    if (aheadFrom > 0) break;
  }
  expect(aheadFrom).toBeGreaterThan(16 * 1_048_576);
  expect(aheadFrom).toBeLessThan(18 * 1_048_576);
  expect(batches.map(({ rowCount }) => rowCount)).toEqual([0]);
  const last = parser.push(end, false);
  expect(last?.bytes).toHaveLength(65_536);
  expect(last?.skipped?.length).toBe(aheadFrom - 'sym,note\n'.length + '"\n'.length - 65_536);
});

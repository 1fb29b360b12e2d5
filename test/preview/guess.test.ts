import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Guess } from '../../src/preview/guess/guess.ts';
import { columnText, guessOf, started } from './support/guesses.ts';

/** The type and settings of the only column beside `id`. */
async function typeOf(cells: readonly string[]): Promise<string> {
  const { columns } = await guessOf(`id;x\n${cells.map((cell, row) => `r${row};${cell}`).join('\n')}\n`);
  return columnText(columns[1] as Guess['columns'][number]);
}

describe('the guess of a file', () => {
  test.each([
    ['commas', ',', 'a,b\n1,"x,y"\n2,z\n'],
    ['semicolons, with commas for points', ';', 'a;b\n1;2,5\n2;3,5\n'],
    ['tabs', '\t', 'a\tb, c\n1\tx\n'],
    ['vertical bars', '|', 'a|b\n1|x;y\n'],
    ['one column', ',', 'a\nx\ny\n'],
  ])('tells cells apart: %s', async (_, delimiter, content) => {
    expect(await guessOf(content)).toMatchObject({ delimiter, header: true, quote: '"' });
  });

  test('finds another quote', async () => {
    expect(await guessOf("a,b\n'x, y',1\n'z',2\n")).toMatchObject({ quote: "'", delimiter: ',' });
  });

  test('finds out whether there is a header', async () => {
    expect(await guessOf('1,BHP\n2,CBA\n')).toMatchObject({ header: false, sampled: 2 });
    expect(await guessOf('symbol,name\nBHP,BHP Group\n')).toMatchObject({ header: true, sampled: 1 });
  });

  test('finds the encoding', async () => {
    expect(await guessOf('\ufeffa,b\n1,2\n')).toMatchObject({ encoding: 'utf8', byteOrderMark: true });
    expect(await guessOf(Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'))).toMatchObject({ encoding: 'utf16le' });
    const bigEndian = Buffer.from('\ufeffa,b\n1,2\n', 'utf16le').swap16();
    expect(await guessOf(bigEndian)).toMatchObject({ encoding: 'utf16be', byteOrderMark: true });
    expect(await guessOf(bigEndian.subarray(2))).toMatchObject({ encoding: 'utf16be', byteOrderMark: false });
    expect(await guessOf(Buffer.from('n\xe4me,v\nM\xfcller,1\n', 'latin1'))).toMatchObject({
      encoding: 'windows-1252',
      columns: [{ name: 'näme' }, { name: 'v' }],
    });
  });

  test.each([
    ['long', ['1', '-20', '9007199254740993']],
    ['double', ['1', '2.5', '1e9']],
    ['double decimal ,', ['1,5', '2,25', '3']],
    ['decimal', ['12345678901234567890.5', '1.25']],
    ['boolean', ['true', 'FALSE']],
    ['timestamp', ['2026-01-05T10:00:00.120Z', '2026-01-05 10:00:00']],
    ['date', ['2026-01-05', '2026-12-31']],
    ['date format yyyyMMdd', ['20260105', '20261231']],
    ['date format dd/MM/yyyy', ['05/01/2026', '31/01/2026']],
    ['timestamp format MM/dd/yyyy HH:mm:ss', ['01/31/2026 10:00:00', '02/01/2026 11:00:00']],
    ['long optional', ['1', '', '3']],
    ['string', ['x', 'y']],
  ])('types a column: %s', async (type, cells) => {
    expect(await typeOf(cells)).toBe(type);
  });

  test('takes few words that come again and again for an enum, in one case', async () => {
    const cells = Array.from({ length: 30 }, (_, row) => ['BUY', 'Sell', 'sell'][row % 3] as string);
    expect(await typeOf(cells)).toBe('enum symbols buy,sell case lower');
    expect(await typeOf(cells.slice(0, 6))).toBe('string');
  });

  test('types a column in spite of one bad cell, and shows that cell', async () => {
    const { columns } = await guessOf('a,b\n1,x\n2,y\n1O0,z\n4,z\n');
    expect(columns[0]).toMatchObject({ type: 'long', misfit: '1O0' });
  });

  test('knows words that mean nothing', async () => {
    const guess = await guessOf('a,b\n1,x\nNULL,y\n3,N/A\n');
    expect(guess.nullValues).toEqual(['NULL']);
    expect(guess.columns).toMatchObject([
      { type: 'long', optional: true },
      { type: 'string', optional: false },
    ]);
  });

  test.each([
    ['is empty; expected a file with rows', ''],
    ['has no rows: there is a header at most', 'a,b\n'],
    ['is not text, its first line has NUL bytes; expected rows of text such as CSV', 'a,\0\0b\n1,2\n'],
    [
      'is not text, it is full of control characters and no UTF-8; expected rows of text such as CSV',
      Buffer.from(Array.from({ length: 3000 }, (_, index) => ((index * 7919) % 255) + 1)),
    ],
    ['is UTF-32, which cannot be read; save it as UTF-8', Buffer.from([0, 0, 254, 255, 0, 0, 0, 97])],
  ])('says why there is none: %s', async (message, content) => {
    await expect(guessOf(content)).rejects.toThrow(`rows.csv: ${message}`);
  });
});

describe('the guess of JSON lines', () => {
  test('is told by the first line, and has the columns of all of them', async () => {
    const lines = [
      '{"id":"T1","price":{"amount":1.50,"note":null},"big":12345678901234567890.5,"ok":true}',
      'no JSON',
      '{"id":"T2","price":null,"tags":["a"],"extra":{"x":"é"}}',
      '{"id":"T3","price":{"amount":2},"extra":7}',
    ];
    const guess = await guessOf(`\ufeff\n${lines.join('\r\n')}\r\n`);
    expect(guess).toMatchObject({ parser: 'jsonl', encoding: 'utf8', byteOrderMark: true, sampled: 3 });
    expect(guess.columns.map(({ name, type, optional }) => [name, type, optional])).toEqual([
      ['id', 'string', false],
      ['price.amount', 'double', true],
      ['price.note', 'string', true],
      ['big', 'decimal', true],
      ['ok', 'boolean', true],
      ['tags', 'string', true],
      ['extra', 'string', true],
    ]);
  });

  test.each([
    ['[{"a":1},\n{"a":2}]\n', 'lines'],
    ['"a","b"\n1,2\n', 'csv'],
    ['{a},b\n1,2\n', 'csv'],
    ['{"a":\n1}\n', 'lines'],
  ])('is none: %j', async (text, parser) => {
    expect(await guessOf(text)).toMatchObject({ parser });
  });

  test('is a starter feed that reads them', async () => {
    const { text, rows } = await started('{"id":"T1","price":{"amount":1.5}}\n{"id":"T2"}\n', 'rows.jsonl');
    expect(text).toContain('\ntransforms.parse.type: jsonl\n\n');
    expect(text).toContain('#   input.file.pattern: "*.jsonl"\n');
    expect(rows.map(({ outcome }) => outcome.kind)).toEqual(['sent', 'sent']);
  });
});

describe('the starter feed', () => {
  test.each([
    ['semicolons and decimal commas', 'a;b\n1;2,5\n2;3,5\n', { a: 1n, b: 2.5 }],
    ['tabs', 'a\tb\n1\tx\n', { a: 1n, b: 'x' }],
    ['no header', '1,x\n2,y\n', { column_1: 1n, column_2: 'x' }],
    ['names that come twice or not at all', 'a,a,\n1,2,3\n', { a: 1n, a_2: 2n, column_3: 3n }],
    [
      'names that would be settings',
      'price,price.currency,x.format\n1,2,3\n',
      { price: 1n, 'price.currency': 2n, 'x.format': 3n },
    ],
    ['white space', 'a, b\n1, 2\n', { a: 1n, b: 2n }],
    [
      'names that YAML would take for something else',
      'on,a: b,#c\n1,2,3\n',
      { on: 1n, 'a: b': 2n, '#c': 3n },
    ],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,ü\n', 'utf16le'), { a: 1n, b: 'ü' }],
    ['UTF-16 of the other order', Buffer.from('a,b\n1,ü\n', 'utf16le').swap16(), { a: 1n, b: 'ü' }],
    ['windows-1252', Buffer.from('a,b\n1,\xfc\n', 'latin1'), { a: 1n, b: 'ü' }],
  ])('reads a file with %s', async (_, content, value) => {
    const { rows } = await started(content);
    expect(rows[0]?.outcome).toMatchObject({ kind: 'sent', records: [{ snapshot: { value } }] });
  });

  test('reads a compressed file', async () => {
    const { rows } = await started(gzipSync('a,b\n1,2\n'), 'rows.csv.gz');
    expect(rows[0]?.outcome.kind).toBe('sent');
  });

  test('takes its name from the file and its key from the columns, and leaves the time to the writing: rows may be old', async () => {
    const { config, text } = await started(
      'price,symbol,at\n1,BHP,2026-01-05T10:00:00Z\n',
      'asx_trades_20260110.csv',
    );
    expect(config.name).toBe('asx_trades');
    expect(text).toContain('transforms.route.topic: asx_trades\n');
    expect(text).toContain('transforms.route.key: symbol\n');
    expect(text).not.toContain('timestamp: at');
  });

  test.each([
    ['of all rows', 'one,two,three\n"0","\n$","0"\n"0","\n7","0"\n', 3],
    ['of the header', '"one\nof us",two,three\n1,"a\n\nb",2\n3,"c, d\n""e""",4\n', 3],
    ['that begin like a comment', 'id,note\n1,"a\n# b"\n2,"c\n- d\n- e"\n', 2],
    ['of the last row alone', 'one,two\n1,2\n3,"4\n"\n', 2],
  ])('reads cells %s that go on in the next line', async (_, content, width) => {
    const { guess, rows } = await started(content);
    expect(guess).toMatchObject({ header: true, check: { rows: 2, rejected: 0 } });
    expect(guess.options).not.toHaveProperty('comment');
    expect(guess.columns).toHaveLength(width);
    expect(rows).toHaveLength(2);
  });

  test('is a feed that takes every row but those that the guess names', async () => {
    const cell = fc.oneof(
      fc.integer().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.constantFrom(...ODD_CELLS),
      fc.string({ unit: 'binary-ascii', maxLength: 8 }).filter((text) => !text.includes('\0')),
    );
    const quoted = cell.map((text) => `"${text.replaceAll('"', '""')}"`);
    const table = fc.array(fc.tuple(quoted, quoted, quoted), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(table, async (cells) => {
        const { guess, rows } = await started(`one,two,three\n${cells.map((row) => `${row}\n`).join('')}`);
        const rejected = rows.filter(({ outcome }) => outcome.kind === 'rejected');
        expect(guess.check).toMatchObject({ rows: rows.length, rejected: rejected.length });
        if (guess.columns.every(({ misfit }) => misfit === null)) expect(rejected).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

const ODD_CELLS = [
  ...[
    '',
    'true',
    'BUY',
    'NULL',
    '-',
    '007',
    '-0',
    '1e400',
    '10E3',
    '.5',
    '5.',
    '+3',
    '(4)',
    '5-',
    '$6',
    '7%',
  ],
  ...['2026-01-05', '2026-02-30', '31/01/2026', '1/2/26', '05.01.2026', '2026-01-05 10:00', '9:30 PM'],
  ...['1,5', '1,234', '1.234', '1.234,50', '1 234', '1767225600000', '20260105', ' 7 ', 'Y', 'N'],
];

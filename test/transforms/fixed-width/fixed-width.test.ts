import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import fixedWidth from '../../../transforms/fixed-width/index.ts';
import { cut, expectSameRowsFromAnyBatch, expectSameRowsHoweverCut } from '../cut-files.ts';
import { fakeFile, makeParser, problemsOf, pushAll, rowsOf, type SeenRow } from '../support.ts';

const COLUMNS = ['symbol 1-4', 'price 6-11', 'side 12'];

function read(text: string | Buffer, options: Record<string, unknown> = {}): SeenRow[] {
  const parser = makeParser(fixedWidth, { columns: COLUMNS, ...options });
  return rowsOf(pushAll(parser.open(fakeFile()), [Buffer.from(text)]));
}

const outcomes = (rows: readonly SeenRow[]) => rows.map(({ cells, error }) => error ?? cells);

describe('cells stand at the places of their columns', () => {
  it('without the white space that fills them up', () => {
    expect(read('BHP  000012B\r\nRIO    1.50S\n')).toEqual([
      { row: 1, line: 1, offset: 0, raw: 'BHP  000012B', cells: ['BHP', '000012', 'B'] },
      { row: 2, line: 2, offset: 14, raw: 'RIO    1.50S', cells: ['RIO', '1.50', 'S'] },
    ]);
    expect(outcomes(read('\tB\u00a0H|\u3000   12 '))).toEqual([['B\u00a0H', '12', '']]);
  });

  it('or with it, when that is to stay', () => {
    expect(outcomes(read('BHP  000012B\n        1.5 \n', { trim: false }))).toEqual([
      ['BHP ', '000012', 'B'],
      ['    ', '   1.5', ' '],
    ]);
  });

  it('counted in characters, whatever these take in bytes', () => {
    expect(outcomes(read('éé日𝄞|12.50€B\nBHP  12.50 S\n'))).toEqual([
      ['éé日𝄞', '12.50€', 'B'],
      ['BHP', '12.50', 'S'],
    ]);
    const latin = Buffer.from('caf\xe9 00000\x80B', 'latin1');
    expect(outcomes(read(latin, { encoding: 'windows-1252' }))).toEqual([['café', '00000€', 'B']]);
    const utf16 = Buffer.from('\ufeffcafé 000001B\n', 'utf16le');
    expect(outcomes(read(utf16))).toEqual([['café', '000001', 'B']]);
  });

  it('whatever is in between, and quotes and delimiters are text', () => {
    expect(outcomes(read('"a,"?"b,c",x'))).toEqual([['"a,"', '"b,c",', 'x']]);
  });

  it('to the end of the line, where the last column is open', () => {
    const rows = read('BHP  a note of any length  \nRIO  x\nCBA  \nAB\n', {
      columns: ['symbol 1-4', 'note 6-'],
    });
    expect(outcomes(rows)).toEqual([
      ['BHP', 'a note of any length'],
      ['RIO', 'x'],
      ['CBA', ''],
      'LineTooShort: expected at least 5 characters, got 2: "symbol" is not all there',
    ]);
  });

  it('called by names that may have spaces in them', () => {
    const parser = makeParser(fixedWidth, { columns: ['trade date 1-8', 'id  9'] });
    const [batch] = pushAll(parser.open(fakeFile()), [Buffer.from('202601101')]);
    expect(batch?.record(0)?.value).toEqual({ 'trade date': '20260110', id: '1' });
  });
});

describe('a line that ends before its last column does', () => {
  it('is rejected alone', () => {
    expect(outcomes(read('BHP  000012B\nBHP  000012\nBHé  0001\nBHP  000012S'))).toEqual([
      ['BHP', '000012', 'B'],
      'LineTooShort: expected at least 12 characters, got 11: "side" is not all there',
      'LineTooShort: expected at least 12 characters, got 9: "price" is not all there',
      ['BHP', '000012', 'S'],
    ]);
  });

  it('or filled with empty cells', () => {
    expect(outcomes(read('BHP  000012\nBHP  12\nB\n', { shortLines: 'fill' }))).toEqual([
      ['BHP', '000012', ''],
      ['BHP', '12', ''],
      ['B', '', ''],
    ]);
  });
});

describe('a line that goes on behind its last column', () => {
  it('is rejected alone', () => {
    expect(outcomes(read('BHP  000012B!\nBHP  000012B\n'))).toEqual([
      'LineTooLong: expected at most 12 characters, got 13: it goes on behind "side"',
      ['BHP', '000012', 'B'],
    ]);
  });

  it('or its rest is ignored', () => {
    expect(outcomes(read('BHP  000012B!é\n', { longLines: 'ignore' }))).toEqual([['BHP', '000012', 'B']]);
  });

  it('is right where white space is all that is there', () => {
    expect(outcomes(read('BHP  000012B   \t\n'))).toEqual([['BHP', '000012', 'B']]);
  });
});

it('lines with nothing in them, comments and headings are passed over', () => {
  const text = 'SYM  PRICE SD\n----------\n\n# note\nBHP  000012B\n\n';
  expect(read(text, { skipLines: 2, comment: ['#'] })).toMatchObject([
    { row: 1, line: 5, cells: ['BHP', '000012', 'B'] },
  ]);
  expect(outcomes(read('\nBHP  000012B\n', { skipEmptyLines: false }))).toEqual([
    'LineTooShort: expected at least 12 characters, got 0: "symbol" is not all there',
    ['BHP', '000012', 'B'],
  ]);
});

it('a line that is too long for a row, or is not text, is rejected alone', () => {
  const rows = read(Buffer.from(`BHP  0000\xff2B\n${'x'.repeat(21)}\nBHP  000012B\n`, 'latin1'), {
    maxRecordBytes: 20,
  });
  expect(outcomes(rows)).toEqual([
    'InvalidUtf8: expected UTF-8, got other bytes in column "price" at byte 9 of the file',
    'RecordTooLong: expected at most 20 bytes (max.record.bytes), got 21',
    ['BHP', '000012', 'B'],
  ]);
});

describe('columns', () => {
  const told = (...columns: string[]) => problemsOf(fixedWidth, { columns });
  const spelling =
    'expected of each column its name and its place, such as symbol 1-8, or note 22- for one that goes on to the end of the line';

  it.each(['symbol', '1-8', 'symbol 0-8', 'symbol 8-1', 'symbol 1:8', 'symbol 1 - 8', 'symbol -8', ''])(
    '%j is none',
    (text) => {
      expect(told(text)).toEqual([`columns: ${spelling}; got ${JSON.stringify(text)}`]);
    },
  );

  it('come in the order in which they stand, none over another', () => {
    const order = 'name columns in the order in which they stand in a line';
    expect(told('a 1-8', 'b 8-9')).toEqual([`columns: b 8-9 begins before a 1-8 ends; ${order}`]);
    expect(told('a 5-8', 'b 1')).toEqual([`columns: b 1 begins before a 5-8 ends; ${order}`]);
    expect(told('a 5-', 'b 9')).toEqual([`columns: b 9 begins before a 5- ends; ${order}`]);
  });

  it('have different names', () => {
    expect(told('a 1', 'a 2')).toEqual(['columns: columns that come more than once: "a"']);
  });

  it('are known from the options', () => {
    expect(fixedWidth.columns?.({ columns: COLUMNS } as never)).toEqual(['symbol', 'price', 'side']);
  });
});

const part = fc.constantFrom('a', 'é', '𝄞', ' ', '  ', '#', '\u3000', '\n', '\n', '\r', '\r\n');
const text = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''));
const columns = fc.constantFrom(['a 1-2', 'b 4'], ['a 2', 'b 3-'], ['a 1-']);
const options = fc.record({
  columns,
  trim: fc.boolean(),
  shortLines: fc.constantFrom('reject', 'fill'),
  longLines: fc.constantFrom('reject', 'ignore'),
  comment: fc.constantFrom<string[]>([], ['#'], ['#', 'a']),
  skipEmptyLines: fc.boolean(),
  skipLines: fc.nat({ max: 1 }),
  maxRecordBytes: fc.constantFrom(7, 1000),
  encoding: fc.constantFrom('utf8', 'utf16le', 'latin1'),
});

it('cells are those of a plain cutter', () => {
  fc.assert(
    fc.property(text, columns, fc.boolean(), fc.integer({ min: 1, max: 9 }), (text, columns, trim, size) => {
      const bytes = Buffer.from(`aaaa\n${text}`);
      const parser = makeParser(fixedWidth, { columns, trim, shortLines: 'fill', longLines: 'ignore' });
      const rows = pushAll(
        parser.open(fakeFile()),
        cut(bytes, Array(Math.floor(bytes.length / size)).fill(size)),
      );
      const places = columns.map((column) => {
        const [from = '', to = from] = column.slice(2).split('-');
        return [Number(from) - 1, to === '' ? Number.POSITIVE_INFINITY : Number(to)] as const;
      });
      const expected = `aaaa\n${text}`
        .split(/\r\n|\r|\n/)
        .filter((line) => line !== '')
        .map((line) =>
          places.map(([from, to]) => {
            const cell = [...line].slice(from, to).join('');
            return trim ? cell.trim() : cell;
          }),
        );
      expect(rowsOf(rows).map(({ cells }) => cells)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

const file = fc.record({ options, text, bom: fc.boolean(), spoil: fc.boolean() }).map((given) => {
  const { encoding } = given.options;
  const bytes = Buffer.from((given.bom ? '\ufeff' : '') + given.text, encoding as BufferEncoding);
  const spoiled = given.spoil ? Buffer.concat([bytes, Buffer.of(0xff, 0x2c, 0x61)]) : bytes;
  return { options: given.options, bytes: spoiled };
});

it('Rows are the same however the bytes are cut, and batches cover every byte once', async () => {
  await expectSameRowsHoweverCut(fixedWidth, file, 1000);
});

it('Rows are the same when reading goes on after any batch', async () => {
  await expectSameRowsFromAnyBatch(fixedWidth, file, 1000);
});

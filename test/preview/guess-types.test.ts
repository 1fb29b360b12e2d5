import { describe, expect, test } from 'vitest';
import type { Guess } from '../../src/preview/guess/guess.ts';
import { columnText, guessOf } from './support/guesses.ts';

/** The only column beside `id`. */
async function columnOf(cells: readonly string[], name = 'x'): Promise<Guess['columns'][number]> {
  const rows = cells.map((cell, row) => `r${row}\t${cell}`).join('\n');
  const { columns, check } = await guessOf(`id\t${name}\n${rows}\n`);
  expect(check.rejected).toBe(0);
  return columns[1] as Guess['columns'][number];
}

describe('the guess of a column', () => {
  test.each([
    ['double', ['1', '2', '28.5']],
    ['double decimal , thousands .', ['1.234,56', '-7', '0,5']],
    ['double thousands ,', ['1,234.5', '12', '1,234,567']],
    ["double thousands '", ["1'234.50", "12'345'678.00"]],
    ['double decimal , thousands  ', ['1 234,50', '12\u00a0345,00']],
    ['double thousands , grouping indian', ['12,34,567.00', '1,000']],
    ['double thousands , currency $ forms parentheses', ['$1,234.50', '($2.00)', '3']],
    ['double currency EUR', ['12.50 EUR', '-3 EUR']],
    ['double forms trailing-minus', ['5.00-', '7.25']],
    ['double forms plus, bare-point', ['+42.5', '.5']],
    ['double forms percent', ['12%', '7.5%']],
    ['double currency %', ['12%', '7.5']],
    ['double', ['1E-7', '2.5e+10']],
    ['decimal', ['123456789012.12345678', '1.5']],
    ['decimal forms exponent', ['123456789012.12345678', '1E-20']],
    ['long optional', ['1', '-', '3']],
    ['double optional', ['1.5', '#N/A', 'NaN', '.']],
    ['date optional', ['2026-01-05', '0000-00-00']],
    ['boolean true.values y false.values n', ['Y', 'N', 'Y', 'n']],
    ['boolean true.values ja false.values nein', ['ja', 'nein', 'ja', 'ja']],
    ['timestamp format M/d/yyyy h:mm a', ['1/5/2026 9:30 AM', '12/31/2026 11:59 PM']],
    [
      'timestamp format iso | yyyy-MM-dd HH:mm',
      ['2026-01-05 10:00:05', '2026-01-05 10:00', '2026-01-05T10:00:05.25Z'],
    ],
    ["timestamp format yyyyMMdd'T'HHmmssXXX", ['20260105T100000Z', '20260105T100001Z']],
    ['timestamp format dd/MMM/yyyy:HH:mm:ss XX', ['05/Jan/2026:10:00:00 +1030']],
    ['timestamp format yyyy-MM-dd HH:mm:ss VV', ['2026-01-05 10:00:00 Australia/Sydney']],
    ['timestamp format dd-MMM-yy hh.mm.ss.SSSSSS a', ['02-JAN-26 09.30.00.123456 AM']],
    ['timestamp', ['2026-01-05T10:00:00+10:30', '2026-01-05 10:00:00', '2026-01-05T10:00:00Z']],
    ['date format dd.MM.yy', ['02.01.26', '31.12.25']],
    ['date format d MMMM yyyy', ['5 January 2026', '17 May 2026']],
    ['date format MMM d, yyyy', ['Jan 5, 2026', 'Feb 17, 2026']],
    ['date format EEE dd/MM/yyyy', ['Mon 05/01/2026', 'Sat 31/01/2026']],
    ['timestamp format epoch_ms', ['1767225600000', '1767225600100']],
    ['timestamp format epoch_ns', ['1767225600000000001', '1767225600000000002']],
    ['time format HH:mm', ['09:30', '16:00']],
    ['time format h:mm a', ['9:30 AM', '12:15 PM']],
    ['string', ['10E3', '10E4', '1123']],
    ['string', ['007', '042', '100']],
    ['string', ['12345678901234567890', '1']],
    ['string', ['+61412345678', '+61412345679']],
    ['string', ['1301', '130A', '1305', '1306', '1307']],
    ['string', ['5 EUR', '5 USD']],
    ['string optional', ['a', 'NULL', '\\N']],
    ['string', ['a', 'N/A', '-']],
  ])('%s', async (type, cells) => {
    expect(columnText(await columnOf(cells))).toBe(type);
  });

  test.each([
    ['timestamp format epoch_s', 'created', ['1767225600', '1767225601']],
    ['time format number', 'time', ['93000', '100001']],
    ['time format number_ns', 'Participant Timestamp', ['093000004241176', '155959999999999']],
    ['date format excel', 'trade date', ['46024', '46025']],
    ['long', 'quantity', ['93000', '100001']],
    ['long', 'quantity', ['46024', '46025']],
  ])('%s, as the column is called %s', async (type, name, cells) => {
    expect(columnText(await columnOf(cells, name))).toBe(type);
  });

  test('of days and months that may change places says which it took, by the days between them', async () => {
    const days = await columnOf(['01/02/2026', '02/02/2026', '03/02/2026']);
    expect(days).toMatchObject({
      settings: { format: 'dd/MM/yyyy' },
      doubts: [
        { change: { format: 'MM/dd/yyyy' }, text: expect.stringContaining('the day is taken to be first') },
      ],
    });
    expect(await columnOf(['02/01/2026', '02/02/2026', '02/03/2026'])).toMatchObject({
      settings: { format: 'MM/dd/yyyy' },
      doubts: [{ change: { format: 'dd/MM/yyyy' } }],
    });
  });

  test('takes their order from another column that leaves no doubt', async () => {
    const { columns } = await guessOf('a,b\n01/02/2026,01/31/2026\n');
    expect(columns).toMatchObject([
      { settings: { format: 'MM/dd/yyyy' }, doubts: [] },
      { settings: { format: 'MM/dd/yyyy' }, doubts: [] },
    ]);
  });

  test('of dates in both orders says so', async () => {
    expect(await columnOf(['13/01/2026', '01/25/2026', '02/03/2026'])).toMatchObject({
      type: 'string',
      doubts: [{ change: { type: 'date', format: 'dd/MM/yyyy | MM/dd/yyyy' } }],
    });
  });

  test('of 1,234 says what it took, unless other columns tell', async () => {
    expect(await columnOf(['1,234', '5,678'])).toMatchObject({
      ...{ type: 'long', settings: { thousands: ',' } },
      doubts: [{ change: { type: 'double', decimal: ',', thousands: '.' } }],
    });
    const { columns } = await guessOf('a;b\n1,234;1,5\n5,678;2,5\n');
    expect(columns[0]).toMatchObject({ type: 'double', settings: { decimal: ',' }, doubts: [] });
  });

  test.each([
    [['2026-01-02 09:30:00', '2026-01-02T09:31:00Z'], [{ change: { zone: 'Australia/Sydney' } }]],
    [['31.01.2026 09:30', '30.01.2026 09:31'], [{ change: { zone: 'Australia/Sydney' } }]],
    [['2026-01-02T09:30:00Z', '2026-01-02T09:30:00+10:00'], []],
    [['2026-01-02', '2026-01-03'], []],
  ])('of times that name no zone says so: %j', async (cells, doubts) => {
    expect(await columnOf(cells)).toMatchObject({ doubts });
  });

  test('of a word that comes again and again among numbers says that it means nothing', async () => {
    const { columns, nullValues, check } = await guessOf(`a,b\n${'1,1.5\n2,closed\n3,2\n'.repeat(5)}`);
    expect(nullValues).toEqual(['closed']);
    expect(columns[1]).toMatchObject({
      type: 'double',
      optional: true,
      doubts: [{ change: { type: 'string' } }],
    });
    expect(check.rejected).toBe(0);
  });

  test('is of all rows: a wider type wins, and an enum has all of its words', async () => {
    const longs = Array.from({ length: 39 }, (_, row) => String(row));
    expect(columnText(await columnOf([...longs, '28.5']))).toBe('double');
    const sides = [...Array(1000).fill('BUY'), ...Array(11_360).fill('SELL'), 'SHORT', 'SHORT', 'SHORT'];
    expect(columnText(await columnOf(sides))).toBe('enum symbols BUY,SELL,SHORT');
  });

  test('leaves words that mean nothing in one column alone where they are text in another', async () => {
    const { columns, nullValues } = await guessOf('a,b\n1,-\n-,x\n3,y\n');
    expect(nullValues).toEqual([]);
    expect(columns.map(columnText)).toEqual(['long null.values - optional', 'string']);
  });

  test('names the rows that do not fit, each with the line that would load it', async () => {
    const { check } = await guessOf('a,b\n1,x\n2,y\n1O0,z\n4,z\n');
    expect(check).toEqual({
      ...{ rows: 4, isWhole: true, rejected: 1 },
      left: [
        {
          ...{ row: 3, line: 4, reason: 'a: expected a long, got "1O0"' },
          choices: ['transforms.validate.fields.a: string'],
        },
      ],
    });
  });
});

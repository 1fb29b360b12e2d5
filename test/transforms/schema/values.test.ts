import { describe, expect, it } from 'vitest';
import schema from '../../../transforms/schema/index.ts';
import { makeTransformation, recordOf } from '../support.ts';
import { type Fields, read, readOne } from './support.ts';

describe('a cell becomes', () => {
  it.each<[string, string, unknown]>([
    ['string', ' 12 ', ' 12 '],
    ['int', '2147483647', 2147483647],
    ['int', '-2147483648', -2147483648],
    ['int', '-0', 0],
    ['int', '007', 7],
    ['long', '9007199254740993', 9007199254740993n],
    ['long', '-9223372036854775808', -(2n ** 63n)],
    ['float', '0.1', 0.1],
    ['double', '1e3', 1000],
    ['double', '-41.25', -41.25],
    ['double', '12', 12],
    ['boolean', 'true', true],
    ['boolean', 'FALSE', false],
    ['decimal', '-0012.3400', '-0012.3400'],
    ['decimal', '12345678901234567890.123456789', '12345678901234567890.123456789'],
    ['date', '2024-02-29', '2024-02-29'],
    ['timestamp', '2026-01-10T09:30:00Z', '2026-01-10T09:30:00Z'],
    ['timestamp', '2026-01-10T09:30:00.123456', '2026-01-10T09:30:00.123456'],
    ['timestamp', '2026-01-10 09:30:00', '2026-01-10T09:30:00'],
    ['timestamp', '2026-01-10 09:30:00.5+1030', '2026-01-10T09:30:00.5+10:30'],
    ['timestamp', '2026-01-10T09:30:00-05', '2026-01-10T09:30:00-05:00'],
  ])('%s %j → %s', async (type, cell, expected) => {
    const value = await readOne({ x: type }, cell);
    expect(Object.is(value, expected)).toBe(true);
  });

  it.each<[Fields, string, unknown]>([
    [{ x: 'enum', 'x.symbols': 'buy, sell', 'x.case': 'lower', 'x.trim': 'true' }, ' BUY ', 'buy'],
    [{ x: 'string', 'x.case': 'upper' }, 'bhp', 'BHP'],
    [{ x: 'double', 'x.default': '0.5' }, '', 0.5],
    [{ x: 'double', 'x.default': '0.5', 'x.optional': 'true' }, '', 0.5],
    [{ x: 'string', 'x.default': '' }, '', ''],
    [{ x: 'long', 'x.optional': 'true' }, '', null],
    [{ x: 'long', 'x.optional': 'true', 'x.trim': 'true' }, '  ', null],
  ])('by %j %j → %s', async (fields, cell, expected) => {
    expect(await readOne(fields, cell)).toBe(expected);
  });
});

describe('a row is rejected for', () => {
  const bad: Record<string, string[]> = {
    int: ['2147483648', '-2147483649', '1.0', '1e3', '+1', ' 12', '0x10', '1_000', '1,000', '12abc', '١'],
    long: ['9223372036854775808', '-9223372036854775809', '1n', '0x10', '1.5', '9'.repeat(500)],
    float: ['3.5e38', '1e999', 'NaN'],
    double: [
      '1e999',
      '-1e999',
      '0x10',
      '1_000',
      ' 12',
      '12 ',
      'NaN',
      'Infinity',
      '--1',
      '1.',
      '.5',
      '+1',
      '1e',
      '1,5',
      'true',
    ],
    boolean: ['1', 'yes', 'truee', 'T'],
    decimal: ['1e5', '1.', '.5', 'NaN', '1.2.3'],
    date: [
      '2026-02-30',
      '2026-13-01',
      '2026-00-10',
      '2026-01-00',
      '2100-02-29',
      '26-01-01',
      '2026-1-1',
      '2026-01-10T00:00:00',
    ],
    timestamp: [
      '2026-02-30T00:00:00Z',
      '2026-01-10',
      '2026-01-10T24:00:00Z',
      '2026-01-10T09:60:00Z',
      '2026-01-10T09:30:60Z',
      '2026-01-10T09:30Z',
      '2026-01-10T09:30:00.Z',
      '2026-01-10T09:30:00+19:00',
      '2026-01-10t09:30:00z',
      '1768037400',
    ],
  };
  it.each(Object.entries(bad).flatMap(([type, cells]) => cells.map((cell) => [type, cell])))(
    '%s %j',
    async (type, cell) => {
      expect(await readOne({ x: type as string }, cell as string)).toMatch(/^InvalidFields x: expected an? /);
    },
  );

  it.each<[Fields, string]>([[{ x: 'enum', 'x.symbols': 'buy,sell' }, 'BUY']])(
    '%j %j',
    async (fields, cell) => {
      expect(await readOne(fields, cell)).toMatch(/^InvalidFields x: expected /);
    },
  );

  it('all fields that are missing, at once', async () => {
    const fields = {
      symbol: 'string',
      price: 'double',
      quantity: 'long',
      note: 'string',
      'note.optional': 'true',
    };
    expect(await read(fields, { symbol: 'BHP', price: '' })).toBe(
      'MissingFields Missing required fields: [price, quantity]',
    );
  });

  it('all fields that are wrong, at once', async () => {
    const fields = { price: 'double', side: 'enum', 'side.symbols': 'buy,sell' };
    expect(await read(fields, { price: 'abc', side: 'hold' })).toBe(
      'InvalidFields price: expected a double, got "abc"; side: expected one of buy, sell, got "hold"',
    );
  });

  it('a cell of which the message shows no control character, and not all', async () => {
    const message = await readOne({ x: 'int' }, `\u001b[31m\n\u009b\u202e${'x'.repeat(5000)}`);
    expect(message).toMatch(/got "\\u001b\[31m\\n\\u009b\\u202ex{92}…"$/);
  });

  it('not being a row', async () => {
    expect(await read({ x: 'int' }, 'text')).toMatch(/^NotARow /);
  });
});

describe('the record', () => {
  it('has the fields of the schema in their order and no others', async () => {
    const value = await read({ b: 'int', a: 'string' }, { a: 'x', extra: 'y', b: '1' });
    expect(Object.entries(value as object)).toEqual([
      ['b', 1],
      ['a', 'x'],
    ]);
  });

  it('carries the schema', async () => {
    const transformation = await makeTransformation(schema, {
      fields: {
        price: 'double',
        'price.default': '1',
        side: 'enum',
        'side.symbols': 'buy,sell',
        'side.optional': 'true',
      },
      schemaName: 'market.Trade',
    });
    expect(transformation.apply(recordOf({ side: 'buy' }))).toMatchObject({
      value: { price: 1, side: 'buy' },
      valueSchema: {
        name: 'market.Trade',
        fields: [
          { name: 'price', type: 'double', optional: false, default: 1 },
          { name: 'side', type: 'enum', optional: true, symbols: ['buy', 'sell'] },
        ],
      },
    });
  });

  it('may have fields named like what every object has', async () => {
    const fields = JSON.parse('{"__proto__":"string","constructor":"int","toString":"int"}') as Fields;
    const row = JSON.parse('{"__proto__":"p","constructor":"1","toString":"2"}');
    const value = (await read(fields, row)) as object;
    expect(Object.entries(value)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 1],
      ['toString', 2],
    ]);
    expect(await read(fields, {})).toContain('[__proto__, constructor, toString]');
  });

  it('takes null words for nothing', async () => {
    const fields = { x: 'int', 'x.optional': 'true', y: 'string' };
    const options = { nullValues: ['NULL', 'N/A'] };
    expect(await read(fields, { x: 'NULL', y: 'null' }, options)).toEqual({ x: null, y: 'null' });
    expect(await read(fields, { x: '1', y: 'N/A' }, options)).toContain('[y]');
  });

  it('takes values that an earlier transformation made', async () => {
    expect(await read({ a: 'long', b: 'double', c: 'boolean' }, { a: 5n, b: 1.5, c: true })).toEqual({
      a: 5n,
      b: 1.5,
      c: true,
    });
  });

  it('stays a tombstone', async () => {
    expect(await read({ a: 'long' }, null)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import schema from '../../../transforms/schema/index.ts';
import { problemsOf } from '../support.ts';
import { type Fields, read, readOne } from './support.ts';

const fieldOf = (type: string, settings: Fields): Fields => ({
  x: type,
  ...Object.fromEntries(Object.entries(settings).map(([setting, text]) => [`x.${setting}`, text])),
});

describe('a number is taken in another form only where its field says so', () => {
  it.each<[form: string, type: string, cell: string, expected: unknown]>([
    ['plus', 'double', '+42.5', 42.5],
    ['plus', 'int', '+7', 7],
    ['plus', 'decimal', '+0.50', '0.50'],
    ['trailing-minus', 'decimal', '5.00-', '-5.00'],
    ['trailing-minus', 'decimal', '5.00 -', '-5.00'],
    ['trailing-minus', 'long', '12+', 12n],
    ['parentheses', 'decimal', '(1234.50)', '-1234.50'],
    ['parentheses', 'int', '(7)', -7],
    ['bare-point', 'double', '.5', 0.5],
    ['bare-point', 'decimal', '-.50', '-0.50'],
    ['bare-point', 'decimal', '5.', '5'],
    ['exponent', 'decimal', '1E-7', '0.0000001'],
    ['exponent', 'decimal', '-1.25e+3', '-1250'],
    ['exponent', 'decimal', '0.00e5', '0'],
    ['exponent', 'long', '1.5E3', 1500n],
    ['exponent', 'int', '12e0', 12],
    ['percent', 'decimal', '12%', '0.12'],
    ['percent', 'decimal', '12.50 %', '0.1250'],
    ['percent', 'decimal', '-0.5%', '-0.005'],
    ['percent', 'double', '250%', 2.5],
    ['percent', 'decimal', '12', '12'],
    ['percent', 'int', '200%', 2],
    ['zero-fraction', 'long', '100.0', 100n],
    ['zero-fraction', 'int', '-7.000', -7],
  ])('%s: %s %j → %s', async (form, type, cell, expected) => {
    expect(await readOne(fieldOf(type, { forms: form }), cell)).toBe(expected);
    if (cell !== '12') expect(await readOne({ x: type }, cell)).toMatch(/^InvalidFields x: expected an? /);
  });

  it.each<[string, string, string]>([
    ['plus', 'double', '++1'],
    ['plus', 'double', '-+1'],
    ['trailing-minus', 'decimal', '-5-'],
    ['trailing-minus', 'decimal', '5--'],
    ['parentheses', 'decimal', '(5'],
    ['parentheses', 'decimal', '5)'],
    ['parentheses', 'decimal', '(-5)'],
    ['parentheses', 'decimal', '((5))'],
    ['parentheses', 'decimal', '()'],
    ['bare-point', 'decimal', '.'],
    ['bare-point', 'decimal', '-.'],
    ['bare-point', 'int', '.5'],
    ['exponent', 'long', '1.5E0'],
    ['exponent', 'long', '15E-1'],
    ['exponent', 'decimal', '1E401'],
    ['exponent', 'decimal', '1E'],
    ['exponent', 'int', '1.0'],
    ['percent', 'decimal', '%'],
    ['percent', 'decimal', '5%%'],
    ['percent', 'int', '12%'],
    ['zero-fraction', 'long', '100.5'],
    ['zero-fraction', 'long', '100.'],
    ['zero-fraction', 'long', '1e2'],
  ])('but not %s: %s %j', async (form, type, cell) => {
    expect(await readOne(fieldOf(type, { forms: form }), cell)).toMatch(/^InvalidFields x: expected an? /);
  });

  it.each<[string, Fields, string, unknown]>([
    ['decimal', { forms: 'parentheses, plus', currency: '$', thousands: ',' }, '($1,234.50)', '-1234.50'],
    ['decimal', { forms: 'parentheses', currency: '$', thousands: ',' }, '$(1,234.50)', '-1234.50'],
    ['decimal', { forms: 'parentheses', currency: 'EUR' }, '(5) EUR', '-5'],
    ['decimal', { forms: 'trailing-minus', currency: 'EUR', decimal: ',' }, '5,00- EUR', '-5.00'],
    ['decimal', { forms: 'parentheses, percent' }, '(12%)', '-0.12'],
    ['decimal', { forms: 'bare-point, percent', decimal: ',' }, ',5%', '0.005'],
    ['long', { forms: 'zero-fraction', thousands: '.', decimal: ',' }, '1.234,00', 1234n],
    ['decimal', { currency: '%' }, '12 %', '12'],
    ['decimal', { currency: 'AU AUD' }, 'AUD 5', '5'],
  ])('together: %s %j %j → %s', async (type, settings, cell, expected) => {
    expect(await readOne(fieldOf(type, settings), cell)).toBe(expected);
  });

  it.each<[Fields, string, string]>([
    [{ thousands: ' ' }, '1\u00a0234\u202f567.5', '1234567.5'],
    [{ thousands: "'" }, '1\u2019234.5', '1234.5'],
    [{ thousands: ',', grouping: 'indian' }, '12,34,567.89', '1234567.89'],
    [{ thousands: ',', grouping: 'indian' }, '1,234', '1234'],
    [{ thousands: ',', grouping: 'indian' }, '123', '123'],
  ])('grouped by %j: %j → %s', async (settings, cell, expected) => {
    expect(await readOne(fieldOf('decimal', settings), cell)).toBe(expected);
  });

  it.each<[Fields, string]>([
    [{ thousands: ',', grouping: 'indian' }, '1,234,567'],
    [{ thousands: ',', grouping: 'indian' }, '123,456'],
    [{ thousands: ',' }, '12,34,567'],
  ])('but not by %j: %j', async (settings, cell) => {
    expect(await readOne(fieldOf('decimal', settings), cell)).toContain('expected a decimal such as 1');
  });

  it('and a message shows the forms', async () => {
    const settings = { forms: 'parentheses, zero-fraction', thousands: ',', currency: '$' };
    expect(await readOne(fieldOf('long', settings), 'x')).toBe(
      'InvalidFields x: expected a long such as 1,234,567, (5), 5.0, with $ or without, got "x"',
    );
    expect(await readOne(fieldOf('decimal', { forms: 'bare-point', decimal: ',' }), 'x')).toContain(
      ', ,5, got',
    );
  });
});

describe('booleans are words', () => {
  const words = { 'true.values': 'Y, ja, 1', 'false.values': 'N, nein, 0' };
  it.each([
    ['Y', true],
    ['y', true],
    ['JA', true],
    ['1', true],
    ['n', false],
    ['Nein', false],
    ['0', false],
  ])('%j → %s', async (cell, expected) => {
    expect(await readOne(fieldOf('boolean', words), cell)).toBe(expected);
  });

  it('and no others', async () => {
    for (const cell of ['true', 'FALSE', 'yes', 'x'.repeat(1000)])
      expect(await readOne(fieldOf('boolean', words), cell)).toContain(
        'expected a boolean (y, ja, 1 or n, nein, 0), got',
      );
  });

  it('of which those for true alone may be others', async () => {
    const field = fieldOf('boolean', { 'true.values': 'x', optional: 'true' });
    expect(await readOne(field, 'X')).toBe(true);
    expect(await readOne(field, 'false')).toBe(false);
  });

  it('unless an earlier transformation has made a value of it', async () => {
    expect(await read(fieldOf('boolean', words), { x: true })).toEqual({ x: true });
  });
});

describe('a setting of the transformation', () => {
  const row = { price: '1.234,50', qty: '(1.000)', live: 'ja', note: ' - ', day: '2026-01-31' };
  const fields = { price: 'decimal', qty: 'long', live: 'boolean', note: 'string', day: 'date' };
  const all = {
    decimal: ',',
    thousands: '.',
    forms: 'parentheses',
    trueValues: 'ja',
    falseValues: 'nein',
    nullValues: ['-'],
    trim: true,
  };

  it('holds for all fields of a type that has it', async () => {
    expect(problemsOf(schema, { fields, ...all })).toEqual([]);
    const optional = { ...fields, 'note.optional': 'true' };
    expect(await read(optional, row, all)).toEqual({
      price: '1234.50',
      qty: -1000n,
      live: true,
      note: null,
      day: '2026-01-31',
    });
  });

  it('gives way to that of a field', async () => {
    const own = {
      ...fields,
      'price.decimal': '.',
      'price.thousands': ',',
      'note.null.values': '',
      'note.trim': 'false',
      'live.true.values': 'si',
      'live.false.values': 'no',
    };
    const value = await read(own, { ...row, price: '1,234.50', live: 'SI' }, all);
    expect(value).toMatchObject({ price: '1234.50', live: true, note: ' - ' });
  });

  it('is wrong in the same ways', () => {
    expect(problemsOf(schema, { fields, ...all, thousands: 'xx', forms: 'roman', trueValues: ',' })).toEqual([
      'thousands: expected one character, such as a comma, got "xx"',
      'forms: expected some of plus, trailing-minus, parentheses, bare-point, exponent, percent, zero-fraction, got "roman"',
      'true.values: expected words with commas between them, got ","',
    ]);
    expect(problemsOf(schema, { fields: { x: 'double' }, thousands: '.' })).toEqual([
      'fields.x.thousands: is ".", as the decimal point is; set decimal to another',
    ]);
  });
});

describe('a number whose decimal point is not written', () => {
  it.each<[Fields, string, unknown]>([
    [{}, '0000000003145', '31.45'],
    [{}, '5', '0.05'],
    [{}, '0', '0.00'],
    [{}, '-120', '-1.20'],
    [{ thousands: ',' }, '1,234,567', '12345.67'],
    [{ forms: 'trailing-minus' }, '500-', '-5.00'],
    [{ forms: 'percent' }, '1250%', '0.1250'],
    [{ currency: '$' }, '$500', '5.00'],
  ])('with %j: %s is %s', async (settings, cell, expected) => {
    expect(await readOne(fieldOf('decimal', { 'implied.decimals': '2', ...settings }), cell)).toBe(expected);
  });

  it.each(['5.00', '.5', '1e3', '', '1,00'])('is never one with a point: %j', async (cell) => {
    const field = fieldOf('decimal', { 'implied.decimals': '2', forms: 'bare-point, exponent' });
    expect(await readOne(field, cell)).toMatch(/^InvalidFields x: expected a decimal|^MissingFields|Missing/);
  });

  it('is so in all fields that may have a fraction, where the transformation says it', async () => {
    const fields = { price: 'double', volume: 'long', ratio: 'decimal', 'ratio.implied.decimals': '4' };
    const row = { price: '4512', volume: '100', ratio: '5' };
    expect(await read(fields, row, { impliedDecimals: 2, decimal: ',' })).toEqual({
      price: 45.12,
      volume: 100n,
      ratio: '0.0005',
    });
  });
});

describe('optional of the transformation', () => {
  it('is so of every field that does not say otherwise', async () => {
    const fields = { a: 'int', b: 'string', 'b.optional': 'false', c: 'date', 'c.default': '2026-01-02' };
    expect(await read(fields, { a: '', b: 'x', c: '' }, { optional: true })).toEqual({
      a: null,
      b: 'x',
      c: '2026-01-02',
    });
    expect(await read(fields, { a: '', b: '', c: '' }, { optional: true })).toContain('[b]');
  });
});

describe('a text with backslashes', () => {
  it.each([
    ['a\\tb\\nc\\rd', 'a\tb\nc\rd'],
    ['C:\\\\data\\\\new', 'C:\\data\\new'],
    ['\\x \\" \\é \\|', 'x " é |'],
    ['\\0\\b\\f\\v', '\0\b\f\v'],
  ])('%j is %j', async (cell, expected) => {
    expect(await readOne(fieldOf('string', { escapes: 'backslash' }), cell)).toBe(expected);
    expect(await readOne(fieldOf('string', {}), cell)).toBe(cell);
  });

  it('may be a word for nothing before it is read, not behind', async () => {
    const field = fieldOf('string', { escapes: 'backslash', 'null.values': '\\N', optional: 'true' });
    expect(await readOne(field, '\\N')).toBeNull();
    expect(await readOne(field, '\\\\N')).toBe('\\N');
  });

  it('is none with a backslash before nothing, and is no matter of case', async () => {
    expect(await readOne(fieldOf('string', { escapes: 'backslash' }), 'a\\')).toBe(
      'InvalidFields x: expected a string with a character behind each backslash, got "a\\\\"',
    );
    expect(
      problemsOf(schema, { fields: fieldOf('string', { escapes: 'backslash', case: 'upper' }) }),
    ).toEqual(['fields.x.escapes: is not for a field with case, which would change escapes']);
  });
});

it('Words for nothing may be a field’s own', async () => {
  const fields = { a: 'int', 'a.optional': 'true', 'a.null.values': '-, 0', b: 'int', 'b.optional': 'true' };
  expect(await read(fields, { a: '0', b: '0' })).toEqual({ a: null, b: 0 });
  expect(await read(fields, { a: '-', b: 'NULL' }, { nullValues: ['NULL'] })).toEqual({ a: null, b: null });
  expect(await read(fields, { a: '1', b: '-' })).toContain('b: expected an int, got "-"');
});

it.each<[Fields, string]>([
  [
    { x: 'int', 'x.decimal': ',' },
    'fields.x.decimal: is for float, double and decimal, and for int with forms: zero-fraction or exponent',
  ],
  [
    { x: 'string', 'x.forms': 'plus' },
    'fields.x.forms: is for int, long, float, double and decimal, not for string',
  ],
  [{ x: 'int', 'x.true.values': 'Y' }, 'fields.x.true.values: is for boolean, not for int'],
  [
    { x: 'boolean', 'x.true.values': 'Y,1', 'x.false.values': '0,y' },
    'fields.x.false.values: has "y", as true.values has',
  ],
  [
    { x: 'long', 'x.forms': 'zero-fraction', 'x.thousands': '.' },
    'fields.x.thousands: is ".", as the decimal point is; set decimal to another',
  ],
  [
    { x: 'long', 'x.implied.decimals': '2' },
    'fields.x.implied.decimals: is for float, double and decimal, not for long',
  ],
  [
    { x: 'decimal', 'x.implied.decimals': '2', 'x.decimal': ',' },
    'fields.x.decimal: is for numbers whose point is written; keep this or implied.decimals',
  ],
  [{ x: 'int', 'x.grouping': 'roman' }, 'fields.x.grouping: expected thousands or indian, got "roman"'],
])('The fields %j have a problem', (fields, problem) => {
  expect(problemsOf(schema, { fields })).toEqual([problem]);
});

/** How a vendor writes numbers. */
const manner = fc.record({
  thousands: fc.constantFrom(',', '.', ' ', "'", ''),
  decimal: fc.constantFrom('.', ','),
  grouping: fc.constantFrom('thousands', 'indian'),
  negative: fc.constantFrom('-', 'trailing-minus', 'parentheses'),
  currency: fc.constantFrom('', '$', 'EUR'),
  currencyFirst: fc.boolean(),
  percent: fc.boolean(),
});

it('Numbers that are written in any manner are read again as they were', async () => {
  const number = fc.record({
    minus: fc.boolean(),
    whole: fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
    fraction: fc.bigInt({ min: 0n, max: 10n ** 8n }).map(String),
  });
  await fc.assert(
    fc.asyncProperty(manner, number, async (its, { minus, whole, fraction }) => {
      const thousands = its.thousands === its.decimal ? '' : its.thousands;
      const grouped = its.grouping === 'indian' ? /\B(?=(?:\d\d)*\d{3}$)/g : /\B(?=(?:\d{3})+$)/g;
      const digits = `${whole.replace(grouped, thousands)}${its.decimal}${fraction}${its.percent ? '%' : ''}`;
      const signed = !minus
        ? digits
        : { '-': `-${digits}`, 'trailing-minus': `${digits}-`, parentheses: `(${digits})` }[its.negative];
      const cell = its.currencyFirst ? `${its.currency}${signed}` : `${signed} ${its.currency}`.trim();
      const forms = ['percent', ...(its.negative === '-' ? [] : [its.negative])].join(',');
      const field = fieldOf('decimal', {
        decimal: its.decimal,
        grouping: its.grouping,
        forms,
        ...(thousands !== '' && { thousands }),
        ...(its.currency !== '' && { currency: its.currency }),
      });
      const padded = whole.padStart(3, '0');
      const shifted = its.percent
        ? `${padded.slice(0, -2).replace(/^0+(?=\d)/, '')}.${padded.slice(-2)}${fraction}`
        : `${whole}.${fraction}`;
      expect(await readOne(field, cell)).toBe(`${minus ? '-' : ''}${shifted}`);
    }),
    { numRuns: 1000 },
  );
});

import { describe, expect, it } from 'vitest';
import schema from '../../../transforms/schema/index.ts';
import { problemsOf } from '../support.ts';
import { type Fields, read, readOne } from './support.ts';

describe('a decimal', () => {
  it.each<[Fields, string, string]>([
    [{ precision: '5', scale: '2' }, '000123.45', '000123.45'],
    [{ precision: '5', scale: '2' }, '-0.5', '-0.5'],
    [{ precision: '5', scale: '2' }, '123.45000', '123.45'],
    [{ precision: '5', scale: '1' }, '17.50', '17.5'],
    [{ scale: '0' }, '17.00', '17'],
    [{ precision: '3' }, '123.0', '123'],
    [{}, '1.500', '1.500'],
  ])('of %j keeps the digits of %j: %s', async (settings, cell, expected) => {
    expect(await readOne(fieldsOf('decimal', settings), cell)).toBe(expected);
  });

  it.each<[Fields, string]>([
    [{ precision: '5', scale: '2' }, '1234.5'],
    [{ precision: '5', scale: '2' }, '1.234'],
    [{ precision: '5', scale: '2' }, '1.2340'],
    [{ scale: '0' }, '17.01'],
  ])('of %j is never rounded: %j', async (settings, cell) => {
    expect(await readOne(fieldsOf('decimal', settings), cell)).toMatch(
      /^InvalidFields x: expected a decimal of .*scale/,
    );
  });
});

const american = { thousands: ',' };
const european = { thousands: '.', decimal: ',' };
const money = { thousands: ',', currency: '$ € AUD' };

describe('a number is read as it is written', () => {
  it.each<[string, Fields, string, unknown]>([
    ['double', american, '1,234,567.89', 1234567.89],
    ['double', american, '1234567.89', 1234567.89],
    ['double', american, '-1,234e3', -1234000],
    ['int', american, '-1,234', -1234],
    ['long', american, '9,007,199,254,740,993', 9007199254740993n],
    ['decimal', american, '123,456,789,012,345,678,901.2300', '123456789012345678901.2300'],
    ['double', european, '1.234.567,89', 1234567.89],
    ['decimal', european, '-0,50', '-0.50'],
    ['int', { thousands: '.' }, '1.234', 1234],
    ['decimal', { thousands: "'" }, "1'234.5", '1234.5'],
    ['decimal', { thousands: ' ', decimal: ',', currency: '€' }, '1 234,50 €', '1234.50'],
    ['double', { decimal: ',' }, '1234,5', 1234.5],
    ['decimal', money, '$1,234.50', '1234.50'],
    ['decimal', money, '-$5', '-5'],
    ['decimal', money, '$-5', '-5'],
    ['decimal', money, 'AUD 1,000.00', '1000.00'],
    ['decimal', money, '12.30\u00a0€', '12.30'],
    ['decimal', money, '-12.30AUD', '-12.30'],
    ['int', { currency: '$' }, '$7', 7],
    ['decimal', { ...money, precision: '6', scale: '2' }, '$1,234.500', '1234.50'],
  ])('%s %j %j → %s', async (type, settings, cell, expected) => {
    expect(await readOne(fieldsOf(type, settings), cell)).toBe(expected);
  });

  it.each<[string, Fields, string]>([
    ['double', american, '12,34'],
    ['double', american, '1234,567'],
    ['double', american, '1,234567'],
    ['double', american, ',123'],
    ['double', american, '1,,234'],
    ['double', american, '1,234.567,8'],
    ['double', american, '1.234.567'],
    ['double', american, '$1'],
    ['int', american, '1,234.0'],
    ['int', american, '9,999,999,999'],
    ['double', european, '1,234.5'],
    ['double', { decimal: ',' }, '1.5'],
    ['double', money, '$5$'],
    ['double', money, '$ € 5'],
    ['double', money, '-$-5'],
    ['double', money, '5-'],
    ['double', money, '(5.00)'],
    ['double', money, '$  5'],
    ['double', money, '$'],
    ['double', money, 'aud 5'],
    ['double', money, '£5'],
    ['decimal', money, '1e5'],
  ])('but not %s %j %j', async (type, settings, cell) => {
    expect(await readOne(fieldsOf(type, settings), cell)).toMatch(/^InvalidFields x: expected an? /);
  });

  it('and a message shows the form', async () => {
    expect(await readOne(fieldsOf('double', money), '12,34')).toBe(
      'InvalidFields x: expected a double such as 1,234,567.89, with $ or € or AUD or without, got "12,34"',
    );
    expect(await readOne(fieldsOf('long', american), 'x')).toBe(
      'InvalidFields x: expected a long such as 1,234,567, got "x"',
    );
    expect(await readOne(fieldsOf('decimal', { decimal: ',', scale: '2' }), 'x')).toBe(
      'InvalidFields x: expected a decimal of scale 2 such as 1234567,89, got "x"',
    );
  });

  it('unless an earlier transformation has made a number of it', async () => {
    const fields = fieldsOf('double', european);
    expect(await read(fields, { x: 1.234 })).toEqual({ x: 1.234 });
  });

  it('and so is a default', async () => {
    expect(await readOne(fieldsOf('double', { ...european, default: '1.234,5' }), '')).toBe(1234.5);
  });
});

it.each<[string, Fields, string]>([
  [
    'double',
    { thousands: '.' },
    'fields.x.thousands: is ".", as the decimal point is; set decimal to another',
  ],
  ['double', { thousands: '' }, 'fields.x.thousands: expected one character, such as a comma, got ""'],
  ['double', { decimal: '0' }, 'fields.x.decimal: expected one character, such as a comma, got "0"'],
  [
    'string',
    { thousands: ',' },
    'fields.x.thousands: is for int, long, float, double and decimal, not for string',
  ],
  [
    'double',
    { currency: ' ' },
    'fields.x.currency: expected signs or codes with spaces between them, such as $ AUD, got " "',
  ],
])('A field of type %s with %j has a problem', (type, settings, problem) => {
  expect(problemsOf(schema, { fields: fieldsOf(type, settings) })).toEqual([problem]);
});

function fieldsOf(type: string, settings: Fields): Fields {
  const entries = Object.entries(settings).map(([setting, text]) => [`x.${setting}`, text]);
  return { x: type, ...Object.fromEntries(entries) };
}

import { describe, expect, it } from 'vitest';
import { transformRows } from '../../../src/testing/index.ts';
import schema from '../../../transforms/schema/index.ts';
import { problemsOf } from '../support.ts';
import { read } from './support.ts';

const ROW = { id: '1', price: '10.50', 'price.currency': 'EUR' };

describe('a column whose name looks like a setting of another field', () => {
  it('is written in backquotes', async () => {
    const fields = { id: 'int', price: 'decimal', '`price.currency`': 'string' };
    expect(problemsOf(schema, { fields })).toEqual([]);
    expect(await read(fields, ROW)).toEqual({ id: 1, price: '10.50', 'price.currency': 'EUR' });
  });

  it('has settings of its own behind them', async () => {
    const fields = {
      price: 'decimal',
      'price.currency': 'EUR',
      '`price.currency`': 'string',
      '`price.currency`.case': 'lower',
      '`price`.scale': '1',
      '`price`.precision': '5',
    };
    expect(problemsOf(schema, { fields })).toEqual([]);
    expect(await read(fields, { ...ROW, price: '10.50 EUR' })).toEqual({
      price: '10.5',
      'price.currency': 'eur',
    });
  });

  it('is refused where it can be both, with the ways to write it', () => {
    const way =
      'is a field of type string, or the setting currency of price? Write fields.`price.currency` for the field, fields.`price`.currency for the setting';
    expect(
      problemsOf(schema, { fields: { id: 'int', price: 'decimal', 'price.currency': 'string' } }),
    ).toEqual([`fields.price.currency: ${way}`]);
    const fields = { price: 'decimal', '`price`.currency': 'string' };
    expect(problemsOf(schema, { fields })).toEqual([]);
  });

  it('is a field where nothing else can have the setting', async () => {
    const fields = { 'order.unit': 'string', 'order.format': 'int' };
    expect(problemsOf(schema, { fields })).toEqual([]);
    expect(await read(fields, { 'order.unit': 'kg', 'order.format': '7' })).toEqual({
      'order.unit': 'kg',
      'order.format': 7,
    });
  });

  it('is taken with backquotes in it', async () => {
    expect(await read({ '``a``': 'int' }, { '`a`': '1' })).toEqual({ '`a`': 1 });
  });
});

it.each<[Record<string, string>, string]>([
  [{ '`a.b': 'int' }, 'fields.`a.b: a backquote is not closed in "`a.b"'],
  [{ a: 'int', '`a`': 'long' }, 'fields.`a`: is the same as fields.a; keep one of the two'],
  [
    { a: 'int', '`a`.optional': 'true', 'a.optional': 'false' },
    'fields.a.optional: is the same as fields.`a`.optional; keep one of the two',
  ],
  [
    { '`a.b`': 'int', '`a.b`.optinal': 'true' },
    'fields.`a.b`.optinal: unknown setting; did you mean "optional"?',
  ],
  [{ '`a.b`': 'int', '`a.b`.default': 'x' }, 'fields.`a.b`.default: expected an int, got "x"'],
  [{ '`a.b`.optional': 'true' }, 'fields.`a.b`: has no type'],
])('The fields %j have a problem', (fields, problem) => {
  expect(problemsOf(schema, { fields })).toHaveLength(1);
  expect(problemsOf(schema, { fields })[0]).toContain(problem);
});

it('the rows of a file with both columns keep both', async () => {
  const options = { 'fields.id': 'int', 'fields.price': 'decimal', 'fields.`price.currency`': 'string' };
  const [row] = await transformRows(schema, options, [ROW]);
  expect(row).toMatchObject({
    outcome: 'records',
    records: [{ value: { id: 1, price: '10.50', 'price.currency': 'EUR' } }],
  });
});

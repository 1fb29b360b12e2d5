import { describe, expect, test } from 'vitest';
import { problemsOf } from '../sample-feed.ts';

const SCHEMA = {
  transforms: 'parse,validate,route',
  'transforms.parse.type': 'csv',
  'transforms.validate.type': 'schema',
  'transforms.validate.fields.symbol': 'string',
  'transforms.validate.fields.price': 'double',
  'transforms.route.type': 'route',
  'transforms.route.topic': 't',
};

test('headers cannot change where the feed names the columns, as none is read', async () => {
  const columns = { 'transforms.parse.header': 'false', 'transforms.parse.columns': 'symbol,price' };
  expect(await problemsOf({ ...SCHEMA, ...columns, 'on.header.change': 'quarantine' })).toEqual([
    'REST: on.header.change: is quarantine, but no header is read: transforms.parse names the columns of all files; leave it out',
  ]);
});

describe('a name that no schema or column has', () => {
  test('is found in a predicate', async () => {
    const problems = await problemsOf({
      ...SCHEMA,
      transforms: 'parse,validate,filter,route',
      'transforms.filter.type': 'Filter',
      'transforms.filter.predicate': 'cheap',
      predicates: 'cheap',
      'predicates.cheap.type': 'field',
      'predicates.cheap.field': 'pirce',
      'predicates.cheap.max': '1',
    });
    expect(problems).toEqual([
      'REST: predicates.cheap.field: no row has a field "pirce" there, but symbol, price; did you mean "price"?',
    ]);
  });

  test.each([
    ['topic', 't.{symbl}', 'symbl'],
    ['key', 'symbol,symbl', 'symbl'],
    ['partition', '{symbl}', 'symbl'],
    ['timestamp', 'symbl', 'symbl'],
    ['headers.origin', '{symbl}', 'symbl'],
  ])('is found in route.%s', async (option, text, name) => {
    expect(await problemsOf({ ...SCHEMA, [`transforms.route.${option}`]: text })).toEqual([
      `REST: transforms.route.${option}: no row has a field "${name}" there, but symbol, price; did you mean "symbol"?`,
    ]);
  });

  test('is found behind a schema, whatever the columns of files are', async () => {
    const problems = await problemsOf({
      ...SCHEMA,
      transforms: 'parse,validate,mask,cast,route',
      'transforms.mask.type': 'MaskField$Value',
      'transforms.mask.fields': 'pirce',
      'transforms.cast.type': 'Cast$Value',
      'transforms.cast.spec': 'qty:int32',
    });
    expect(problems).toEqual([
      'REST: transforms.cast.spec: no row has a field "qty" there, but symbol, price, pirce',
      'REST: transforms.mask.fields: no row has a field "pirce" there, but symbol, price; did you mean "price"?',
    ]);
  });

  test('is found in a schema, where the feed names the columns', async () => {
    const columns = {
      ...SCHEMA,
      'transforms.parse.header': 'false',
      'transforms.validate.fields.price.optional': 'true',
    };
    expect(await problemsOf({ ...columns, 'transforms.parse.columns': 'symbol,Price' })).toEqual([
      'REST: transforms.validate.fields.price: no row has a field "price" there, but symbol, Price; did you mean "Price"?',
    ]);
    const absent = {
      'transforms.parse.columns': 'symbol',
      'transforms.validate.fields.price.absent': 'true',
    };
    expect(await problemsOf({ ...columns, ...absent })).toEqual([]);
    expect(await problemsOf({ ...columns, 'transforms.parse.columns': 'price,symbol' })).toEqual([]);
  });

  test('is told beside the other mistakes', async () => {
    const problems = await problemsOf({ ...SCHEMA, 'transforms.route.key': 'symbl', 'tasks.max': 'x' });
    expect(problems).toHaveLength(2);
  });

  test('is none where a schema file says the fields and cannot be read', async () => {
    const problems = await problemsOf({
      ...SCHEMA,
      'transforms.validate.schema.file': '/nowhere/trade.avsc',
      'transforms.route.key': 'account',
    });
    expect(problems).toEqual([]);
  });

  test('cannot be said of a column that may be absent and has no value then', async () => {
    expect(await problemsOf({ ...SCHEMA, 'transforms.validate.fields.price.absent': 'true' })).toEqual([
      'REST: transforms.validate.fields.price.absent: says that the column may be absent, and not what the field is ' +
        'then; add optional: true or a default',
    ]);
  });
});

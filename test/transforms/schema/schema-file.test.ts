import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { messageOf, type SourceRecord } from '../../../src/plugin/index.ts';
import schema from '../../../transforms/schema/index.ts';
import { makeTransformation, problemsOf, recordOf } from '../support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-schema-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function schemaFile(content: unknown): Promise<string> {
  const path = join(folder, `${Math.random()}.avsc`);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const side = { type: 'enum', name: 'Side', symbols: ['buy', 'sell'] };
const trade = {
  type: 'record',
  name: 'Trade',
  namespace: 'market',
  fields: [
    { name: 'symbol', type: 'string' },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'day', type: ['null', { type: 'int', logicalType: 'date' }], default: null },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
    { name: 'quantity', type: 'long', default: 1 },
    { name: 'side', type: side },
    { name: 'other_side', type: ['null', 'Side'] },
  ],
};

async function fail(options: Record<string, unknown>): Promise<string> {
  return makeTransformation(schema, options).then(
    () => 'none',
    (error) => `${error.code} ${messageOf(error)}`,
  );
}

it('A row is read by an Avro schema', async () => {
  const transformation = await makeTransformation(schema, { schemaFile: await schemaFile(trade) });
  const row = {
    symbol: 'BHP',
    at: '2026-01-10T09:30:00.000001Z',
    day: '',
    price: '41.25',
    quantity: '',
    side: 'buy',
  };
  const record = await transformation.apply(recordOf(row));
  expect(record).toMatchObject({
    value: {
      symbol: 'BHP',
      at: '2026-01-10T09:30:00.000001Z',
      day: null,
      price: '41.25',
      quantity: 1n,
      side: 'buy',
      other_side: null,
    },
    valueSchema: { name: 'market.Trade' },
  });
});

it('Options refine the fields of a schema file, and add to them', async () => {
  const transformation = await makeTransformation(schema, {
    schemaFile: await schemaFile(trade),
    fields: {
      'side.case': 'lower',
      'symbol.default': 'XXX',
      'at.format': 'epoch_ms',
      price: 'double',
      venue: 'string',
      'venue.optional': 'true',
    },
  });
  const record = await transformation.apply(recordOf({ at: '0', price: '1e2', side: 'SELL' }));
  expect(record).toMatchObject({
    value: { symbol: 'XXX', at: '1970-01-01T00:00:00.000Z', price: 100, side: 'sell', venue: null },
  });
});

async function schemaOf(content: unknown, fields: Record<string, string> = {}): Promise<unknown> {
  const transformation = await makeTransformation(schema, { schemaFile: await schemaFile(content), fields });
  const { fields: declared = [] } = content as { fields?: { name: string }[] };
  const cells = declared.map(({ name }) => [name, CELLS[name] ?? '1']);
  const record = await transformation.apply(recordOf(Object.fromEntries(cells)));
  return (record as SourceRecord).valueSchema;
}

/** Without what is kept of the file for its registration. */
function withoutFile(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === 'avro' ? undefined : value)));
}

const CELLS: Record<string, string> = {
  at: '2026-01-10T09:30:00Z',
  local: '2026-01-10T09:30:00',
  side: 'buy',
  day: '',
  other_side: '',
};

it('What a schema file says of a type goes with the record', async () => {
  const documented = {
    type: 'record',
    name: 'Trade',
    namespace: 'market',
    doc: 'One trade.',
    fields: [
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-nanos' }, doc: 'When it was made.' },
      { name: 'local', type: { type: 'long', logicalType: 'local-timestamp-millis' } },
      { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
      { name: 'lots', type: { type: 'fixed', name: 'Lots', size: 4, logicalType: 'decimal', precision: 4 } },
      { name: 'more_lots', type: 'Lots' },
    ],
  };
  expect(withoutFile(await schemaOf(documented))).toEqual({
    name: 'market.Trade',
    doc: 'One trade.',
    fields: [
      { name: 'at', type: 'timestamp', optional: false, unit: 'nanos', doc: 'When it was made.' },
      { name: 'local', type: 'timestamp', optional: false, unit: 'millis', local: true },
      { name: 'price', type: 'decimal', optional: false, precision: 10, scale: 2 },
      { name: 'lots', type: 'decimal', optional: false, precision: 4, scale: 0 },
      { name: 'more_lots', type: 'decimal', optional: false, precision: 4, scale: 0 },
    ],
  });
});

it('What the options say of a type goes with the record, over what the file says', async () => {
  const fields = { 'at.unit': 'millis', price: 'double', 'quantity.default': '2' };
  expect(await schemaOf(trade, fields)).toMatchObject({
    fields: [
      { name: 'symbol' },
      { name: 'at', unit: 'millis' },
      { name: 'day' },
      { name: 'price', type: 'double', optional: false },
      { name: 'quantity', default: 2n },
      { name: 'side' },
      { name: 'other_side' },
    ],
  });
  const price = await schemaOf({ ...trade, fields: [trade.fields[3]] }, { price: 'double' });
  expect(withoutFile(price)).toEqual({
    name: 'market.Trade',
    fields: [{ name: 'price', type: 'double', optional: false }],
  });
});

it.each<[string, object, object, string]>([
  [
    'its own namespace',
    { name: 'Trade', namespace: 'market' },
    { name: 'Side', namespace: 'common' },
    'common.Side',
  ],
  ['that of the record', { name: 'Trade', namespace: 'market' }, { name: 'Side' }, 'market.Side'],
  ['that in the name of the record', { name: 'market.Trade' }, { name: 'Side' }, 'market.Side'],
  ['a full name', { name: 'Trade', namespace: 'market' }, { name: 'common.Side' }, 'common.Side'],
  ['no namespace', { name: 'Trade' }, { name: 'Side' }, 'Side'],
])('The full name of an enum is made of %s', async (_, record, names, expected) => {
  const type = { type: 'enum', symbols: ['buy'], ...names };
  const fields = [
    { name: 'side', type },
    { name: 'side2', type: ['null', expected] },
  ];
  const content = { type: 'record', ...record, fields };
  const transformation = await makeTransformation(schema, { schemaFile: await schemaFile(content) });
  expect(
    ((await transformation.apply(recordOf({ side: 'buy', side2: 'buy' }))) as SourceRecord).valueSchema,
  ).toMatchObject({
    fields: [{ enumName: expected }, { enumName: expected }],
  });
});

it.each<[string, unknown, string]>([
  ['is not JSON', '{', 'JSON'],
  ['is not a record', { type: 'enum' }, 'expected an Avro schema of type record'],
  [
    'has a type that a cell cannot be',
    { type: 'record', name: 'R', fields: [{ name: 'a', type: { type: 'array', items: 'int' } }] },
    'field a: cannot fill type',
  ],
  [
    'has a union of several types',
    { type: 'record', name: 'R', fields: [{ name: 'a', type: ['int', 'string'] }] },
    'field a: expected one type',
  ],
  [
    'names a field twice',
    {
      type: 'record',
      name: 'R',
      fields: [
        { name: 'a', type: 'int' },
        { name: 'a', type: 'int' },
      ],
    },
    'field a comes more than once',
  ],
  [
    'has a default of another type',
    { type: 'record', name: 'R', fields: [{ name: 'a', type: 'int', default: 'x' }] },
    'fields.a.default expected an int, got "x"',
  ],
])('A schema file that %s is a fault of the configuration', async (_, content, message) => {
  const path = await schemaFile(content);
  const failure = await fail({ schemaFile: path });
  expect(failure).toMatch(/^CONFIG_INVALID /);
  expect(failure).toContain(message);
  expect(failure).toContain(path);
});

it('A schema file that is not there is a fault of the configuration', async () => {
  expect(await fail({ schemaFile: join(folder, 'none.avsc') })).toMatch(
    /^CONFIG_INVALID schema.file .*none.avsc: no such file/,
  );
});

it.each<[Record<string, string>, string]>([
  [{}, 'fields: name at least one field, or set schema.file'],
  [
    { price: 'duoble' },
    'fields.price: expected a type (string, int, long, float, double, boolean, decimal, timestamp, date, enum, time, uuid, duration, bytes), got "duoble"; did you mean "double"?',
  ],
  [
    { price: 'double', 'price.optinal': 'true' },
    'fields.price.optinal: unknown setting; did you mean "optional"?; a field has optional, absent, from, null.values, default, format, zone, ambiguous, nonexistent, unit, escapes, case, trim, symbols, precision, scale, thousands, grouping, decimal, implied.decimals, currency, forms, true.values, false.values',
  ],
  [{ price: 'double', 'price.optional': 'yes' }, 'fields.price.optional: expected true or false, got "yes"'],
  [{ price: 'double', 'price.default': 'x' }, 'fields.price.default: expected a double, got "x"'],
  [{ price: 'double', 'price.case': 'upper' }, 'fields.price.case: is for string and enum, not for double'],
  [{ side: 'enum' }, 'fields.side.symbols: is required of an enum: the values allowed'],
  [
    { side: 'enum', 'side.symbols': 'a,,b' },
    'fields.side.symbols: expected values between commas, none of them empty, got "a,,b"',
  ],
  [
    { 'price.optional': 'true' },
    'fields.price: has no type; expected one of string, int, long, float, double, boolean, decimal, timestamp, date, enum, time, uuid, duration, bytes',
  ],
  [
    { at: 'timestamp', 'at.format': 'epoch_x' },
    'fields.at.format: expected iso, rfc1123, epoch, epoch_s, epoch_ms, epoch_us, epoch_ns, number, number_ms, number_us, number_ns, excel, excel_1904 or a pattern of yyyy, yy, MM, MMM, MMMM, dd, EEE, EEEE, HH, hh, a, mm, ss, S, X, Z, z and VV, got "epoch_x"',
  ],
  [{ p: 'decimal', 'p.precision': '2', 'p.scale': '3' }, 'fields.p.scale: expected at most the precision, 2'],
])('The fields %j have a problem', (fields, problem) => {
  expect(problemsOf(schema, { fields })).toEqual([problem]);
});

it('A name with dots in it is a field', () => {
  expect(problemsOf(schema, { fields: { 'a.b': 'int', 'a.b.optional': 'true', default: 'int' } })).toEqual(
    [],
  );
});

it('Fields of a schema file may be refined without a type', () => {
  expect(problemsOf(schema, { fields: { 'side.case': 'lower' }, schemaFile: '/trade.avsc' })).toEqual([]);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpServer } from '../../../scripts/stack/http-server.ts';
import { startRegistry } from '../../../scripts/stack/registry.ts';
import avro from '../../../src/converters/avro/index.ts';
import { messageOf, type SourceRecord } from '../../../src/plugin/index.ts';
import { value as replaceField } from '../../../transforms/connect/replace-field.ts';
import schema from '../../../transforms/schema/index.ts';
import { uniqueName } from '../../support/stack.ts';
import { makeTransformation, recordOf } from '../../transforms/support.ts';
import { get, idIn, register, registryConverter, versions } from '../registry/support.ts';
import { decoded } from './decoding.ts';

let registry: HttpServer;
let url: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-avsc-'));
  registry = await startRegistry();
  url = registry.url;
});
afterAll(async () => {
  await registry.stop();
  await rm(folder, { recursive: true });
});

type Row = Readonly<Record<string, string>>;
interface Written {
  readonly id: number;
  /** What the registry has under the id. */
  readonly registered: unknown;
  readonly value: Record<string, unknown>;
}

interface Ways {
  readonly fields?: Record<string, string>;
  readonly schemaName?: string;
  readonly renames?: string[];
  readonly exclude?: string[];
  readonly autoRegisterSchemas?: boolean;
}

async function recordBy(file: unknown, row: Row, { fields = {}, schemaName, renames, exclude }: Ways) {
  const path = join(folder, `${Math.random()}.avsc`);
  await writeFile(path, typeof file === 'string' ? file : JSON.stringify(file));
  const transformation = await makeTransformation(schema, {
    schemaFile: path,
    fields,
    schemaName: schemaName ?? null,
  });
  const record = (await transformation.apply(recordOf(row))) as SourceRecord;
  if (renames === undefined && exclude === undefined) return record;
  const options = { renames: renames ?? [], exclude: exclude ?? [] };
  return (await (await makeTransformation(replaceField, options)).apply(record)) as SourceRecord;
}

/** A row by a schema file, as the registry and a reader of Avro have it. */
async function written(topic: string, file: unknown, row: Row, ways: Ways = {}): Promise<Written> {
  const record = await recordBy(file, row, ways);
  const converter = registryConverter(avro, url, { autoRegisterSchemas: ways.autoRegisterSchemas ?? true });
  await converter.prepare?.(topic, record.valueSchema);
  const bytes = Buffer.from(converter.serialize(topic, record.valueSchema, record.value) as Uint8Array);
  const id = idIn(bytes);
  const text = String((await get(url, `/schemas/ids/${id}`)).schema);
  return { id, registered: JSON.parse(text), value: decoded(text, bytes.subarray(5)) };
}

async function refusal(topic: string, file: unknown, row: Row, ways: Ways = {}): Promise<string> {
  return written(topic, file, row, ways).then(
    () => 'none',
    (error) => messageOf(error),
  );
}

function recordType(...fields: object[]) {
  return { type: 'record', name: 'Row', namespace: 'market', fields };
}

const P8 = { type: 'fixed', name: 'P8', size: 8, logicalType: 'decimal', precision: 18, scale: 4 };
const UUID = { type: 'string', logicalType: 'uuid' };
const ID = '123e4567-e89b-12d3-a456-426614174000';

/** Everything that a schema can say beside its types. */
const RICH = {
  type: 'record',
  name: 'Trade',
  namespace: 'market',
  doc: 'One trade.',
  aliases: ['Deal'],
  'connect.version': 2,
  fields: [
    {
      name: 'price',
      type: P8,
      doc: 'What was paid.',
      aliases: ['px'],
      'connect.parameters': { unit: 'AUD' },
    },
    { name: 'id', type: UUID },
    { name: 'at', type: { type: 'long', logicalType: 'time-micros' } },
    {
      name: 'side',
      type: {
        type: 'enum',
        name: 'Side',
        doc: 'Which way.',
        symbols: ['buy', 'sell', 'UNKNOWN'],
        default: 'UNKNOWN',
      },
      default: 'UNKNOWN',
      order: 'ignore',
    },
    { name: 'venue', type: ['null', 'string'], default: null },
    { name: 'lots', type: ['long', 'null'], default: 1 },
    { name: 'fee', type: ['null', 'P8'] },
  ],
};
const RICH_ROW = { price: '45.12', id: ID, at: '09:30:00.000001', side: 'buy', lots: '', fee: '0.5' };

describe('a schema file with the avro converter', () => {
  it('is what is registered, with all that it says', async () => {
    const { registered, value } = await written(uniqueName('file'), RICH, RICH_ROW);
    expect(registered).toEqual(RICH);
    expect(value).toEqual({
      price: Buffer.from('000000000006e280', 'hex'),
      id: ID,
      at: 34_200_000_001n,
      side: 'buy',
      venue: null,
      lots: 1n,
      fee: Buffer.from('0000000000001388', 'hex'),
    });
  });

  it.each([
    ['a decimal on fixed', recordType({ name: 'price', type: P8 }), { price: '1.5' }],
    ['everything', RICH, RICH_ROW],
  ])('uses the schema that was registered before: %s', async (_, file, row) => {
    const topic = uniqueName('file');
    const id = await register(url, `${topic}-value`, file);
    expect((await written(topic, file, row)).id).toBe(id);
    expect(await versions(url, `${topic}-value`)).toEqual([1]);
  });

  it('keeps what a double does not hold', async () => {
    const text = `{"type":"record","name":"R","fields":[{"name":"n","type":"long","default":9007199254740993}]}`;
    const topic = uniqueName('file');
    const { value } = await written(topic, text, { n: '' });
    expect(value).toEqual({ n: 9007199254740993n });
    const { schema: registered } = await get(url, `/subjects/${topic}-value/versions/latest`);
    expect(registered).toContain('9007199254740993');
  });

  it('defines a type where it is used, when the field that defined it is gone', async () => {
    const file = recordType(
      { name: 'price', type: P8 },
      { name: 'fee', type: ['null', 'P8'], default: null },
    );
    const { registered, value } = await written(
      uniqueName('file'),
      file,
      { price: '1', fee: '2' },
      { exclude: ['price'] },
    );
    expect(registered).toMatchObject({
      fields: [{ name: 'fee', type: ['null', { ...P8, name: 'market.P8' }], default: null }],
    });
    expect(value).toEqual({ fee: Buffer.from('0000000000004e20', 'hex') });
  });

  it('takes the default of any branch of a union', async () => {
    const file = recordType(
      { name: 'x', type: ['null', 'string'], default: 'x' },
      { name: 'y', type: 'int' },
    );
    const { valueSchema, value } = await recordBy(file, { x: '', y: '1' }, {});
    expect(value).toEqual({ x: 'x', y: 1 });
    expect(valueSchema?.fields[0]).toMatchObject({ optional: true, default: 'x' });
  });

  it('keeps of a file what options and transformations leave as it is', async () => {
    const { registered } = await written(uniqueName('file'), RICH, RICH_ROW, {
      fields: { lots: 'string', 'lots.default': 'x', note: 'string', 'note.optional': 'true' },
      schemaName: 'other.Trade',
      renames: ['price:paid'],
    });
    const [price, ...others] = RICH.fields;
    const { namespace: _namespace, ...record } = RICH;
    expect(registered).toEqual({
      ...record,
      name: 'Trade',
      namespace: 'other',
      fields: [
        { ...price, name: 'paid', type: { ...P8, name: 'market.P8' } },
        ...others.slice(0, 2),
        { ...others[2], type: { ...(others[2]?.type as object), name: 'market.Side' } },
        others[3],
        { name: 'lots', type: ['string', 'null'], default: 'x' },
        { name: 'fee', type: ['null', 'market.P8'] },
        { name: 'note', type: ['null', 'string'], default: null },
      ],
    });
  });
});

describe('a logical type of a schema file', () => {
  const fixed = (size: number, logicalType?: string) => ({ type: 'fixed', name: 'F', size, logicalType });
  it.each<[unknown, string, unknown]>([
    [UUID, ID, ID],
    [fixed(16, 'uuid'), ID, Buffer.from(ID.replaceAll('-', ''), 'hex')],
    [{ type: 'int', logicalType: 'date' }, '1970-01-02', 1],
    [{ type: 'int', logicalType: 'time-millis' }, '09:30:00.5', 34_200_500],
    [{ type: 'long', logicalType: 'time-micros' }, '23:59:59.999999', 86_399_999_999n],
    [{ type: 'long', logicalType: 'timestamp-millis' }, '1970-01-01T00:00:01Z', 1000n],
    [{ type: 'long', logicalType: 'timestamp-micros' }, '1970-01-01T00:00:01Z', 1_000_000n],
    [{ type: 'long', logicalType: 'timestamp-nanos' }, '1970-01-01T00:00:01Z', 1_000_000_000n],
    [{ type: 'long', logicalType: 'local-timestamp-millis' }, '1970-01-01T00:00:01', 1000n],
    [{ type: 'long', logicalType: 'local-timestamp-micros' }, '1970-01-01T00:00:01', 1_000_000n],
    [{ type: 'long', logicalType: 'local-timestamp-nanos' }, '1970-01-01T00:00:01', 1_000_000_000n],
    [{ type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 }, '-1.00', Buffer.from([0x9c])],
    [{ ...fixed(3, 'decimal'), precision: 6, scale: 2 }, '-1.00', Buffer.from([0xff, 0xff, 0x9c])],
    [{ type: 'bytes', logicalType: 'big-decimal' }, '-12.50', Buffer.from([4, 0xfb, 0x1e, 4])],
    [fixed(12, 'duration'), 'P1Y2M1W3DT4H0M5.006S', Buffer.from('0e0000000a0000008ecddb00', 'hex')],
    [fixed(4), 'DEADbeef', Buffer.from('deadbeef', 'hex')],
    ['bytes', '00ff', Buffer.from([0, 255])],
    [{ type: 'string', logicalType: 'no-such-type' }, 'x', 'x'],
    [{ type: 'enum', name: 'E', symbols: ['a', 'b'] }, 'b', 'b'],
  ])('%j of %s is %s', async (type, cell, value) => {
    const file = recordType({ name: 'x', type }, { name: 'y', type: ['null', nameOf(type)], default: null });
    const topic = uniqueName('logical');
    const both = await written(topic, file, { x: cell, y: cell });
    expect(both.registered).toEqual(JSON.parse(JSON.stringify(file)));
    expect(both.value).toEqual({ x: value, y: value });
    expect((await written(topic, file, { x: cell, y: '' })).value).toEqual({ x: value, y: null });
  });

  it.each<[unknown, string, string]>([
    [UUID, 'not-a-uuid', 'x: expected a UUID'],
    [UUID, `${ID}0`, 'x: expected a UUID'],
    [fixed(16, 'uuid'), 'not-a-uuid', 'x: expected a UUID'],
    [{ type: 'int', logicalType: 'time-millis' }, '24:00:00', 'x: expected a time'],
    [{ type: 'int', logicalType: 'time-millis' }, '09:30:00.0001', 'x: expected a time of at most 3 digits'],
    [{ type: 'long', logicalType: 'time-micros' }, '9:30', 'x: expected a time'],
    [fixed(12, 'duration'), '-P1D', 'x: expected a duration'],
    [fixed(12, 'duration'), 'P4294967296D', 'x: expected a duration'],
    [fixed(12, 'duration'), 'PT0.0001S', 'x: expected a duration'],
    [fixed(12, 'duration'), 'P', 'x: expected a duration'],
    [fixed(4), 'deadbe', 'x: expected 4 bytes as 8 hexadecimal digits'],
    [fixed(4), 'deadbeefg', 'x: expected 4 bytes as 8 hexadecimal digits'],
    ['bytes', 'abc', 'x: expected bytes as hexadecimal digits'],
  ])('%j refuses %s', async (type, cell, message) => {
    expect(await refusal(uniqueName('logical'), recordType({ name: 'x', type }), { x: cell })).toContain(
      message,
    );
  });

  it.each<[unknown, unknown, unknown]>([
    [{ type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 }, '\u0000', Buffer.from([0])],
    [{ type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 }, '9', Buffer.from([0x39])],
    [{ ...fixed(2, 'decimal'), precision: 4, scale: 2 }, '\u00ff\u009c', Buffer.from([0xff, 0x9c])],
    [{ type: 'int', logicalType: 'date' }, 0, 0],
    [{ type: 'int', logicalType: 'time-millis' }, 34_200_500, 34_200_500],
    [{ type: 'long', logicalType: 'time-micros' }, 1, 1n],
    [{ type: 'long', logicalType: 'timestamp-millis' }, 0, 0n],
    [{ type: 'long', logicalType: 'timestamp-nanos' }, -1, -1n],
    [{ type: 'long', logicalType: 'local-timestamp-micros' }, 5, 5n],
    [UUID, ID, ID],
    [fixed(16, 'uuid'), `${'\u0000'.repeat(15)}\u00ff`, Buffer.from(`${'00'.repeat(15)}ff`, 'hex')],
    [fixed(12, 'duration'), `\u0001${'\u0000'.repeat(11)}`, Buffer.from(`01${'00'.repeat(11)}`, 'hex')],
    [fixed(2), '\u0000\u00ff', Buffer.from([0, 255])],
    ['bytes', '\u00ff', Buffer.from([255])],
    ['string', '', ''],
    ['boolean', false, false],
    ['double', 0.5, 0.5],
  ])('%j with the default %j, as Avro has it, fills an empty cell', async (type, fallback, value) => {
    const file = recordType({ name: 'x', type, default: fallback });
    const first = await written(uniqueName('default'), file, { x: '' });
    expect(first.registered).toEqual(JSON.parse(JSON.stringify(file)));
    expect(first.value).toEqual({ x: value });
    const nullable = recordType({ name: 'x', type: [type, 'null'], default: fallback });
    const second = await written(uniqueName('default'), nullable, { x: '' });
    expect(second.registered).toEqual(JSON.parse(JSON.stringify(nullable)));
    expect(second.value).toEqual({ x: value });
  });

  it.each<[unknown, unknown, string]>([
    [
      { type: 'int', logicalType: 'date' },
      '1970-01-01',
      'fields.x.default expected days since 1970, as a number',
    ],
    ['int', 'x', 'fields.x.default expected an int'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 2, scale: 0 }, '\u0001\u0000', 'fields.x.default'],
    [{ type: 'enum', name: 'E', symbols: ['a'] }, 'b', 'fields.x.default expected one of a'],
    [fixed(4), '\u0000', 'fields.x.default expected 4 characters'],
  ])('%j refuses the default %j', async (type, fallback, message) => {
    const file = recordType({ name: 'x', type, default: fallback });
    expect(await refusal(uniqueName('default'), file, { x: '' })).toContain(message);
  });
});

describe('a record in the record of a schema file', () => {
  const PRICE = {
    type: 'record',
    name: 'Price',
    fields: [
      { name: 'amount', type: P8 },
      { name: 'currency', type: 'string' },
    ],
  };

  it('is filled by columns that are called by the path', async () => {
    const file = recordType(
      { name: 'id', type: 'string' },
      { name: 'price', type: PRICE },
      { name: 'n', type: 'int' },
    );
    const row = { id: 'a', 'price.amount': '10.50', 'price.currency': 'EUR', n: '1' };
    const { registered, value } = await written(uniqueName('nested'), file, row);
    expect(registered).toEqual(file);
    expect(value).toEqual({
      id: 'a',
      price: { amount: Buffer.from('0000000000019a28', 'hex'), currency: 'EUR' },
      n: 1,
    });
    const refined = { 'price.currency.case': 'lower' };
    expect((await written(uniqueName('nested'), file, row, { fields: refined })).value).toMatchObject({
      price: { currency: 'eur' },
    });
    expect(await refusal(uniqueName('nested'), file, { ...row, 'price.currency': '' })).toBe(
      'Missing required fields: [price.currency]',
    );
  });

  it('is null where all its columns are empty, when it may be', async () => {
    const file = recordType(
      { name: 'price', type: ['null', PRICE], default: null },
      { name: 'fee', type: ['Price', 'null'] },
    );
    const amount = Buffer.from('0000000000002710', 'hex');
    const row = { 'price.amount': '', 'price.currency': '', 'fee.amount': '1', 'fee.currency': 'EUR' };
    const { registered, value } = await written(uniqueName('nested'), file, row);
    expect(registered).toEqual(file);
    expect(value).toEqual({ price: null, fee: { amount, currency: 'EUR' } });
    const half = { 'price.amount': '1', 'price.currency': '', 'fee.amount': '', 'fee.currency': '' };
    expect(await refusal(uniqueName('nested'), file, half)).toBe('Missing required fields: [price.currency]');
    expect((await written(uniqueName('nested'), file, {})).value).toEqual({ price: null, fee: null });
  });
});

describe('the schema of a subject', () => {
  it('is checked against, where the records say less', async () => {
    const topic = uniqueName('theirs');
    await register(url, `${topic}-value`, recordType({ name: 'id', type: UUID }));
    const file = recordType({ name: 'id', type: 'string' });
    const ways = { autoRegisterSchemas: false };
    expect(await refusal(topic, file, { id: 'not-a-uuid' }, ways)).toContain('id: expected a UUID');
    expect((await written(topic, file, { id: ID }, ways)).value).toEqual({ id: ID });
  });
});

it('fields that the records lack get the default that the schema has for them, whatever its type', async () => {
  const topic = uniqueName('filled');
  const inner = recordType({ name: 'a', type: 'int' }, { name: 'b', type: 'string', default: 'z' });
  const theirs = recordType(
    { name: 'id', type: 'int' },
    { name: 'list', type: { type: 'array', items: ['int', 'null'] }, default: [1, 2] },
    { name: 'map', type: { type: 'map', values: 'double' }, default: { x: 0.5 } },
    { name: 'empty', type: { type: 'array', items: 'int' }, default: [] },
    { name: 'inner', type: { ...inner, name: 'Inner' }, default: { a: 7 } },
    { name: 'hash', type: { type: 'fixed', name: 'Hash', size: 2 }, default: '\u0001\u00ff' },
    { name: 'side', type: { type: 'enum', name: 'Side', symbols: ['a', 'b'] }, default: 'b' },
    { name: 'day', type: { type: 'int', logicalType: 'date' }, default: -1 },
    { name: 'flag', type: ['boolean', 'null'], default: true },
    { name: 'ratio', type: 'float', default: 0.25 },
  );
  await register(url, `${topic}-value`, theirs);
  const file = recordType({ name: 'id', type: 'int' });
  const { value } = await written(topic, file, { id: '1' }, { autoRegisterSchemas: false });
  expect(JSON.parse(JSON.stringify(value))).toEqual({
    id: 1,
    list: [1, 2],
    map: { x: 0.5 },
    empty: [],
    inner: { a: 7, b: 'z' },
    hash: { type: 'Buffer', data: [1, 255] },
    side: 'b',
    day: -1,
    flag: true,
    ratio: 0.25,
  });
});

describe('a schema that names types of others', () => {
  it('is read with those that it refers to', async () => {
    const topic = uniqueName('referring');
    const side = { type: 'enum', name: 'Side', namespace: 'common', symbols: ['buy', 'sell'] };
    const order = {
      type: 'record',
      name: 'Order',
      namespace: 'common',
      fields: [{ name: 'side', type: 'Side' }],
    };
    await register(url, `${topic}-side`, side);
    const sideReference = { name: 'common.Side', subject: `${topic}-side`, version: 1 };
    await register(url, `${topic}-order`, order, 'AVRO', [sideReference]);
    const theirs = recordType({ name: 'id', type: 'int' }, { name: 'order', type: 'common.Order' });
    await register(url, `${topic}-value`, theirs, 'AVRO', [
      { name: 'common.Order', subject: `${topic}-order`, version: 1 },
    ]);
    const file = recordType(
      { name: 'id', type: 'int' },
      { name: 'order', type: { ...order, fields: [{ name: 'side', type: side }] } },
    );
    const record = await recordBy(file, { id: '7', 'order.side': 'sell' }, {});
    const converter = registryConverter(avro, url, { autoRegisterSchemas: false });
    await converter.prepare?.(topic, record.valueSchema);
    const bytes = Buffer.from(converter.serialize(topic, record.valueSchema, record.value) as Uint8Array);
    expect([...bytes.subarray(5)]).toEqual([14, 2]);
  });
});

describe('the avro converter with use.latest.version: false', () => {
  const own = { autoRegisterSchemas: false, useLatestVersion: false };

  it('takes the schema of the records, which the subject must have', async () => {
    const topic = uniqueName('own');
    const file = recordType({ name: 'id', type: UUID });
    const { valueSchema } = await recordBy(file, { id: ID }, {});
    const converter = registryConverter(avro, url, own);
    await expect(converter.prepare?.(topic, valueSchema)).rejects.toThrow(
      `subject ${topic}-value does not have the schema of the records`,
    );
    const id = await register(url, `${topic}-value`, file);
    const later = { ...file, fields: [...file.fields, { name: 'n', type: 'int', default: 0 }] };
    expect(await register(url, `${topic}-value`, later)).not.toBe(id);
    await converter.prepare?.(topic, valueSchema);
    expect(idIn(Buffer.from(converter.serialize(topic, valueSchema, { id: ID }) as Uint8Array))).toBe(id);
  });
});

/** A named type is defined once. */
function nameOf(type: unknown): unknown {
  return (type as { name?: string }).name ?? type;
}

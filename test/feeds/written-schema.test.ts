import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpServer } from '../../scripts/stack/http-server.ts';
import { startRegistry } from '../../scripts/stack/registry.ts';
import { headrace } from '../cli/support/run-command.ts';
import { decoded } from '../converters/avro/decoding.ts';
import { get } from '../converters/registry/support.ts';
import { recordsIn } from '../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';

const { bootstrapServers } = await sharedKafka();
const folder = mkdtempSync(join(tmpdir(), 'headrace-written-schema-'));
let registry: HttpServer;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true });
});

const ROWS = `symbol,Net Price,at,1st,amount,constructor,note
BHP,1.5,2026-01-05T10:00:00.120Z,1,12345678901234567890.5,x,
CBA,2,2026-01-06T10:00:00Z,2,2.25,y,late
RIO,-0.25,2026-01-07T10:00:00Z,30,0.125,z,
`;

function preview(...args: string[]) {
  return headrace(['preview', ...args], { cwd: folder });
}

/** Loads rows.csv by a feed of these lines, and gives its topic's values and its subject's schema. */
async function load(converter: string, lines: readonly string[]) {
  const topic = uniqueName('written');
  const feed = [
    `name: ${topic}`,
    'connector.class: local',
    'input.path: ./rows.csv',
    'transforms: parse,validate,route',
    'transforms.parse.type: csv',
    'transforms.validate.type: schema',
    ...lines,
    'transforms.route.type: route',
    `transforms.route.topic: ${topic}`,
    `value.converter: ${converter}`,
    `value.converter.schema.registry.url: ${registry.url}`,
    'topic.creation.default.partitions: 1',
  ];
  const path = `${topic}.yaml`;
  writeFileSync(join(folder, path), feed.join('\n'));
  const env = { HEADRACE_BOOTSTRAP_SERVERS: bootstrapServers };
  const ran = await headrace(['load', 'rows.csv', '--feed', path, '--no-progress'], { cwd: folder, env });
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  const { schema } = await get(registry.url, `/subjects/${topic}-value/versions/latest`);
  const values = (await recordsIn(bootstrapServers, topic)).map(({ value }) => value as Buffer);
  return { path, values, schema: String(schema) };
}

describe('headrace preview FILE --schema avro', () => {
  test('writes a schema of what it guesses, by which a feed that names it loads the file', async () => {
    writeFileSync(join(folder, 'rows.csv'), ROWS);
    const { code, stdout, stderr } = await preview('rows.csv', '--schema', 'avro', '--save', 'rows.avsc');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('column "Net Price" is field Net_Price, as Avro allows letters, digits and _\n');
    const text = readFileSync(join(folder, 'rows.avsc'), 'utf8');
    const { values, schema, path } = await load('avro', [
      'transforms.validate.schema.file: ./rows.avsc',
      // What is said of the column is said of its field.
      'transforms.validate.fields.Net Price.trim: "true"',
    ]);
    expect(JSON.parse(schema)).toEqual(JSON.parse(text));
    const rows = values.map((value) => decoded(schema, value.subarray(5)));
    expect(rows).toMatchObject([
      { symbol: 'BHP', Net_Price: 1.5, _1st: 1n, constructor: 'x', note: null },
      { symbol: 'CBA', Net_Price: 2, _1st: 2n, constructor: 'y', note: 'late' },
      { symbol: 'RIO', Net_Price: -0.25, _1st: 30n, constructor: 'z', note: null },
    ]);
    expect((await preview(path, '--schema', 'avro')).stdout).toBe(text);
  });

  test('writes what the converter registers for a given feed', async () => {
    writeFileSync(join(folder, 'rows.csv'), 'symbol,price,day,side\nBHP,1.50,2026-01-05,buy\n');
    const { path, schema } = await load('avro', [
      'transforms.validate.schema.name: market.Trade',
      'transforms.validate.fields.symbol: string',
      'transforms.validate.fields.price: decimal',
      'transforms.validate.fields.price.precision: "12"',
      'transforms.validate.fields.price.scale: "2"',
      'transforms.validate.fields.day: date',
      'transforms.validate.fields.day.optional: "true"',
      'transforms.validate.fields.side: enum',
      'transforms.validate.fields.side.symbols: buy,sell',
    ]);
    const { code, stdout, stderr } = await preview(path, '--schema', 'avro');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(schema));
    expect(stdout).toContain('  "namespace": "market",\n  "fields": [\n    {\n      "name": "symbol"');
  });

  test('never writes over a file, and says why where there is nothing to write', async () => {
    writeFileSync(join(folder, 'taken.avsc'), '{}');
    expect(await preview('rows.csv', '--schema', 'avro', '--save', 'taken.avsc')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('taken.avsc: is there already and is not overwritten'),
    });
    const plain = ['name: f', 'connector.class: local', 'input.path: ./rows.csv', 'transforms: parse,route'];
    const route = ['transforms.parse.type: csv', 'transforms.route.type: route', 'transforms.route.topic: t'];
    writeFileSync(join(folder, 'plain.yaml'), [...plain, ...route].join('\n'));
    expect(await preview('plain.yaml', '--schema', 'avro')).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'rows.csv: expected a row that is sent with a schema; of the first 1 none has one, as the feed has no transformation of type schema\n',
    });
  });
});

describe('headrace preview FILE --schema json', () => {
  test('writes what the converter registers, and the values are valid by it', async () => {
    writeFileSync(join(folder, 'rows.csv'), ROWS);
    const { path, values, schema } = await load('json-schema', [
      'transforms.validate.fields.symbol: string',
      'transforms.validate.fields.Net Price: double',
      'transforms.validate.fields.1st: long',
      'transforms.validate.fields.note: string',
      'transforms.validate.fields.note.optional: "true"',
    ]);
    const { stdout } = await preview(path, '--schema', 'json');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(schema));
    const isValid = new Ajv().compile(JSON.parse(stdout));
    for (const value of values) expect(isValid(JSON.parse(String(value.subarray(5))))).toBe(true);
    expect(isValid({})).toBe(false);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { RowTrace } from '../../src/dry-run/row-trace.ts';
import { partitionForKey } from '../../src/kafka/records/partitioner.ts';
import { feedWith, TYPED, tracesOf } from './support.ts';

const plugins = mkdtempSync(join(tmpdir(), 'headrace-dry-run-'));
afterAll(() => rmSync(plugins, { recursive: true }));

/** Vitest does not let a plugin import `headrace/plugin`; a plugin is an ordinary object without it as well. */
function plugin(name: string, apply: string): void {
  const text = `export const seen = [];
export default { kind: 'transformation', name: '${name}', doc: 'x', config: {}, create: () => ({ apply: ${apply} }) };`;
  writeFileSync(join(plugins, `${name}.mjs`), text);
}

function sentOf(row: RowTrace | undefined) {
  if (row?.outcome.kind !== 'sent') throw new Error(`expected a row that is sent, got ${row?.outcome.kind}`);
  return row.outcome.records;
}

describe('the trace of a row', () => {
  test('has its record after the parser and after each transformation, as it was then', async () => {
    const [row] = await tracesOf(await feedWith(TYPED), 'symbol,price\nBHP,45.20\n');
    expect(row?.origin).toMatchObject({ row: 1, line: 2, offset: 13 });
    expect(row?.raw.toString()).toBe('BHP,45.20');
    expect(row?.stages.map(({ label, plugin }) => [label, plugin])).toEqual([
      ['parse', 'csv'],
      ['validate', 'schema'],
      ['route', 'route'],
    ]);
    expect(row?.stages.map(({ records }) => records[0]?.value)).toEqual([
      { symbol: 'BHP', price: '45.20' },
      { symbol: 'BHP', price: 45.2 },
      { symbol: 'BHP', price: 45.2 },
    ]);
    expect(row?.stages.map(({ records }) => records[0]?.topic)).toEqual([null, null, 'trades']);
  });

  test('ends with the record as the sink would send it', async () => {
    const [row] = await tracesOf(await feedWith(TYPED), 'symbol,price\nBHP,45.20\n');
    const [record] = sentOf(row);
    expect(record).toMatchObject({ topic: 'trades', partitionBy: 'key' });
    expect(record?.partition).toBe(partitionForKey(Buffer.from('BHP'), 6));
    expect(record?.key.bytes?.toString()).toBe('BHP');
    expect(record?.value.bytes?.toString()).toBe('{"symbol":"BHP","price":45.2}');
    expect(record?.headers.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'file.path=drop/rows.csv',
      'file.name=rows.csv',
      'file.offset=13',
      'file.row=1',
    ]);
  });

  test('leaves the partition open where the feed does not say how many there are', async () => {
    const config = await feedWith(TYPED.replace(/topic\.creation.*/, ''));
    const [record] = sentOf((await tracesOf(config, 'symbol,price\nBHP,45.20\n'))[0]);
    expect(record).toMatchObject({ partition: null, partitionBy: 'key' });
  });

  test('names the stage that rejects the row, by its label', async () => {
    const rows = await tracesOf(await feedWith(TYPED), 'symbol,price\nBHP\nCBA,x\n,1\n');
    const stages = rows.map(({ outcome }) => outcome.kind === 'rejected' && outcome.stage.label);
    expect(stages).toEqual(['parse', 'validate', 'validate']);
    expect(rows.map(({ stages }) => stages.length)).toEqual([0, 1, 1]);
  });

  test('names the converter that cannot write it', async () => {
    const feed = await feedWith(`${TYPED}value.converter: bytes\n`);
    const [row] = await tracesOf(feed, 'symbol,price\nBHP,1\n');
    expect(row?.outcome).toMatchObject({
      kind: 'rejected',
      stage: { label: 'value.converter', plugin: 'bytes' },
      rejection: { stage: 'VALUE_CONVERTER' },
    });
  });

  test('has the records that a transformation makes of one, and rows that it takes out', async () => {
    plugin('double', "(r) => r.value.symbol === 'OUT' ? null : [r, { ...r, key: 'second' }]");
    const feed = await feedWith(
      `${TYPED.replace('validate,route', 'validate,route,double')}transforms.double.type: double\n`,
      plugins,
    );
    const rows = await tracesOf(feed, 'symbol,price\nBHP,1\nOUT,2\n');
    expect(sentOf(rows[0]).map(({ key }) => key.bytes?.toString())).toEqual(['BHP', 'second']);
    expect(rows[1]?.outcome).toEqual({ kind: 'filtered', stage: { label: 'double', plugin: 'double' } });
  });
});

describe('a converter with a schema registry', () => {
  const url = 'value.converter: avro\nvalue.converter.schema.registry.url: http://127.0.0.1:1\n';

  test('leaves the bytes unknown: nothing is asked and nothing registered', async () => {
    const [record] = sentOf((await tracesOf(await feedWith(TYPED + url), 'symbol,price\nBHP,1\n'))[0]);
    expect(record?.value).toEqual({ converter: 'avro', bytes: null, known: false });
  });

  test('still finds fault with a row that it could never write', async () => {
    const untyped = TYPED.replace('parse,validate,route', 'parse,route').replaceAll(/.*validate.*\n/g, '');
    const [row] = await tracesOf(await feedWith(untyped + url), 'symbol,price\nBHP,1\n');
    expect(row?.outcome).toMatchObject({ kind: 'rejected', stage: { label: 'value.converter' } });
  });
});

describe('a run without Kafka', () => {
  test('takes rows as they come, wherever the chunks end', async () => {
    const rows = await tracesOf(await feedWith(TYPED), ['symbol,pr', 'ice\nBHP,1\nC', 'BA,2\nRIO,3']);
    expect(rows.map(({ raw }) => raw.toString())).toEqual(['BHP,1', 'CBA,2', 'RIO,3']);
  });

  test('shows rows beyond its limit to no transformation', async () => {
    plugin('spy', '(r) => { seen.push(r.value.symbol); return r; }');
    const feed = await feedWith(
      `${TYPED.replace('validate,route', 'validate,route,spy')}transforms.spy.type: spy\n`,
      plugins,
    );
    expect(await tracesOf(feed, 'symbol,price\nBHP,1\nCBA,2\nRIO,3\n', 2)).toHaveLength(2);
    const { seen } = await import(join(plugins, 'spy.mjs'));
    expect(seen).toEqual(['BHP', 'CBA']);
  });

  test('fails as the task would: a file that cannot be parsed, a record without a topic, a server that is away', async () => {
    await expect(tracesOf(await feedWith(TYPED), 'a,a\n1,2\n')).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
      message: expect.stringContaining('columns that come more than once'),
    });
    plugin('aimless', '(record) => record');
    const nowhere = await feedWith('transforms: parse,aimless\ntransforms.aimless.type: aimless\n', plugins);
    await expect(tracesOf(nowhere, 'a\n1\n')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    plugin('away', "() => { throw Object.assign(new Error('no answer'), { retriable: true }); }");
    const away = await feedWith('transforms: parse,away\ntransforms.away.type: away\n', plugins);
    await expect(tracesOf(away, 'a\n1\n')).rejects.toMatchObject({ code: 'PLUGIN_FAILED', retriable: true });
  });
});

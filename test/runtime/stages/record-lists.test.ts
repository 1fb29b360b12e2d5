import { describe, expect, it } from 'vitest';
import { inBatches, RowError, type SourceRecord, type Transformation } from '../../../src/plugin/index.ts';
import { PluginCalls } from '../../../src/plugin-calls/plugin-calls.ts';
import type { RowBatch } from '../../../src/rows/index.ts';
import { TransformationStage } from '../../../src/runtime/stages/transformation-stage.ts';
import { batchOf } from '../../../src/testing/batch-of.ts';
import { CALLS } from '../../support/plugin-calls.ts';

type ApplyBatch = NonNullable<Transformation['applyBatch']>;

const PLUGIN = { key: 'transforms.asks', name: 'asks', modulePath: '/plugins/asks.ts' };
const nOf = ({ value }: SourceRecord) => Number((value as { readonly n: string }).n);
const numbers = (count: number) => batchOf(Array.from({ length: count }, (_, row) => ({ n: `${row + 1}` })));
const everySecond = {
  plugin: PLUGIN,
  test: { test: (record: SourceRecord) => nOf(record) % 2 === 0 },
  negate: false,
};

function stageOf(applyBatch: unknown, more: object = {}): TransformationStage {
  const transformation = inBatches(applyBatch as ApplyBatch);
  return new TransformationStage({
    ...{ plugin: PLUGIN, transformation, predicate: null, parallel: 1, calls: CALLS },
    ...more,
  });
}

/** Of each row: the values of its records, its error, or null where it was filtered out. */
function outcomesOf(batch: RowBatch): unknown[] {
  return Array.from({ length: batch.rowCount }, (_, index) => {
    const rejection = batch.rejections.get(index);
    if (rejection !== undefined) return `${rejection.errorName}: ${rejection.message}`;
    return batch.isLive(index) ? batch.records(index).map(nOf) : null;
  });
}

async function outcomes(applyBatch: unknown, count = 4, more: object = {}): Promise<unknown[]> {
  const batch = numbers(count);
  await stageOf(applyBatch, more).run(batch);
  return outcomesOf(batch);
}

describe('a transformation of lists', () => {
  it('gives one result for each record, which stay in order', async () => {
    const apply = async (records: readonly SourceRecord[]) =>
      records.map((record) => {
        const n = nOf(record);
        if (n === 1) return null;
        if (n === 2) return [record, { ...record, value: { n: '20' } }];
        return n === 3 ? new RowError('Unknown', 'nobody knows 3') : record;
      });
    expect(await outcomes(apply)).toEqual([null, [2, 20], 'Unknown: nobody knows 3', [4]]);
  });

  it('is called with at most a thousand records, one list after another', async () => {
    const calls: [number, number | undefined, number][] = [];
    const apply = async (records: readonly SourceRecord[]) => {
      calls.push([
        nOf(records[0] as SourceRecord),
        records.at(-1) && nOf(records.at(-1) as SourceRecord),
        records.length,
      ]);
      return records;
    };
    expect(await outcomes(apply, 2500)).toHaveLength(2500);
    expect(calls).toEqual([
      [1, 1000, 1000],
      [1001, 2000, 1000],
      [2001, 2500, 500],
    ]);
  });

  it('may give its results at once, and is not called for rows that are out already', async () => {
    const batch = numbers(3);
    batch.filter(1);
    const seen: number[] = [];
    await stageOf((records: readonly SourceRecord[]) => {
      seen.push(...records.map(nOf));
      return records;
    }).run(batch);
    expect(seen).toEqual([1, 3]);
    expect(outcomesOf(batch)).toEqual([[1], null, [3]]);
  });

  it('gets what its predicate selects, and rows of several records with all of them in their place', async () => {
    const batch = numbers(4);
    await stageOf((records: readonly SourceRecord[]) =>
      records.map((record) => [record, { ...record, value: { n: `${nOf(record) + 9}` } }]),
    ).run(batch);
    const twice = (records: readonly SourceRecord[]) =>
      records.map((record) => ({ ...record, value: { n: `${nOf(record) * 100}` } }));
    await stageOf(twice, { predicate: everySecond }).run(batch);
    expect(outcomesOf(batch)).toEqual([
      [1, 1000],
      [200, 11],
      [3, 1200],
      [400, 13],
    ]);
  });

  it.each([
    [
      'nothing',
      () => undefined,
      'applyBatch gave no list for 3 records; expected one for each, in their order',
    ],
    ['too few results', () => [null], 'applyBatch gave 1 results for 3 records; expected one for each'],
    ['what is no record', () => [1, 2, 3], 'row 1 (line 1) of rows.csv: apply gave a number'],
    ['the records in another order', (all: unknown[]) => all.toReversed(), 'apply gave the record of row 3'],
    [
      'an error that is no row of theirs',
      () => {
        throw new RowError('Gone', 'the server is gone');
      },
      'rows 1 to 3 of rows.csv: applyBatch threw: the server is gone',
    ],
  ])('that gives %s is at fault', async (_, apply, message) => {
    const failure = outcomes(apply, 3);
    await expect(failure).rejects.toMatchObject({ code: 'PLUGIN_FAILED', retriable: false });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow('transforms.asks (plugin asks, /plugins/asks.ts): ');
  });

  it('that asks a server which is away has its task begun again', async () => {
    const away = async () => {
      throw Object.assign(new Error('no answer'), { retriable: true });
    };
    await expect(outcomes(away)).rejects.toMatchObject({ code: 'PLUGIN_FAILED', retriable: true });
    const ofOne = async (records: readonly SourceRecord[]) =>
      records.map((record, at) =>
        at === 1 ? Object.assign(new Error('no answer'), { retriable: true }) : record,
      );
    await expect(outcomes(ofOne)).rejects.toMatchObject({ code: 'PLUGIN_FAILED', retriable: true });
  });

  it('that never settles is found by the deadline, with the rows', async () => {
    const calls = new PluginCalls(100);
    await expect(outcomes(() => new Promise(() => {}), 3, { calls })).rejects.toThrow(
      /rows 1 to 3 of rows\.csv: the promise of applyBatch, .* was not settled within 0\.1 s/,
    );
  });

  it('may be tried record by record', async () => {
    const { apply } = inBatches((records) =>
      records.map((record) => (nOf(record) === 1 ? null : new RowError('No', 'no'))),
    );
    const [one, two] = [0, 1].map((row) => numbers(2).record(row) as SourceRecord);
    expect(await apply(one as SourceRecord)).toBe(null);
    await expect(apply(two as SourceRecord)).rejects.toThrow('no');
  });
});

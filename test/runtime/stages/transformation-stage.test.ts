import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  HeadraceError,
  type Predicate,
  type SourceRecord,
  type Transformation,
} from '../../../src/plugin/index.ts';
import { UNKNOWN_REASON } from '../../../src/plugin-calls/thrown-at.ts';
import { TransformationStage } from '../../../src/runtime/stages/transformation-stage.ts';
import { CALLS } from '../../support/plugin-calls.ts';
import { numberedBatch } from '../support.ts';

type Apply = Transformation['apply'];

function stageOf(
  apply: Apply,
  options: { parallel?: number; test?: Predicate['test']; negate?: boolean } = {},
) {
  const { parallel = 1, test, negate = false } = options;
  const plugin = { key: 'predicates.mine', name: 'mine', modulePath: null };
  const predicate = test === undefined ? null : { plugin, test: { test }, negate };
  return new TransformationStage({
    plugin: { key: 'transforms.mine', name: 'mine', modulePath: null },
    transformation: { apply },
    predicate,
    parallel,
    calls: CALLS,
  });
}

const idOf = (record: SourceRecord) => Number((record.value as { id: string }).id);
const named = (record: SourceRecord, topic: string) => ({ ...record, topic });

function topics(batch: ReturnType<typeof numberedBatch>): (string | null)[][] {
  return Array.from({ length: batch.rowCount }, (_, index) =>
    batch.isLive(index) ? batch.records(index).map(({ topic }) => topic) : [],
  );
}

describe('a transformation', () => {
  it('changes a record in place', async () => {
    const batch = numberedBatch(2);
    await stageOf((record) => {
      record.topic = `t${idOf(record)}`;
      return record;
    }).run(batch);
    expect(topics(batch)).toEqual([['t1'], ['t2']]);
  });

  it('filters a row by giving nothing, and makes several records by giving several', async () => {
    const batch = numberedBatch(3);
    await stageOf((record) => (idOf(record) === 2 ? null : [named(record, 'a'), named(record, 'b')])).run(
      batch,
    );
    expect(topics(batch)).toEqual([['a', 'b'], [], ['a', 'b']]);
    expect([0, 1, 2].map((index) => batch.isLive(index))).toEqual([true, false, true]);
  });

  it('sees each of several records that one before it made', async () => {
    const batch = numberedBatch(1);
    await stageOf((record) => [named(record, 'a'), named(record, 'b')]).run(batch);
    await stageOf((record) => (record.topic === 'a' ? null : named(record, 'c'))).run(batch);
    expect(topics(batch)).toEqual([['c']]);
  });

  it('rejects the one row at which it throws', async () => {
    const batch = numberedBatch(3);
    await stageOf((record) => {
      if (idOf(record) === 2) throw new TypeError('no such company');
      return record;
    }).run(batch);
    expect([...batch.rejections]).toEqual([
      [
        1,
        {
          stage: 'TRANSFORMATION',
          plugin: 'mine',
          errorName: 'TypeError',
          message: 'no such company',
          masked: UNKNOWN_REASON,
        },
      ],
    ]);
  });

  it('applies where its predicate says so, or where it does not', async () => {
    for (const negate of [false, true]) {
      const batch = numberedBatch(2);
      await stageOf((record) => named(record, 'x'), { test: (record) => idOf(record) === 1, negate }).run(
        batch,
      );
      expect(topics(batch)).toEqual(negate ? [[null], ['x']] : [['x'], [null]]);
    }
  });
});

describe('an asynchronous transformation', () => {
  it('keeps the order of rows that finish in another, with no more under way than it allows', async () => {
    const batch = numberedBatch(40);
    let running = 0;
    let most = 0;
    const stage = stageOf(
      async (record) => {
        running++;
        most = Math.max(most, running);
        await delay(idOf(record) % 7);
        running--;
        return named(record, `t${idOf(record)}`);
      },
      { parallel: 8 },
    );
    await stage.run(batch);
    await stage.run(numberedBatch(40));
    expect(topics(batch)).toEqual(Array.from({ length: 40 }, (_, index) => [`t${index + 1}`]));
    expect(most).toBe(8);
  });

  it('rejects the one row whose promise is rejected', async () => {
    const batch = numberedBatch(5);
    await stageOf(async (record) => {
      if (idOf(record) % 2 === 0) throw new Error('not found');
      return record;
    }).run(batch);
    expect([...batch.rejections.keys()]).toEqual([1, 3]);
  });

  it('ends the task, and rejects no row, when what it needs is away', async () => {
    for (const bad of [1, 4]) {
      const batch = numberedBatch(5);
      const away = new HeadraceError('PLUGIN_FAILED', 'connection refused', { retriable: true });
      const stage = stageOf(async (record) => {
        if (idOf(record) === bad) throw away;
        return record;
      });
      await expect(stage.run(batch)).rejects.toMatchObject({
        message: 'mine: connection refused',
        retriable: true,
      });
      expect(batch.rejections.size).toBe(0);
    }
  });
});

import { describe, expect, it } from 'vitest';
import type { RecordSchema } from '../../../src/plugin/index.ts';
import type { CellTransformation, RowBatch } from '../../../src/rows/index.ts';
import { TransformationStage } from '../../../src/runtime/stages/transformation-stage.ts';
import { CALLS } from '../../support/plugin-calls.ts';
import { numberedBatch } from '../support.ts';

type Row = Record<string, unknown>;

const stageOf = (transformation: CellTransformation) =>
  new TransformationStage({
    plugin: { key: 'transforms.mine', name: 'mine', modulePath: null },
    transformation,
    predicate: null,
    parallel: 2,
    calls: CALLS,
  });

/** A function that adds fields to the rows that it is told of, by their id. */
const adding = (fields: (id: number) => Row): CellTransformation => ({
  apply(record) {
    Object.assign(record.value as Row, fields(Number((record.value as Row).id)));
    return record;
  },
});

const rowsOf = (batch: RowBatch) => Array.from({ length: batch.rowCount }, (_, row) => row);
const cellsOf = (batch: RowBatch) => rowsOf(batch).filter((row) => batch.isCells(row));
const valuesOf = (batch: RowBatch) => rowsOf(batch).map((row) => batch.record(row)?.value);

async function runBatches(stage: TransformationStage, count: number): Promise<RowBatch[]> {
  const batches = Array.from({ length: count }, () => numberedBatch(4));
  for (const batch of batches) await stage.run(batch);
  return batches;
}

describe('a function that adds fields', () => {
  it('of one type each to every row leaves rows cells', async () => {
    const fields = (id: number) => ({
      tenth: id / 10,
      whole: BigInt(id),
      isOdd: id % 2 === 1,
      text: `é${id}`,
    });
    const batches = await runBatches(stageOf(adding(fields)), 2);
    expect(batches.map(cellsOf)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    for (const batch of batches) {
      expect(valuesOf(batch)[2]).toEqual({
        ...{ id: '3', name: 'n3' },
        ...{ tenth: 0.3, whole: 3n, isOdd: true, text: 'é3' },
      });
    }
  });

  it('makes a record of a row to which it adds others, or none, or a value of another type', async () => {
    const odd: Readonly<Record<number, Row>> = { 1: {}, 2: { other: 1 }, 3: { tenth: '0.3' } };
    let isOdd = false;
    const stage = stageOf(adding((id) => (isOdd && id < 4 ? (odd[id] as Row) : { tenth: id / 10 })));
    await runBatches(stage, 1);
    isOdd = true;
    const [batch] = (await runBatches(stage, 1)) as [RowBatch];
    expect(cellsOf(batch)).toEqual([3]);
    expect(valuesOf(batch)).toEqual([
      { id: '1', name: 'n1' },
      { id: '2', name: 'n2', other: 1 },
      { id: '3', name: 'n3', tenth: '0.3' },
      { id: '4', name: 'n4', tenth: 0.4 },
    ]);
  });

  it.each([
    [1, [[0], [1, 2, 3], [1, 2, 3]]],
    [
      4,
      [
        [0, 1, 2],
        [0, 1, 2],
        [0, 1, 2],
      ],
    ],
  ])(
    'to row %i alone leaves the others cells, from the second batch on at the latest',
    async (row, cells) => {
      const batches = await runBatches(stageOf(adding((id) => (id === row ? { only: true } : {}))), 3);
      expect(batches.map(cellsOf)).toEqual(cells);
      for (const batch of batches)
        expect(valuesOf(batch)[row - 1]).toEqual({ id: `${row}`, name: `n${row}`, only: true });
    },
  );

  it('that a file has itself changes those', async () => {
    const stage = stageOf(adding(() => ({ name: 'x', id: '7' })));
    const batches = await runBatches(stage, 2);
    expect(batches.map(cellsOf)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    expect(valuesOf(batches[1] as RowBatch)[0]).toEqual({ id: '7', name: 'x' });
  });

  it('may become asynchronous at any row', async () => {
    let calls = 0;
    const stage = stageOf({
      apply(record) {
        calls++;
        (record.value as Row).tenth = calls;
        return calls < 7 ? record : Promise.resolve(record);
      },
    });
    const [, second, third] = (await runBatches(stage, 3)) as RowBatch[];
    expect(cellsOf(second as RowBatch)).toEqual([0, 1]);
    expect([second, third].flatMap((batch) => valuesOf(batch as RowBatch))).toMatchObject(
      [5, 6, 7, 8, 9, 10, 11, 12].map((tenth, index) => ({ id: String((index % 4) + 1), tenth })),
    );
  });

  it('before others are added to the schema makes records there, whose fields converters write behind the schema', async () => {
    const schema: RecordSchema = {
      name: 'Row',
      fields: ['id', 'name'].map((name) => ({ name, type: 'string', optional: false })),
    };
    const typed: CellTransformation = {
      apply: (record) => Object.assign(record, { valueSchema: schema }),
      compileCells: (plan) => ({ plan: { ...plan, valueSchema: schema }, takes: (_cells, _from, to) => to }),
    };
    const widened: RecordSchema = {
      ...schema,
      fields: [...schema.fields, { name: 'origin', type: 'string', optional: true }],
    };
    const widening: CellTransformation = {
      apply(record) {
        record.value = { ...(record.value as Row), origin: null };
        record.valueSchema = widened;
        return record;
      },
      compileCells(plan) {
        const { width, fields } = plan;
        const origin = { name: 'origin', column: width, type: 'string', empty: null, case: null } as const;
        return {
          plan: { ...plan, width: width + 1, fields: [...fields, origin], valueSchema: widened },
          takes: (_cells, _from, to) => to,
        };
      },
    };
    const stages = [typed, adding((id) => ({ tenth: id / 10 })), widening].map(stageOf);
    const batches = [numberedBatch(2), numberedBatch(2)];
    for (const batch of batches) for (const stage of stages) await stage.run(batch);
    expect(batches.map(cellsOf)).toEqual([[], []]);
    expect(valuesOf(batches[1] as RowBatch)[0]).toEqual({ id: '1', name: 'n1', tenth: 0.1, origin: null });
  });
});

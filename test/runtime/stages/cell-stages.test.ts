import { describe, expect, it } from 'vitest';
import type { SourceRecord } from '../../../src/plugin/index.ts';
import { type CellPlan, type CellTransformation, rowByRow } from '../../../src/rows/index.ts';
import { TransformationStage } from '../../../src/runtime/stages/transformation-stage.ts';
import { CALLS } from '../../support/plugin-calls.ts';
import { numberedBatch } from '../support.ts';

const idOf = (record: SourceRecord) => Number((record.value as { id: string }).id);

function set(record: SourceRecord, name: string, value: string): SourceRecord {
  record.value = { ...(record.value as object), [name]: value };
  return record;
}

/** Adds a field with the row's number, or its letter in cells. It takes the cells of rows with an even one, and tells of each call. */
function adder(name: string, calls: string[]): CellTransformation {
  return {
    apply(record) {
      calls.push(`${name} applies to ${idOf(record)}`);
      return set(record, name, `${idOf(record)}`);
    },
    compileCells(before: CellPlan) {
      const { width } = before;
      const field = { name, column: width, type: 'string', empty: null, case: null } as const;
      const plan = { ...before, width: width + 1, fields: [...before.fields, field] };
      return {
        plan,
        takes: (cells, from, to) =>
          rowByRow(from, to, (row) => {
            calls.push(`${name} is asked for ${row + 1}`);
            const at = 2 * (row * plan.width + width);
            cells.bounds[at] = cells.room(1);
            cells.bounds[at + 1] = (cells.bounds[at] as number) + 1;
            cells.bytes[cells.bounds[at] as number] = 0x61 + row;
            return row % 2 === 1;
          }),
      };
    },
  };
}

const stageOf = (transformation: CellTransformation) =>
  new TransformationStage({
    plugin: { key: 'transforms.mine', name: 'mine', modulePath: null },
    transformation,
    predicate: null,
    parallel: 1,
    calls: CALLS,
  });

describe('a transformation that works on cells', () => {
  it('is asked for each row in order, and applied at once to those it does not take', async () => {
    const calls: string[] = [];
    await stageOf(adder('a', calls)).run(numberedBatch(3));
    expect(calls).toEqual([
      ...['a is asked for 1', 'a applies to 1'],
      'a is asked for 2',
      ...['a is asked for 3', 'a applies to 3'],
    ]);
  });

  it('gives a row that it took to whoever asks for its record, from the cells and without being applied', async () => {
    const calls: string[] = [];
    const batch = numberedBatch(4);
    await stageOf(adder('a', calls)).run(batch);
    await stageOf(adder('b', calls)).run(batch);
    calls.length = 0;
    expect([0, 1, 2, 3].map((row) => batch.record(row)?.value)).toEqual([
      { id: '1', name: 'n1', a: '1', b: '1' },
      { id: '2', name: 'n2', a: 'b', b: 'b' },
      { id: '3', name: 'n3', a: '3', b: '3' },
      { id: '4', name: 'n4', a: 'd', b: 'd' },
    ]);
    expect(calls).toEqual([]);
  });
});

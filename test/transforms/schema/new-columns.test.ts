import { expect, test } from 'vitest';
import schema from '../../../transforms/schema/index.ts';
import { expectCellsAsRecords } from '../shared/cells-and-records.ts';
import { makeTransformation, recordOf } from '../support.ts';

const FIELDS = { b: 'decimal', 'b.optional': 'true' };

test('Columns that are added to cells are added to records', async () => {
  await expectCellsAsRecords(schema, [
    { fields: FIELDS, newColumns: 'added' },
    { fields: FIELDS, newColumns: 'added', trim: true, nullValues: ['p', 'Y'] },
    { fields: { ...FIELDS, e: 'string', 'e.from': '{a}-{d}' }, newColumns: 'added' },
  ]);
});

test('Added columns are optional text behind the fields, in the order of their names, and rows with the same share a schema', async () => {
  const transformation = await makeTransformation(schema, {
    fields: { b: 'long' },
    newColumns: 'added',
    nullValues: ['-'],
  });
  const applied = async (row: Readonly<Record<string, unknown>>) => {
    const record = await transformation.apply(recordOf(row));
    return record as unknown as ReturnType<typeof recordOf>;
  };
  const first = await applied({ z: '-', b: '1', a: 'x', constructor: 'c' });
  expect(first.value).toEqual({ b: 1n, a: 'x', constructor: 'c', z: null });
  expect(first.valueSchema?.fields).toMatchObject([
    { name: 'b', type: 'long', optional: false },
    { name: 'a', type: 'string', optional: true, added: true },
    { name: 'constructor', type: 'string', optional: true, added: true },
    { name: 'z', type: 'string', optional: true, added: true },
  ]);
  const second = await applied({ a: 'y', constructor: '', z: '', b: '2' });
  expect(second.valueSchema).toBe(first.valueSchema);
  const without = await applied({ b: '3' });
  expect(without.valueSchema?.fields).toHaveLength(1);
});

test('Rows of which no two have the same columns are refused before readers must learn thousands of schemas', async () => {
  const transformation = await makeTransformation(schema, { fields: { b: 'long' }, newColumns: 'added' });
  for (let index = 0; index < 1000; index++)
    await transformation.apply(recordOf({ b: '1', [`c${index}`]: 'x' }));
  await transformation.apply(recordOf({ b: '1', c0: 'x' }));
  const apply = async () => transformation.apply(recordOf({ b: '1', more: 'x' }));
  await expect(apply()).rejects.toMatchObject({ errorName: 'TooManySchemas' });
});

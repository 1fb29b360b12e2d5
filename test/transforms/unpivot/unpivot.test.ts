import { describe, expect, it } from 'vitest';
import type { FieldUse, RecordSchema, SourceRecord } from '../../../src/plugin/index.ts';
import unpivot from '../../../transforms/unpivot/index.ts';
import { makeTransformation, problemsOf, recordOf } from '../support.ts';

async function apply(options: object, record: SourceRecord): Promise<SourceRecord[]> {
  const stage = await makeTransformation(unpivot, options as never);
  const applied = await stage.apply(record);
  return Array.isArray(applied) ? applied : [applied as SourceRecord];
}

const entries = (records: SourceRecord[]) => records.map(({ value }) => Object.entries(value as object));

const typed = (value: unknown, ...fields: object[]): SourceRecord => ({
  ...recordOf(value),
  valueSchema: { name: 'r', fields } as unknown as RecordSchema,
});

describe('unpivot', () => {
  it('makes a record of each field, with its name and its value', async () => {
    const row = { symbol: 'BHP', '2026-01': '1', '2026-02': '', '2026-03': '3', note: 'x' };
    expect(
      entries(await apply({ columns: ['2026-*'], name: 'month', value: 'amount' }, recordOf(row))),
    ).toEqual([
      [
        ['symbol', 'BHP'],
        ['note', 'x'],
        ['month', '2026-01'],
        ['amount', '1'],
      ],
      [
        ['symbol', 'BHP'],
        ['note', 'x'],
        ['month', '2026-03'],
        ['amount', '3'],
      ],
    ]);
  });

  it('makes records of nothing where that is wanted, in the order of the row', async () => {
    const records = await apply({ columns: ['b', 'a'], includeNulls: true }, recordOf({ a: null, b: '2' }));
    expect(records.map(({ value }) => value)).toEqual([
      { name: 'a', value: null },
      { name: 'b', value: '2' },
    ]);
    expect(await apply({ columns: ['a'] }, recordOf({ a: null }))).toEqual([]);
  });

  it('gives the value the type that the fields have', async () => {
    const a = { name: 'a', type: 'decimal', optional: false, precision: 9, scale: 2, doc: 'x' };
    const [record] = await apply(
      { columns: ['a', 'b'] },
      typed({ a: '1', b: '2' }, a, { ...a, name: 'b', optional: true }),
    );
    expect(record?.valueSchema?.fields).toEqual([
      { name: 'name', type: 'string', optional: false },
      { name: 'value', type: 'decimal', optional: true, precision: 9, scale: 2 },
    ]);
    const other = { ...a, name: 'b', scale: 3 };
    await expect(apply({ columns: ['a', 'b'] }, typed({ a: '1', b: '2' }, a, other))).rejects.toThrow(
      'expected fields of one type to make one field of, but "a" is decimal {"precision":9,"scale":2}, "b" decimal {"precision":9,"scale":3}',
    );
  });

  it('rejects a row without such fields, or in which a name is taken', async () => {
    await expect(apply({ columns: ['x*'] }, recordOf({ a: '1' }))).rejects.toThrow(
      'expected a field that is one of columns in the row',
    );
    await expect(apply({ columns: ['a'] }, recordOf({ a: '1', name: '2' }))).rejects.toThrow(
      'the row has a field "name" already; set name or value',
    );
    expect(await apply({ columns: ['a'] }, recordOf(null))).toEqual([recordOf(null)]);
  });

  it.each<[object, string]>([
    [{ columns: [] }, 'columns: expected at least one name, got an empty list'],
    [{ columns: ['a'], name: '' }, 'name: expected the name of a field, got nothing'],
    [{ columns: ['a'], name: 'value' }, 'value: expected another name than that of name, got value'],
  ])('does not take %j', (options, problem) => {
    expect(problemsOf(unpivot, options as never)).toEqual([problem]);
  });

  it('leaves no names that later stages could look for and not find', () => {
    const use = unpivot.fieldUse?.({ columns: ['2026-*', 'q'], name: 'm', value: 'v', includeNulls: false });
    expect(use).toMatchObject({ seeks: [{ name: 'q' }] });
    expect((use as FieldUse).after(['a', '2026-01', 'q'])).toEqual(['a', 'm', 'v']);
  });
});

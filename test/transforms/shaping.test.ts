import { describe, expect, it } from 'vitest';
import type { RecordSchema, SourceRecord } from '../../src/plugin/index.ts';
import select from '../../transforms/select/index.ts';
import set from '../../transforms/set/index.ts';
import split from '../../transforms/split/index.ts';
import { expectCellsAsRecords } from './shared/cells-and-records.ts';
import { makeTransformation, problemsOf, recordOf } from './support.ts';

const SCHEMA = {
  name: 'r',
  fields: [
    { name: 'a', type: 'string', optional: false },
    { name: 'b', type: 'double', optional: true },
  ],
} as RecordSchema;

const typed = (value: unknown): SourceRecord => ({ ...recordOf(value), valueSchema: SCHEMA });

async function apply(
  plugin: typeof select | typeof set | typeof split,
  options: object,
  record: SourceRecord,
) {
  const stage = await makeTransformation(plugin as typeof set, options as never);
  const { value, valueSchema } = (await stage.apply(record)) as SourceRecord;
  const fields = valueSchema?.fields.map(
    ({ name, type, optional }) => `${name} ${type}${optional ? '?' : ''}`,
  );
  return { entries: value === null ? null : Object.entries(value as object), fields };
}

describe('select', () => {
  it('leaves fields in its own order, under new names', async () => {
    expect(await apply(select, { fields: ['b', 'a:symbol'] }, typed({ a: 'BHP', b: 1.5 }))).toEqual({
      entries: [
        ['b', 1.5],
        ['symbol', 'BHP'],
      ],
      fields: ['b double?', 'symbol string'],
    });
  });

  it('swaps names, and takes a field twice', async () => {
    const { entries } = await apply(select, { fields: ['a:b', 'b:a', 'a:c'] }, recordOf({ a: '1', b: '2' }));
    expect(entries).toEqual([
      ['b', '1'],
      ['a', '2'],
      ['c', '1'],
    ]);
  });

  it('rejects a row that lacks a field, and lets a tombstone pass', async () => {
    await expect(apply(select, { fields: ['c'] }, recordOf({ a: '1' }))).rejects.toThrow(
      'expected a field "c" in the row',
    );
    expect((await apply(select, { fields: ['c'] }, recordOf(null))).entries).toBeNull();
  });

  it.each<[string[], string]>([
    [[], 'fields: expected at least one name, got an empty list'],
    [['a:b:c'], 'fields: expected names, or pairs such as old:new, got "a:b:c"'],
    [['a:'], 'fields: expected names, or pairs such as old:new, got "a:"'],
    [['a', 'b:a'], 'fields: names "a" more than once'],
  ])('does not take %j', (fields, problem) => {
    expect(problemsOf(select, { fields })).toEqual([problem]);
  });

  it('does the same to cells', () =>
    expectCellsAsRecords(select, [
      { fields: ['d', 'a:z'] },
      { fields: ['b', 'c:b2', 'a', 'd'] },
      { fields: ['a', 'q'] },
    ]));
});

describe('set', () => {
  it('makes text of other fields, of those that it sets as they were before', async () => {
    const fields = { a: '{a}.AX', pair: '{a|lower}/{b}', fixed: '{{x}}' };
    expect(await apply(set, { fields }, typed({ a: 'BHP', b: 1.5 }))).toEqual({
      entries: [
        ['a', 'BHP.AX'],
        ['b', 1.5],
        ['pair', 'bhp/1.5'],
        ['fixed', '{x}'],
      ],
      fields: ['a string?', 'b double?', 'pair string?', 'fixed string?'],
    });
  });

  it('takes nothing for text of no characters, which is null', async () => {
    const { entries } = await apply(
      set,
      { fields: { c: '{a}{b}', d: '{a}-' } },
      recordOf({ a: '', b: null }),
    );
    expect(entries?.slice(2)).toEqual([
      ['c', null],
      ['d', '-'],
    ]);
  });

  it('rejects a row that lacks a field, or in which one is no text', async () => {
    await expect(apply(set, { fields: { c: '{x}' } }, recordOf({ a: '1' }))).rejects.toThrow(
      'expected a field "x" in the row',
    );
    await expect(apply(set, { fields: { c: '{a}' } }, recordOf({ a: [1] }))).rejects.toThrow(
      'field "a": expected text',
    );
    expect((await apply(set, { fields: { c: '{x}' } }, recordOf(null))).entries).toBeNull();
  });

  it.each<[Record<string, string>, string]>([
    [{}, 'fields: expected at least one, as `fields.<name>: <text>`'],
    [{ a: '' }, 'fields.a: expected a text, got nothing'],
    [{ a: '{b' }, 'fields.a: a { is not closed; write {{ for a brace'],
    [{ a: '{header:x}' }, 'fields.a: expected fields between { and }, got the header x'],
  ])('does not take %j', (fields, problem) => {
    expect(problemsOf(set, { fields })).toEqual([problem]);
  });

  it('does the same to cells', () =>
    expectCellsAsRecords(set, [
      { fields: { e: '{a}-{b}', f: '{c}{d|upper}' } },
      { fields: { e: '{a}{d}' } },
      { fields: { a: '{b}', e: 'x' } },
      { fields: { e: '{q}' } },
    ]));
});

describe('split', () => {
  const options = { field: 'a', delimiter: '/', into: ['base', 'quote'] };

  it('makes fields of the parts, behind the others', async () => {
    expect(await apply(split, options, typed({ a: 'AUD/USD', b: 1 }))).toEqual({
      entries: [
        ['a', 'AUD/USD'],
        ['b', 1],
        ['base', 'AUD'],
        ['quote', 'USD'],
      ],
      fields: ['a string', 'b double?', 'base string?', 'quote string?'],
    });
  });

  it('of nothing makes nothing, also between delimiters', async () => {
    for (const [a, parts] of [
      ['', [null, null]],
      [null, [null, null]],
      ['/', [null, null]],
      ['A/', ['A', null]],
    ] as const)
      expect(
        (await apply(split, options, recordOf({ a }))).entries?.slice(1).map(([, part]) => part),
      ).toEqual(parts);
  });

  it.each<[unknown, string]>([
    [{ a: 'AUD' }, 'field "a": expected 2 parts with "/" between them, got 1 in "AUD"'],
    [{ a: 'A/B/C' }, 'field "a": expected 2 parts with "/" between them, got 3 in "A/B/C"'],
    [{ b: 'A/B' }, 'expected a field "a" in the row'],
    [{ a: ['A/B'] }, 'field "a": expected text'],
    [{ a: 'A/B', quote: 'C' }, 'the row has a value in field "quote" already'],
  ])('rejects the row %j', async (value, message) => {
    await expect(apply(split, options, recordOf(value))).rejects.toThrow(message);
  });

  it.each<[object, string]>([
    [{ delimiter: '' }, 'delimiter: expected at least one character, got nothing'],
    [{ into: ['x'] }, 'into: expected the names of two fields or more'],
    [{ into: ['x', 'x'] }, 'into: names "x" more than once'],
    [{ field: '' }, 'field: expected the name of a field, got nothing'],
  ])('does not take %j', (wrong, problem) => {
    expect(problemsOf(split, { ...options, ...wrong })).toEqual([problem]);
  });

  it('does the same to cells', () =>
    expectCellsAsRecords(split, [
      options,
      { ...options, field: 'd' },
      { ...options, field: 'b', delimiter: '.' },
      { ...options, field: 'c' },
      { ...options, into: ['x', 'y', 'd'] },
    ]));
});

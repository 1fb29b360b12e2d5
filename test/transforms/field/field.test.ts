import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceRecord } from '../../../src/plugin/index.ts';
import type { RowBatch } from '../../../src/rows/index.ts';
import { TransformationStage } from '../../../src/runtime/stages/transformation-stage.ts';
import filter from '../../../transforms/connect/filter.ts';
import csv from '../../../transforms/csv/index.ts';
import field from '../../../transforms/field/index.ts';
import schema from '../../../transforms/schema/index.ts';
import { CALLS } from '../../support/plugin-calls.ts';
import { stageOf } from '../shared/stages.ts';
import { fakeFile, makeParser, makeTransformation, pluginContext, pushAll, recordOf } from '../support.ts';

type Options = Partial<Parameters<typeof field.create>[0]>;

const NONE = { field: 'x', equals: null, in: [], matches: null, min: null, max: null, isNull: null };

const predicate = (options: Options) => field.create({ ...NONE, ...options }, pluginContext);

/** A record whose field has a type. */
function typed(x: unknown, type: string): SourceRecord {
  const valueSchema = { name: 'r', fields: [{ name: 'x', type, optional: true }] } as never;
  return { ...recordOf({ x }), valueSchema };
}

describe('the predicate field', () => {
  it.each<[Options, unknown, boolean]>([
    [{ equals: 'BUY' }, 'BUY', true],
    [{ equals: 'BUY' }, 'buy', false],
    [{ equals: 'BUY' }, '', false],
    [{ equals: 'BUY' }, null, false],
    [{ equals: '100' }, '100.0', false],
    [{ equals: '100' }, 100, true],
    [{ equals: '1e2' }, 100n, true],
    [{ equals: '100' }, 100.5, false],
    [{ equals: 'true' }, true, true],
    [{ in: ['BUY', 'SELL'] }, 'SELL', true],
    [{ in: ['BUY', 'SELL'] }, 'HOLD', false],
    [{ in: ['1.0', '2'] }, 1, true],
    [{ matches: 'B.*' }, 'BHP', true],
    [{ matches: 'B' }, 'BHP', false],
    [{ matches: '(?i)bhp|rio' }, 'Rio', true],
    [{ min: '10' }, '10.00', true],
    [{ min: '10' }, '9.99', false],
    [{ min: '9007199254740992.9' }, '9007199254740993', true],
    [{ max: '9007199254740992' }, '9007199254740993', false],
    [{ min: '-1', max: '1e-3' }, '0.001', true],
    [{ min: '-1', max: '1e-3' }, '0.00101', false],
    [{ min: '0' }, -0.5, false],
    [{ min: '2026-01-05' }, '2026-01-05T00:00:00Z', true],
    [{ min: '2026-01-05' }, '2026-01-05T00:30:00+01:00', false],
    [{ max: '2026-01-05T09:30:00.5Z' }, '2026-01-05T09:30:00.500000001Z', false],
    [{ max: '2026-01-05T09:30:00.5Z' }, '2026-01-05T09:30:00.5000Z', true],
    [{ isNull: true }, null, true],
    [{ isNull: true }, '', true],
    [{ isNull: true }, 'a', false],
    [{ isNull: false }, 'a', true],
    [{ isNull: false }, '', false],
    [{ equals: 'BUY', matches: 'S.*' }, 'BUY', false],
    [{ in: ['a', 'b'], equals: 'a' }, 'a', true],
  ])('says with %j of %o: %s', (options, value, met) => {
    expect(predicate(options).test(recordOf({ x: value }))).toBe(met);
  });

  it('knows numbers and times by their types, however they are written', () => {
    expect(predicate({ equals: '1.5' }).test(typed('1.500', 'decimal'))).toBe(true);
    expect(predicate({ equals: '1.5' }).test(typed('1.500', 'string'))).toBe(false);
    expect(
      predicate({ equals: '2026-01-05T10:00:00+01:00' }).test(typed('2026-01-05T09:00:00Z', 'timestamp')),
    ).toBe(true);
    expect(predicate({ in: ['2026-01-05'] }).test(typed('2026-01-05', 'date'))).toBe(true);
  });

  it.each<[Options, unknown, string]>([
    [{ equals: 'a' }, { y: 1, z: 2 }, 'expected a field "x" in the row; it has y, z'],
    [{ isNull: true }, null, 'expected a field "x" in the row'],
    [{ min: '1' }, { x: 'a' }, 'field "x": expected a number to hold against 1, got "a"'],
    [
      { max: '2026-01-05' },
      { x: '5.1.2026' },
      'field "x": expected a date or a time in ISO 8601 to hold against 2026-01-05, got "5.1.2026"',
    ],
    [{ equals: 'a' }, { x: ['a'] }, 'field "x": expected text, a number or a time in it'],
    [{ matches: '(a|a)*b' }, { x: 'a'.repeat(249) }, 'took longer than 500 ms; simplify the pattern'],
  ])('rejects with %j the row %j', (options, value, message) => {
    expect(() => predicate(options).test(recordOf(value))).toThrow(message);
  });

  it.each<[Options, string]>([
    [{}, 'equals: expected a condition: equals, in, matches, min, max or is.null'],
    [{ field: '', equals: 'a' }, 'field: expected the name of a field, got nothing'],
    [{ equals: '' }, 'equals: expected a value, got nothing; is.null: true asks for nothing'],
    [{ equals: 'a', isNull: true }, 'is.null: does not go with other conditions, which nothing meets'],
    [{ min: 'a' }, 'min: expected a number, a date or a time in ISO 8601, got "a"'],
    [{ max: '2026-13-01' }, 'max: expected a number, a date or a time in ISO 8601, got "2026-13-01"'],
  ])('finds a mistake in %j', (options, problem) => {
    const problems = [...(field.check?.({ ...NONE, ...options }) ?? [])];
    expect(problems.map(({ key, message }) => `${key}: ${message}`)).toEqual([problem]);
  });
});

const FIELDS = {
  x: 'decimal',
  'x.optional': 'true',
  s: 'enum',
  's.symbols': 'buy,sell',
  's.case': 'lower',
  t: 'timestamp',
};

async function batchOf(text: string, isTyped: boolean): Promise<RowBatch> {
  const [batch] = pushAll(makeParser(csv).open(fakeFile()), [Buffer.from(`x,s,t\n${text}`)]);
  if (isTyped) await stageOf(await makeTransformation(schema, { fields: FIELDS })).run(batch as RowBatch);
  return batch as RowBatch;
}

/** Which rows a filter leaves, and why others are rejected. */
async function left(options: Options, negate: boolean, text: string, isTyped: boolean, asRecords: boolean) {
  const batch = await batchOf(text, isTyped);
  if (asRecords) for (let row = 0; row < batch.rowCount; row++) if (batch.isLive(row)) batch.record(row);
  const stage = new TransformationStage({
    plugin: { key: 'transforms.stage', name: 'stage', modulePath: null },
    transformation: filter.create({} as never, pluginContext) as never,
    predicate: { plugin: { key: 'p', name: 'field', modulePath: null }, test: predicate(options), negate },
    parallel: 1,
    calls: CALLS,
  });
  await stage.run(batch);
  const isPlain = Array.from({ length: batch.rowCount }, (_, row) => batch.isCells(row));
  const rows = isPlain.map(
    (_, row) => batch.rejections.get(row)?.message ?? (batch.isLive(row) ? 'live' : 'gone'),
  );
  return { rows, isCells: isPlain.some(Boolean) };
}

const cell = fc.constantFrom('', '1', '1.0', '-2.5', '1e3', '"1"', '0', 'BUY', 'sell');
const row = fc.tuple(
  cell,
  fc.constantFrom('Buy', 'SELL', 'sell', ''),
  fc.constantFrom('2026-01-05T09:30:00Z', '2026-01-05T09:30:00.5Z', 'x'),
);
const conditions = fc.constantFrom<Options>(
  { equals: '1' },
  { in: ['1', 'BUY', '-2.50'] },
  { min: '0' },
  { min: '-2.5', max: '1' },
  { isNull: true },
  { isNull: false },
  { matches: '[1B].*' },
  { field: 's', equals: 'sell' },
  { field: 's', in: ['buy'] },
  { field: 't', min: '2026-01-05T09:30:00.1Z' },
  { field: 't', equals: '2026-01-05T10:30:00+01:00' },
  { field: 'y', equals: '1' },
);

it('A filter leaves the same rows whether it is asked of cells or of records', async () => {
  await fc.assert(
    fc.asyncProperty(
      conditions,
      fc.boolean(),
      fc.array(row, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (options, negate, rows, isTyped) => {
        const text = rows.map((cells) => `${cells.join(',')}\n`).join('');
        const [cells, records] = [
          await left(options, negate, text, isTyped, false),
          await left(options, negate, text, isTyped, true),
        ];
        expect(cells.rows).toEqual(records.rows);
      },
    ),
    { numRuns: 500 },
  );
  expect((await left({ equals: '1' }, true, '1,BUY,x\n2,BUY,x\n', false, false)).isCells).toBe(true);
});

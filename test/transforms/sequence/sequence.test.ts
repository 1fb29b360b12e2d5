import { describe, expect, it } from 'vitest';
import { RowError, type Transformation } from '../../../src/plugin/index.ts';
import { TaskMetrics } from '../../../src/runtime/plugin-metrics/task-metrics.ts';
import sequence from '../../../transforms/sequence/index.ts';
import { type LogLine, logLines } from '../shared/log-lines.ts';
import { makeTransformation, pluginContext, problemsOf, recordOf } from '../support.ts';

type Options = Readonly<Record<string, unknown>>;

/** Rows as `[symbol, number]`; what becomes of each: `ok`, or the rejection. */
function outcomes(
  transformation: Transformation,
  rows: readonly (readonly [symbol: unknown, number: unknown])[],
  file = 'trades.csv',
): string[] {
  return rows.map(([symbol, n], at) => {
    const record = recordOf({ symbol, n });
    const origin = { ...record.origin, filePath: file, line: at + 2 };
    try {
      transformation.apply({ ...record, origin });
      return 'ok';
    } catch (error) {
      if (error instanceof RowError) return `${error.errorName}: ${error.message}`;
      throw error;
    }
  });
}

/** What becomes of the numbers of one sequence, and what the log says of them. */
async function checked(
  numbers: readonly unknown[],
  options: Options = {},
): Promise<{ rows: string[]; line: LogLine }> {
  const lines = logLines();
  const transformation = await makeTransformation(sequence, { field: 'n', ...options });
  const rows = outcomes(
    transformation,
    numbers.map((n) => ['BHP', n]),
  );
  await transformation.close?.();
  expect(lines).toHaveLength(1);
  return { rows, line: lines[0] as LogLine };
}

const nothing = { gaps: 0, missing: 0, repeats: 0, outOfOrder: 0, resets: 0, unchecked: 0 };
const rejecting = { onGap: 'reject', onRepeat: 'reject', onOutOfOrder: 'reject', onReset: 'reject' };

describe('what a number is to those before it', () => {
  it.each<[string, number[], object]>([
    ['one above the last is as expected', [5, 6, 7], {}],
    ['a higher one is a gap', [1, 2, 5, 6], { gaps: 1, missing: 2 }],
    ['the same again is a repeat', [1, 2, 2, 3], { repeats: 1 }],
    ['a lower one is out of order', [4, 6, 5, 7], { gaps: 1, missing: 1, outOfOrder: 1 }],
    ['a lower one of at most reset.to begins again', [7, 8, 1, 2], { resets: 1 }],
    ['the first number again is a repeat, no reset', [1, 1, 2], { repeats: 1 }],
  ])('%s', async (_, numbers, found) => {
    const { rows, line } = await checked(numbers);
    expect(rows).toEqual(numbers.map(() => 'ok'));
    expect(line).toMatchObject({ rows: numbers.length, ...nothing, ...found });
  });

  it('reset.to says how high a sequence may begin again', async () => {
    expect((await checked([70, 71, 50, 51], { resetTo: 50 })).line).toMatchObject({ ...nothing, resets: 1 });
    expect((await checked([70, 71, 51, 52], { resetTo: 50 })).line).toMatchObject({
      ...nothing,
      outOfOrder: 2,
    });
  });

  it('numbers may be text, numbers or bigints, of any size', async () => {
    const { line } = await checked(['007', 8, 9n, '9007199254740993', 9007199254740994n]);
    expect(line).toMatchObject({ ...nothing, gaps: 1, missing: 9007199254740983 });
  });

  it.each([[''], [null], ['1e3'], ['12 '], [1.5], ['x'.repeat(200)]])('%j is none', async (value) => {
    const transformation = await makeTransformation(sequence, { field: 'n' });
    expect(outcomes(transformation, [['BHP', value]])[0]).toMatch(
      /^InvalidSequenceNumber: n: expected a whole number, got (nothing|"[^"]{3,101}")$/,
    );
  });
});

describe('a sequence', () => {
  it('is one for each key', async () => {
    const transformation = await makeTransformation(sequence, { field: 'n', key: ['symbol'], ...rejecting });
    const rows = [
      ...[['BHP', 1] as const, ['RIO', 8] as const],
      ...[['BHP', 2] as const, ['RIO', 9] as const],
    ];
    expect(outcomes(transformation, rows)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it('has a key of several fields where they say so', async () => {
    const transformation = await makeTransformation(sequence, {
      field: 'n',
      key: ['symbol', 'n'],
      onRepeat: 'reject',
    });
    expect(
      outcomes(transformation, [
        ['a', 1],
        ['b', 1],
        ['a', 1],
      ]),
    ).toEqual(['ok', 'ok', 'SequenceRepeat: n of symbol, n ["a","1"]: expected 2, got 1']);
  });

  it('needs its key', async () => {
    const transformation = await makeTransformation(sequence, { field: 'n', key: ['symbol'] });
    expect(outcomes(transformation, [['', 1]])).toEqual([
      'MissingField: key: the row has no value in field "symbol"',
    ]);
  });

  it('goes on from one file to the next', async () => {
    const lines = logLines();
    const transformation = await makeTransformation(sequence, { field: 'n' });
    outcomes(transformation, [['BHP', 1]], 'a.csv');
    outcomes(transformation, [['BHP', 3]], 'b.csv');
    outcomes(transformation, [['BHP', 4]], 'c.csv');
    await transformation.close?.();
    const broken = { rows: 1, gaps: 1, missing: 1, examples: [{ line: 2, expected: '2', got: '3' }] };
    expect(lines).toMatchObject([
      { file: 'a.csv', rows: 1, ...nothing, examples: [] },
      { file: 'b.csv', ...broken },
      { file: 'c.csv', rows: 1, ...nothing, examples: [] },
    ]);
  });

  it('beyond max.keys passes unchecked, which is told once and counted', async () => {
    const lines = logLines();
    const transformation = await makeTransformation(sequence, { field: 'n', key: ['symbol'], maxKeys: 1 });
    const rows = [
      ['a', 1] as const,
      ['b', 1] as const,
      ['c', 5] as const,
      ['b', 7] as const,
      ['a', 3] as const,
    ];
    expect(outcomes(transformation, rows)).toEqual(rows.map(() => 'ok'));
    await transformation.close?.();
    expect(lines).toMatchObject([
      {
        level: 'warn',
        message: 'more sequences than max.keys; rows of further ones pass unchecked',
        maxKeys: 1,
      },
      { rows: 5, ...nothing, gaps: 1, missing: 1, unchecked: 3 },
    ]);
  });
});

describe('a row on request rejected', () => {
  it('says what was expected and what came, and the sequence goes on behind it', async () => {
    const { rows } = await checked([1, 4, 5, 5, 2, 6, 1, 2], { key: ['symbol'], ...rejecting });
    expect(rows).toEqual([
      'ok',
      'SequenceGap: n of symbol "BHP": expected 2, got 4',
      'ok',
      'SequenceRepeat: n of symbol "BHP": expected 6, got 5',
      'SequenceOutOfOrder: n of symbol "BHP": expected 6, got 2',
      'ok',
      'SequenceReset: n of symbol "BHP": expected 7, got 1',
      'ok',
    ]);
  });

  it.each([
    ['onGap', 'SequenceGap'],
    ['onRepeat', 'SequenceRepeat'],
    ['onOutOfOrder', 'SequenceOutOfOrder'],
    ['onReset', 'SequenceReset'],
  ])('is chosen by %s alone', async (option, name) => {
    const { rows, line } = await checked([1, 4, 4, 3, 1], { [option]: 'reject' });
    expect(rows.filter((row) => row !== 'ok')).toEqual([expect.stringContaining(name)]);
    expect(line).toMatchObject({ gaps: 1, repeats: 1, outOfOrder: 1, resets: 1 });
  });
});

describe('the report', () => {
  it('is one line for each file, with examples', async () => {
    const { line } = await checked([1, 3, 5, 7, 9, 11, 13], { key: ['symbol'] });
    expect(line).toMatchObject({
      level: 'warn',
      message: 'sequences checked',
      file: 'trades.csv',
      rows: 7,
      gaps: 6,
    });
    expect(line.examples).toHaveLength(5);
    expect((line.examples as unknown[])[0]).toEqual({
      ...{ found: 'gap', line: 3, key: 'BHP' },
      ...{ expected: '2', got: '3' },
    });
  });

  it.each<[LogLine['level'], number[]]>([
    ['debug', [1, 2, 3]],
    ['info', [3, 4, 1]],
    ['warn', [3, 4, 4, 1]],
  ])('has the level %s for %j', async (level, numbers) => {
    expect((await checked(numbers)).line.level).toBe(level);
  });

  it('is none where there was no row', async () => {
    const lines = logLines();
    await (await makeTransformation(sequence, { field: 'n' })).close?.();
    expect(lines).toEqual([]);
  });
});

it('lets a tombstone pass', async () => {
  const transformation = await makeTransformation(sequence, { field: 'n' });
  const record = recordOf(null);
  expect(transformation.apply(record)).toBe(record);
});

it('does not take a key with a field twice', () => {
  expect(problemsOf(sequence, { field: 'n', key: ['a', 'a'] })).toEqual(['key: names "a" more than once']);
});

it('is told in metrics, all of it from the start', async () => {
  const metrics = new TaskMetrics([], pluginContext.log);
  const use = { key: 'transforms.check', name: 'sequence', modulePath: null };
  const context = { ...pluginContext, metrics: metrics.of(use) };
  const transformation = await makeTransformation(sequence, { field: 'n' }, context);
  const found = () =>
    Object.fromEntries(
      metrics
        .take()
        .flatMap(({ declaration: { name }, series }) =>
          series.map(({ labels, value }) => [labels.found ?? name, value]),
        ),
    );
  const none = { gap: 0, repeat: 0, out_of_order: 0, reset: 0 };
  expect(found()).toEqual({ ...none, headrace_sequence_missing_total: 0 });
  outcomes(
    transformation,
    [4, 9, 9, 7, 1, 3].map((n) => ['BHP', n]),
  );
  expect(found()).toEqual({
    ...{ gap: 2, repeat: 1, out_of_order: 1, reset: 1 },
    headrace_sequence_missing_total: 5,
  });
});

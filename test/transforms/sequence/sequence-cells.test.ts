import { expect, it } from 'vitest';
import { batchOf } from '../../../src/testing/batch-of.ts';
import sequence from '../../../transforms/sequence/index.ts';
import { logLines } from '../shared/log-lines.ts';
import { stageOf, statesOf } from '../shared/stages.ts';
import { makeTransformation } from '../support.ts';

type Options = Readonly<Record<string, unknown>>;

async function run(rows: readonly (readonly [symbol: string, n: string])[], options: Options = {}) {
  const lines = logLines();
  const stage = stageOf(await makeTransformation(sequence, { field: 'n', key: ['symbol'], ...options }));
  const batch = batchOf(rows.map(([symbol, n]) => ({ symbol, n })));
  await stage.run(batch);
  const states = statesOf(batch);
  for (let row = 0; row < batch.rowCount; row++) if (batch.isLive(row)) batch.record(row);
  await stage.close();
  return { states, lines };
}

it('rows stay cells, with what is reported of them, and are counted once though their records are asked for later', async () => {
  const rows = [['BHP', '1'] as const, ['BHP', '2'] as const, ['RIO', '7'] as const, ['BHP', '5'] as const];
  const { states, lines } = await run(rows);
  expect(states).toEqual(rows.map(() => 'cells'));
  expect(lines).toMatchObject([
    {
      ...{ rows: 4, gaps: 1, missing: 2, repeats: 0, outOfOrder: 0 },
      examples: [{ found: 'gap', line: 4, key: 'BHP', expected: '3', got: '5' }],
    },
  ]);
});

it('a row that is rejected is counted once, and the rows behind it are measured by it', async () => {
  const rows = ['1', '4', '4', '5', '3'].map((n) => ['BHP', n] as const);
  const { states, lines } = await run(rows, { onGap: 'reject', onOutOfOrder: 'reject' });
  expect(states).toEqual(['cells', 'SequenceGap', 'cells', 'cells', 'SequenceOutOfOrder']);
  expect(lines).toMatchObject([{ rows: 5, gaps: 1, missing: 2, repeats: 1, outOfOrder: 1 }]);
});

it('numbers of any length are in one sequence with those that cells give', async () => {
  const numbers = ['999999999999998', '999999999999999', '1000000000000000', '1000000000000001'];
  const { states, lines } = await run(numbers.map((n) => ['BHP', n]));
  expect(states).toEqual(['cells', 'cells', 'record', 'record']);
  expect(lines).toMatchObject([{ rows: 4, gaps: 0, repeats: 0 }]);
  const back = await run([...numbers, '1000000000000003', '5', '0000000000000006'].map((n) => ['BHP', n]));
  expect(back.states.slice(4)).toEqual(['record', 'cells', 'record']);
  expect(back.lines.at(-1)).toMatchObject({ rows: 7, gaps: 1, missing: 1, outOfOrder: 2 });
});

it.each([
  ['', '1', 'MissingField'],
  ['BHP', '', 'InvalidSequenceNumber'],
  ['BHP', '-', 'InvalidSequenceNumber'],
  ['BHP', '1.5', 'InvalidSequenceNumber'],
])('the key %j and the number %j reject the row', async (symbol, n, errorName) => {
  const { states, lines } = await run([[symbol, n]]);
  expect(states).toEqual([errorName]);
  expect(lines).toEqual([]);
});

it('negative numbers and zeros before a number are read', async () => {
  const { states, lines } = await run(['-2', '-1', '-0', '001'].map((n) => ['BHP', n]));
  expect(states).toEqual(['cells', 'cells', 'cells', 'cells']);
  expect(lines).toMatchObject([{ rows: 4, gaps: 0, repeats: 0, outOfOrder: 0, resets: 0 }]);
});

it.each([[[]], [['symbol', 'n']]])('a key of the fields %j leaves rows cells as well', async (key) => {
  const { states } = await run([['BHP', '1'] as const, ['RIO', '2'] as const], { key, onGap: 'reject' });
  expect(states).toEqual(['cells', 'cells']);
});

it('rows beyond max.keys stay cells, unchecked', async () => {
  const rows = [['a', '1'] as const, ['b', '1'] as const, ['b', '5'] as const];
  const { states, lines } = await run(rows, { maxKeys: 1, onGap: 'reject' });
  expect(states).toEqual(['cells', 'cells', 'cells']);
  expect(lines.at(-1)).toMatchObject({ rows: 3, unchecked: 2 });
});

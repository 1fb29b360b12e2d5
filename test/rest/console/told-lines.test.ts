import { expect, test } from 'vitest';
import { ToldLines } from '../../../src/rest/console/told-lines.ts';
import type { RuntimeEvent } from '../../../src/runtime/events/events.ts';

const said = (message: string, level: 'debug' | 'info' = 'info'): RuntimeEvent => ({
  ...{ type: 'log', connector: 'trades', task: 0, level, message, fields: { file: 'a.csv' } },
});

test('lines are those of the log, from info on, with the connector apart', () => {
  const lines = new ToldLines();
  lines.apply(said('one'), 1);
  lines.apply(said('unimportant', 'debug'), 2);
  expect(lines.from(0)).toEqual({
    lines: [
      {
        at: 1,
        level: 'info',
        message: 'one',
        connector: 'trades',
        workerId: null,
        fields: { task: 0, file: 'a.csv' },
      },
    ],
    next: 1,
  });
});

test('whoever has seen lines gets those after them, and of more than are kept the last', () => {
  const lines = new ToldLines();
  for (let index = 0; index < 700; index++) lines.apply(said(`line ${index}`), index);
  const { lines: first, next } = lines.from(0);
  expect(first.map(({ message }) => message)).toEqual(
    Array.from({ length: 500 }, (_, i) => `line ${i + 200}`),
  );
  lines.apply(said('another'), 700);
  expect(lines.from(next).lines.map(({ message }) => message)).toEqual(['another']);
  expect(lines.from(next + 1)).toEqual({ lines: [], next: 701 });
});

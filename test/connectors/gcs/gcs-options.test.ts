import { expect, test } from 'vitest';
import gcs from '../../../connectors/gcs/index.ts';
import { LIMITS, WATCHING } from '../support.ts';
import { connectionTo } from './support.ts';

const VALUES = {
  ...connectionTo('https://storage.googleapis.com'),
  gcsBucket: 'market-data',
  gcsPrefix: 'drop/trades',
  inputFilePattern: '*',
  scanIntervalMs: 30_000,
  finishedPath: null,
  finishedDelete: false,
  errorPath: null,
  onReappear: 'auto',
  ...LIMITS,
  ...WATCHING,
  filesOrder: 'name',
} as const;

function mistakesIn(values: Partial<Record<keyof typeof VALUES, unknown>>): string[] {
  const checked = gcs.check?.({ ...VALUES, ...values } as never) ?? [];
  return [...checked].map(({ key, message }) => `${key} ${message}`);
}

test('objects are moved to no folder in which they would be found again', () => {
  expect(mistakesIn({ finishedPath: 'done', errorPath: 'drop/trades/failed' })).toEqual([]);
  for (const finishedPath of ['drop/trades', 'drop/trades/', 'drop', ''])
    expect(mistakesIn({ finishedPath })).toEqual([
      `finished.path ${JSON.stringify(finishedPath)} is what is watched or above it, so that objects put there would be found ` +
        'again; choose a folder beside or below gcs.prefix "drop/trades"',
    ]);
});

test('a bucket is not listed without a pause', () => {
  expect(mistakesIn({ scanIntervalMs: 10 })).toEqual([
    expect.stringMatching(/^scan\.interval\.ms must be 100/),
  ]);
});

import { expect, test } from 'vitest';
import { loggerLevelIn, loggerLevelRecord } from '../../src/offsets/logger-level.ts';

const record = (key: string, value: string | null) => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
});

test('a level is written as Kafka Connect does, and read again', () => {
  const level = { logger: 'connector.trades', level: 'DEBUG' };
  const written = loggerLevelRecord(level);
  expect([String(written.key), String(written.value)]).toEqual([
    'logger-cluster-connector.trades',
    '{"level":"DEBUG"}',
  ]);
  expect(loggerLevelIn(written)).toEqual(level);
});

test.each([
  ['connector-trades', '{"level":"DEBUG"}'],
  ['logger-cluster-root', null],
  ['logger-cluster-root', 'not JSON'],
  ['logger-cluster-root', '{"level":3}'],
])('%s with %s tells of no level', (key, value) => {
  expect(loggerLevelIn(record(key, value))).toBeNull();
});

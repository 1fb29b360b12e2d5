import { expect, it } from 'vitest';
import type { SourceRecord } from '../../../../src/plugin/index.ts';
import predicate from '../../../../transforms/connect/predicates/record-is-tombstone.ts';
import { pluginContext, recordOf } from '../../support.ts';

it.each<[unknown, boolean]>([
  [null, true],
  [undefined, true],
  ['', false],
  [{}, false],
  [0, false],
])('RecordIsTombstone says of the value %j: %s', (value, met) => {
  const record: SourceRecord = recordOf(value);
  expect(predicate.create({}, pluginContext).test(record)).toBe(met);
});

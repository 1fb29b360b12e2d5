import { expect, it } from 'vitest';
import type { SourceRecord } from '../../../../src/plugin/index.ts';
import predicate from '../../../../transforms/connect/predicates/has-header-key.ts';
import { pluginContext, recordOf } from '../../support.ts';

it.each<[SourceRecord['headers'], boolean]>([
  [[], false],
  [[{ name: 'a', value: null }], true],
  [
    [
      { name: 'b', value: 'a' },
      { name: 'a', value: '1' },
    ],
    true,
  ],
  [[{ name: 'A', value: '1' }], false],
])('HasHeaderKey says of the headers %j: %s', (headers, met) => {
  expect(predicate.create({ name: 'a' }, pluginContext).test({ ...recordOf(null), headers })).toBe(met);
});

it('HasHeaderKey wants a name', () => {
  expect([...(predicate.check?.({ name: '' }) ?? [])]).toEqual([
    { key: 'name', message: "expected a header's name, got nothing" },
  ]);
});

import { expect, it } from 'vitest';
import type { SourceRecord } from '../../../../src/plugin/index.ts';
import predicate from '../../../../transforms/connect/predicates/topic-name-matches.ts';
import { pluginContext, recordOf } from '../../support.ts';

const test = (pattern: string, record: Partial<SourceRecord>) =>
  predicate.create({ pattern }, pluginContext).test({ ...recordOf(null), ...record });

it.each<[string, string | null, boolean]>([
  ['market\\.(trades|quotes)', 'market.trades', true],
  ['market', 'market.trades', false],
  ['a|ab', 'ab', true],
  ['.*', null, false],
  ['[\\w.\\-]+', 'a-b.c', true],
])('TopicNameMatches says with %s of the topic %s: %s', (pattern, topic, met) => {
  expect(test(pattern, { topic })).toBe(met);
});

it('TopicNameMatches rejects the row when its pattern takes too long', () => {
  expect(() => test('(a|a)*b', { topic: 'a'.repeat(249) })).toThrow(
    /took longer than 500 ms; simplify the pattern/,
  );
});

it('TopicNameMatches wants a regular expression', () => {
  expect([...(predicate.check?.({ pattern: '(' }) ?? [])]).toEqual([
    { key: 'pattern', message: expect.stringMatching(/^expected a regular expression: /) },
  ]);
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Connect's placeholders look like JavaScript's

import { describe, expect, it } from 'vitest';
import timestampRouter from '../../../transforms/connect/timestamp-router.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome } from './shared/support.ts';

const before = { topic: 'trades', timestamp: 1768037400123, value: { a: '1' } };

describe('TimestampRouter', () => {
  it.each<Case>([
    ['as set up by default', {}, before, { topic: 'trades-20260110' }],
    ['by a pattern', { timestampFormat: "yyyy.MM.dd'T'HH" }, before, { topic: 'trades-2026.01.10T09' }],
    ['into another name', { topicFormat: 'a.${timestamp}.${topic}' }, before, { topic: 'a.20260110.trades' }],
    [
      'with what looks like a group',
      { topicFormat: '${topic}' },
      { ...before, topic: 'a$1' },
      'InvalidTopic: topic: expected a topic of 1 to 249 letters, digits, dots, _ and -, got "a$1"',
    ],
    [
      'not without a timestamp',
      {},
      { ...before, timestamp: null },
      'MissingTimestamp: timestamp: the record has none; set it before',
    ],
    [
      'not without a topic',
      {},
      { ...before, topic: null },
      'MissingTopic: topic: the record has none yet; route it first',
    ],
  ])('renames the topic %s', async (_, options, record, after) => {
    expect(await outcome(timestampRouter, options, record)).toEqual(expected(record, after));
  });

  it('takes only the letters it knows', () => {
    expect(problemsOf(timestampRouter, { timestampFormat: 'yyyy-qq' })).toEqual([
      "timestamp.format: expected letters of GyYMLdDwWFEuaHkKhmsSzZX (no more than three X), and other text in ', got qq",
    ]);
  });
});

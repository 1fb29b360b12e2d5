import { describe, expect, test } from 'vitest';
import type { ConnectorConfig } from '../../../src/config/connector-config.ts';
import { settingsFor } from '../../../src/config/define/topic-creation.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { RowError } from '../../../src/plugin/index.ts';
import { load, MINIMAL, problemsOf } from '../sample-feed.ts';

async function settingsIn(changes: Record<string, string>, topic: string) {
  const { config, lines } = await load(entriesOf({ ...MINIMAL, ...changes }, 'REST'));
  expect(lines).toEqual([]);
  const {
    partitions,
    replicationFactor,
    config: own,
  } = settingsFor(topic, (config as ConnectorConfig).topicCreation);
  return { partitions, replicationFactor, config: own };
}

const GROUPED = {
  'topic.creation.default.partitions': '6',
  'topic.creation.default.retention.ms': '86400000',
  'topic.creation.groups': 'reference,all',
  'topic.creation.reference.include': 'market\\..*\\.reference,companies',
  'topic.creation.reference.exclude': 'market\\.test\\.reference',
  'topic.creation.reference.partitions': '1',
  'topic.creation.reference.cleanup.policy': 'compact',
  'topic.creation.all.include': 'market\\..*',
  'topic.creation.all.replication.factor': '3',
};

describe('the settings of a topic that is created', () => {
  test('are not looked for any longer than a pattern may take: the row that names the topic is at fault', async () => {
    const changes = { 'topic.creation.groups': 'a', 'topic.creation.a.include': '(a+)+b' };
    const { config } = await load(entriesOf({ ...MINIMAL, ...changes }, 'REST'));
    const { topicCreation } = config as ConnectorConfig;
    expect(() => settingsFor('a'.repeat(200), topicCreation)).toThrow(
      new RowError(
        'PatternTooSlow',
        `topic: matching "${'a'.repeat(100)}…" with (a+)+b took longer than 500 ms; simplify the pattern`,
        'topic: matching text of 200 characters with (a+)+b took longer than 500 ms; simplify the pattern',
      ),
    );
    expect(settingsFor('aab', topicCreation)).toEqual(topicCreation.groups[0]);
  });

  test.each([
    [
      'other',
      'the default',
      { partitions: 6, replicationFactor: -1, config: { 'retention.ms': '86400000' } },
    ],
    [
      'market.asx.reference',
      'its group, and the default for what the group does not say',
      {
        partitions: 1,
        replicationFactor: -1,
        config: { 'retention.ms': '86400000', 'cleanup.policy': 'compact' },
      },
    ],
    [
      'market.test.reference',
      'the next group that has it when one excludes it',
      { partitions: 6, replicationFactor: 3, config: { 'retention.ms': '86400000' } },
    ],
    [
      'x.market.asx.reference',
      'the default when a pattern fits a part of the name only',
      { partitions: 6, replicationFactor: -1, config: { 'retention.ms': '86400000' } },
    ],
  ])('for %s are those of %s', async (topic, _of, settings) => {
    expect(await settingsIn(GROUPED, topic)).toEqual(settings);
  });
});

test.each([
  [
    { 'topic.creation.default.partitions': '0' },
    "topic.creation.default.partitions: expected -1 (the broker's default) or at least 1, got 0",
  ],
  [
    { 'topic.creation.default.partition': '3' },
    'topic.creation.default.partition: partition is no configuration of a topic; did you mean partitions?',
  ],
  [
    { 'topic.creation.default.cleanup.polcy': 'compact' },
    'topic.creation.default.cleanup.polcy: cleanup.polcy is no configuration of a topic; did you mean cleanup.policy?',
  ],
  [
    { 'topic.creation.groups': 'a' },
    'topic.creation.a.include: is required but not set (Topics of the group: regular expressions, each for a whole name, comma-separated)',
  ],
  [
    { 'topic.creation.groups': 'a', 'topic.creation.a.include': '(' },
    'topic.creation.a.include: expected regular expressions, got "("',
  ],
  [
    { 'topic.creation.groups': 'default' },
    'topic.creation.groups: lists default, which is every topic that is in no group; leave it out',
  ],
  [
    { 'topic.creation.groups': 'a,a', 'topic.creation.a.include': 'x' },
    'topic.creation.groups: lists a twice; expected each group once',
  ],
  [{ 'topic.creation.b.partitions': '3' }, 'topic.creation.b.partitions: unknown key'],
])('%j is told', async (changes: Record<string, string>, line) => {
  expect((await problemsOf(changes)).map((one) => one.replace('REST: ', ''))).toEqual([
    expect.stringContaining(line),
  ]);
});

import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ensureTopics } from '../../src/kafka/cluster/topic-creation.ts';
import { deleteTopic, growTopic, remakeTopic, setMaxMessageBytes } from '../chaos/alter-topics.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import type { HeadraceProcess } from './support/headrace-process.ts';
import { clientOf, recordsIn, valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();
const TIMEOUT_MS = 90_000;
/** What a task knows of topics is asked for again after so long. */
const OUTDATED_MS = 5500;

/** A feed that has delivered one file to a topic of so many partitions, and is idle. */
async function idleFeed(partitions: number, worker: Record<string, string> = {}) {
  const folder = await FeedFolder.make(uniqueName('changed'));
  await ensureTopics(clientOf(bootstrapServers), [
    { topic: folder.name, partitions, replicationFactor: 1 },
    { topic: `${folder.name}.dlq`, partitions: 1, replicationFactor: 1 },
  ]);
  await folder.worker({
    'bootstrap.servers': bootstrapServers,
    ...worker,
  });
  await folder.feed();
  await folder.write('drop/a.csv', rows('a', 50));
  const daemon = folder.start();
  await completed(daemon, 'a.csv');
  return { folder, daemon };
}

const completed = (daemon: HeadraceProcess, file: string) =>
  daemon.waitFor((line) => line.msg === 'file completed' && line.file === file, TIMEOUT_MS);

const rows = (name: string, count: number) =>
  `symbol,price\n${Array.from({ length: count }, (_, index) => `${name}${index},1\n`).join('')}`;

const isFailed = ({ lines }: HeadraceProcess) => lines.some(({ msg }) => msg === 'task failed');

const partitionsOf = async (topic: string) =>
  new Set((await recordsIn(bootstrapServers, topic)).map(({ partition }) => partition)).size;

test('a topic that is deleted while its feed is idle is made anew', { timeout: TIMEOUT_MS }, async () => {
  const { folder, daemon } = await idleFeed(6);
  await deleteTopic(bootstrapServers, folder.name);
  await folder.write('drop/b.csv', rows('b', 50));
  await completed(daemon, 'b.csv');
  expect(isFailed(daemon)).toBe(false);
  expect(await valuesIn(bootstrapServers, folder.name)).toHaveLength(50);
});

test.for([0, OUTDATED_MS])(
  'a topic made anew with fewer partitions is written to %i ms later',
  { timeout: TIMEOUT_MS },
  async (idleMs) => {
    const { folder, daemon } = await idleFeed(6);
    await remakeTopic(bootstrapServers, folder.name, 2);
    await delay(idleMs);
    await folder.write('drop/b.csv', rows('b', 50));
    await completed(daemon, 'b.csv');
    expect(isFailed(daemon)).toBe(false);
    expect(await valuesIn(bootstrapServers, folder.name)).toHaveLength(50);
  },
);

test('a topic that is missing for a while and may not be created is waited for', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { folder, daemon } = await idleFeed(2, { 'topic.creation.enable': 'false' });
  await deleteTopic(bootstrapServers, folder.name);
  await folder.write('drop/b.csv', rows('b', 50));
  await daemon.waitFor(
    ({ msg, error }) =>
      msg === 'task restarting' && /does not exist; create it/.test((error as { message: string }).message),
    TIMEOUT_MS,
  );
  await ensureTopics(clientOf(bootstrapServers), [
    { topic: folder.name, partitions: 2, replicationFactor: 1 },
  ]);
  await completed(daemon, 'b.csv');
  expect(await valuesIn(bootstrapServers, folder.name)).toHaveLength(50);
});

test('new partitions of a topic are written to without a restart', { timeout: TIMEOUT_MS }, async () => {
  const { folder, daemon } = await idleFeed(1);
  await growTopic(bootstrapServers, folder.name, 6);
  await delay(OUTDATED_MS);
  await folder.write('drop/b.csv', rows('b', 50));
  await completed(daemon, 'b.csv');
  expect(daemon.lines.some(({ msg }) => msg === 'task restarting')).toBe(false);
  expect(await partitionsOf(folder.name)).toBe(6);
});

test('a topic that takes smaller batches gets smaller ones', { timeout: TIMEOUT_MS }, async () => {
  const { folder, daemon } = await idleFeed(1);
  for (const topic of [folder.name, `${folder.name}.dlq`])
    await setMaxMessageBytes(bootstrapServers, topic, 2000);
  const bad = Array.from({ length: 20 }, (_, index) => `bad${index},${'x'.repeat(500)}\n`).join('');
  await folder.write('drop/b.csv', rows('b', 500) + bad);
  await completed(daemon, 'b.csv');
  expect(isFailed(daemon)).toBe(false);
  expect(await valuesIn(bootstrapServers, folder.name)).toHaveLength(550);
  expect(await valuesIn(bootstrapServers, `${folder.name}.dlq`)).toHaveLength(20);
});

test('a dead-letter topic that is deleted is made anew', { timeout: TIMEOUT_MS }, async () => {
  const { folder, daemon } = await idleFeed(1);
  await deleteTopic(bootstrapServers, `${folder.name}.dlq`);
  await folder.write('drop/b.csv', `${rows('b', 50)}bad,x\n`);
  await completed(daemon, 'b.csv');
  expect(isFailed(daemon)).toBe(false);
  expect(await valuesIn(bootstrapServers, `${folder.name}.dlq`)).toEqual(['bad,x']);
});

import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ensureTopics } from '../../src/kafka/cluster/topic-creation.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { clientOf, valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();
const TIMEOUT_MS = 90_000;
const ROWS = 500;
/** Twice message.timestamp.after.max.ms. */
const JUMP_MS = 7_200_000;
const STEPPED_CLOCK = fileURLToPath(new URL('../chaos/preloads/stepped-clock.ts', import.meta.url));

const rows = (bad: string) =>
  `symbol,price\n${Array.from({ length: ROWS }, (_, index) => `S${index},1\n`).join('')}${bad}`;

test('rows stamped by a clock two hours ahead wait until it is right, and no good row is rejected', {
  timeout: TIMEOUT_MS,
}, async () => {
  const folder = await FeedFolder.make(uniqueName('clock'));
  const setClock = async (offsetMs: number) => {
    await writeFile(folder.at('clock.new'), String(offsetMs));
    await rename(folder.at('clock.new'), folder.at('clock'));
  };
  const offsets = `${folder.name}.offsets`;
  // Offsets and dead letters are taken whatever the clock says: only the rows are refused.
  const anyTime = { 'message.timestamp.type': 'LogAppendTime' };
  const of = { partitions: 1, replicationFactor: 1 };
  await ensureTopics(clientOf(bootstrapServers), [
    { ...of, topic: offsets, config: { ...anyTime, 'cleanup.policy': 'compact' } },
    { ...of, topic: `${folder.name}.dlq`, config: anyTime },
  ]);
  await folder.worker({ 'bootstrap.servers': bootstrapServers, 'offset.storage.topic': offsets });
  await folder.feed();
  await setClock(0);
  const daemon = folder.start({
    NODE_OPTIONS: `--import ${STEPPED_CLOCK}`,
    CHAOS_CLOCK: folder.at('clock'),
  });
  await daemon.waitFor('worker started', TIMEOUT_MS);
  await setClock(JUMP_MS);
  await folder.write('drop/a.csv', rows('bad,x\n'));
  const { error } = await daemon.waitFor(
    ({ msg }) => msg === 'task restarting' || msg === 'file completed',
    TIMEOUT_MS,
  );
  expect(error).toMatchObject({
    code: 'KAFKA_UNAVAILABLE',
    message: expect.stringMatching(
      /clock of this machine: INVALID_TIMESTAMP.*message\.timestamp\.after\.max\.ms/,
    ),
  });
  await setClock(0);
  await daemon.waitFor('file completed', TIMEOUT_MS);
  expect(new Set(await valuesIn(bootstrapServers, folder.name)).size).toBe(ROWS);
  expect(await valuesIn(bootstrapServers, `${folder.name}.dlq`)).toEqual(['bad,x']);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';

const { bootstrapServers } = await sharedKafka();

test('a transaction lasts from its first row until its commit, however long nothing came before', async () => {
  const folder = await FeedFolder.make(uniqueName('feed'));
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.feed();
  const daemon = folder.start();
  for (const name of ['a', 'b', 'c']) {
    const since = performance.now();
    await folder.write(`drop/${name}.csv`, 'symbol,price\nBHP,1\n');
    const { durationMs } = await daemon.waitFor(({ msg, files }) => {
      return msg === 'transaction committed' && JSON.stringify(files).includes(`${name}.csv`);
    });
    expect(durationMs).toBeGreaterThan(0);
    expect(durationMs).toBeLessThanOrEqual(Math.ceil(performance.now() - since));
    await sleep(1000);
  }
});

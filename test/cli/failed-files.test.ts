import { copyFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { playStory } from './support/story.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const ROWS = ['BHP,45.12,200', 'RIO,118.4,1O0', 'CBA,131.4,5O', 'WES,68.02,7S', 'ANZ,29.5,80'];

test('what the page does, done as it says', async () => {
  const { bootstrapServers } = await sharedKafka();
  const folder = await FeedFolder.make('trades');
  const worker = {
    'bootstrap.servers': bootstrapServers,
    'group.id': uniqueName('failed'),
    'offset.storage.topic': uniqueName('offsets'),
  };
  const topic = uniqueName('trades');
  await folder.worker(worker);
  await folder.feed({
    'error.path': './failed',
    'transforms.validate.fields.quantity': 'long',
    'transforms.route.topic': topic,
    'errors.deadletterqueue.topic.name': `${topic}.dlq`,
    'errors.max': '2',
  });
  await copyFile(folder.at('feed.yaml'), folder.at('trades.yaml'));
  const daemon = folder.start();
  await folder.write('drop/trades-0105.csv', `symbol,price,quantity\n${ROWS.join('\n')}\n`);
  await daemon.waitFor('file failed');
  const outcome = await playStory('docs/failed-files.md', folder.path, worker, async (command) => {
    if (command.startsWith('mv ')) await daemon.waitFor('file completed');
  });
  expect(outcome.shown).toEqual(outcome.written);
});

import { copyFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { playStory } from './support/story.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const SYMBOLS = ['BHP', 'CBA', 'RIO', 'WES', 'ANZ'];
const LAST_BAD_ROW = 4768;

/** 5,000 trades: in 298 quantities an O stands for a 0, and two rows lack theirs. */
function trades(): string {
  const rows = Array.from({ length: 5000 }, (_, index) => {
    const row = index + 1;
    const start = `${SYMBOLS[row % 5]},${(20 + (row % 700) / 10).toFixed(2)}`;
    const quantity = String(100 * (1 + (row % 9)));
    if (row === 1234 || row === 4321) return start;
    const isBad = row % 16 === 0 && row <= LAST_BAD_ROW;
    return `${start},${isBad ? quantity.replace('0', 'O') : quantity}`;
  });
  return `symbol,price,quantity\n${rows.join('\n')}\n`;
}

test('what the page does, done as it says', async () => {
  const { bootstrapServers } = await sharedKafka();
  const folder = await FeedFolder.make('trades');
  const worker = {
    'bootstrap.servers': bootstrapServers,
    'group.id': uniqueName('mending'),
    'offset.storage.topic': uniqueName('offsets'),
  };
  await folder.worker(worker);
  await folder.feed({
    'transforms.validate.fields.quantity': 'long',
    'transforms.route.topic': 'equities.trades',
    'errors.deadletterqueue.topic.name': 'equities.trades.dlq',
  });
  await copyFile(folder.at('feed.yaml'), folder.at('trades.yaml'));
  await folder.write('drop/trades-2026-01-10.csv', trades());
  const daemon = folder.start();
  await daemon.waitFor('file completed');
  await daemon.stop();
  const { shown, written } = await playStory('docs/mending-rows.md', folder.path, worker);
  expect(shown).toEqual(written);
});

import { expect, it, onTestFinished } from 'vitest';
import { bootstrapServers, newFeed } from '../cli/support/loaded-feed.ts';
import { withAdmin } from '../support/kafka-admin.ts';
import { HeadraceProcess } from './support/headrace-process.ts';
import { valuesIn } from './support/read-topic.ts';

const WORKER = ['--worker', 'worker.yaml'];
const LEFT_IN_PLACE = { 'finished.path': null };
const TIMEOUT_MS = 60_000;

async function deleteTopic(topic: string): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [topic] }));
}

async function makeTopic(topic: string): Promise<void> {
  const configEntries = [{ name: 'cleanup.policy', value: 'compact' }];
  await withAdmin(bootstrapServers, (admin) => admin.createTopics({ topics: [{ topic, configEntries }] }));
}

it.for([
  ['deleted', async () => {}],
  ['deleted and made anew, empty', makeTopic],
] as const)(
  'when the offset topic was %s, nothing is delivered until a person allows to begin anew',
  { timeout: TIMEOUT_MS },
  async ([, then]) => {
    const feed = await newFeed(LEFT_IN_PLACE);
    await feed.load('a.csv', 'symbol,price\nBHP,1\n');
    await deleteTopic(feed.offsetTopic);
    await then(feed.offsetTopic);
    await feed.folder.write('drop/b.csv', 'symbol,price\nRIO,2\n');

    const refused = feed.folder.start();
    const { error } = await refused.waitFor('task failed');
    expect(error).toMatchObject({
      code: 'OFFSETS_LOST',
      message: expect.stringMatching(
        `${feed.offsetTopic}.*deliver once more.*of 2 files that are there now.*headrace offsets reset ${feed.name}`,
      ),
    });
    expect(await refused.stop()).toBe(0);
    expect(await valuesIn(bootstrapServers, feed.name)).toEqual(['{"symbol":"BHP","price":1}']);

    const allowed = await feed.run('offsets', 'reset', feed.name, ...WORKER);
    expect(allowed.stdout).toBe(
      `${feed.name}: its offsets are lost; at its next start it loads every file that is there\n`,
    );
    const daemon = feed.folder.start();
    for (const name of ['a.csv', 'b.csv'])
      await daemon.waitFor(({ msg, file }) => msg === 'file completed' && file === name);
    await daemon.stop();
    const again = ['{"symbol":"BHP","price":1}', '{"symbol":"BHP","price":1}', '{"symbol":"RIO","price":2}'];
    expect(await valuesIn(bootstrapServers, feed.name)).toEqual(again);
  },
);

it(
  'an offset topic that is deleted while the worker runs ends the feed, which delivers nothing a second time',
  async () => {
    const feed = await newFeed(LEFT_IN_PLACE);
    await feed.folder.write('drop/a.csv', 'symbol,price\nBHP,1\n');
    const daemon = feed.folder.start();
    await daemon.waitFor('file completed');
    await deleteTopic(feed.offsetTopic);
    await feed.folder.write('drop/b.csv', 'symbol,price\nRIO,2\n');
    const { error } = await daemon.waitFor('task failed', 40_000);
    expect(error).toMatchObject({ code: 'OFFSETS_LOST' });
    expect(await valuesIn(bootstrapServers, feed.name)).toEqual(['{"symbol":"BHP","price":1}']);
  },
  TIMEOUT_MS,
);

it('another feed of the worker goes on without the one whose offsets are lost', {
  timeout: TIMEOUT_MS,
}, async () => {
  const feed = await newFeed(LEFT_IN_PLACE);
  await feed.load('a.csv', 'symbol,price\nBHP,1\n');
  await deleteTopic(feed.offsetTopic);
  const other = await newFeed({ 'input.path': feed.folder.at('other') });
  await feed.folder.write('other/c.csv', 'symbol,price\nANZ,3\n');
  const daemon = HeadraceProcess.start({
    feeds: [feed.folder.at('feed.yaml'), other.folder.at('feed.yaml')],
    worker: feed.folder.at('worker.yaml'),
  });
  onTestFinished(() => daemon.kill());
  const failed = await daemon.waitFor('task failed');
  expect(failed).toMatchObject({ connector: feed.name, error: { code: 'OFFSETS_LOST' } });
  await daemon.waitFor(({ msg, connector }) => msg === 'file completed' && connector === other.name);
});

it('a feed that may not make its offset topic says how to make it', { timeout: TIMEOUT_MS }, async () => {
  const feed = await newFeed();
  const topic = feed.offsetTopic;
  await feed.folder.worker({
    'bootstrap.servers': bootstrapServers,
    'offset.storage.topic': topic,
    'offset.storage.topic.creation': 'never',
  });
  const daemon = feed.folder.start();
  expect(await daemon.exited).toBe(2);
  expect(daemon.lines.map(({ msg }) => msg).join('\n')).toContain(`kafka-topics --create --topic ${topic}`);
  await makeTopic(topic);
  await feed.folder.write('drop/a.csv', 'symbol,price\nBHP,1\n');
  await feed.folder.start().waitFor('file completed');
});

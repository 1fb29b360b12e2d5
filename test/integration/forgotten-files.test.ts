import { expect, it } from 'vitest';
import type { FileStatus } from '../../src/offsets/file-status.ts';
import { bootstrapServers, newFeed } from '../cli/support/loaded-feed.ts';
import { withAdmin } from '../support/kafka-admin.ts';
import { recordsIn, valuesIn } from './support/read-topic.ts';

const HEADER = 'symbol,price\n';
const KEPT = 2;

/** Where something is kept in a topic. */
async function kept(topic: string): Promise<string[]> {
  const last = new Map<string, boolean>();
  for (const { key, partition, value } of await recordsIn(bootstrapServers, topic))
    last.set(`${partition} ${key}`, value !== null);
  return [...last].flatMap(([place, isKept]) => (isKept ? [place] : []));
}

it('files that were delivered longest ago are forgotten, wherever the offset topic keeps them, with their states', {
  timeout: 120_000,
}, async () => {
  const feed = await newFeed();
  const names = Array.from({ length: 6 }, (_, file) => `${file}.csv`);
  for (const name of names) await feed.load(name, `${HEADER}BHP,${name.at(0)}\n`);
  await withAdmin(bootstrapServers, (admin) =>
    admin.createPartitions({ topicPartitions: [{ topic: feed.offsetTopic, count: 7 }] }),
  );
  expect(await kept(feed.offsetTopic)).toHaveLength(names.length);

  await feed.folder.feed({ 'offsets.retention.files': String(KEPT) });
  const daemon = feed.folder.start();
  expect(await daemon.waitFor('files forgotten')).toMatchObject({ files: names.length - KEPT });
  await feed.folder.write('drop/new.csv', `${HEADER}RIO,7\n`);
  await daemon.waitFor(({ msg, file }) => msg === 'file completed' && file === 'new.csv');
  await daemon.waitFor(({ msg, files }) => msg === 'files forgotten' && files === 1);
  await daemon.stop();
  const places = await kept(feed.offsetTopic);
  expect(places.map((place) => /"file":"(.*?)"/.exec(place)?.[1]).sort()).toEqual(['5.csv', 'new.csv']);

  const { stdout } = await feed.run('files', 'list', feed.name, '--worker', 'worker.yaml', '--json');
  const files = JSON.parse(stdout).files as readonly FileStatus[];
  expect(files.map(({ file }) => file).sort()).toEqual(['5.csv', 'new.csv']);

  await feed.folder.write('drop/0.csv', `${HEADER}BHP,0\n`);
  await feed.folder.write('drop/5.csv', `${HEADER}BHP,5\n`);
  const again = feed.folder.start();
  await again.waitFor(({ msg, file }) => msg === 'file completed' && file === '0.csv');
  await again.waitFor(({ msg, file }) => msg === 'file skipped' && file === '5.csv');
  await again.stop();
  expect(
    (await valuesIn(bootstrapServers, feed.name)).filter((value) => value.includes('"price":0')),
  ).toHaveLength(2);
  expect(
    (await valuesIn(bootstrapServers, feed.name)).filter((value) => value.includes('"price":5')),
  ).toHaveLength(1);
});

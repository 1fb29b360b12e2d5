import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { readCommitted } from '../../src/kafka/reader/topic-reader.ts';
import { headrace } from '../cli/support/run-command.ts';
import { blocksOf, page } from '../docs/markdown.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { expectExactlyOnce, finishLoad, killRepeatedly, newLoad } from './support/loads.ts';
import { clientOf, recordsIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();
vi.setConfig({ testTimeout: 120_000 });

interface End {
  readonly file: string;
  readonly rows: { readonly read: number; readonly produced: number; readonly rejected: number };
  readonly [field: string]: unknown;
}

/** What is committed in the topic of ends, the file's path first. */
async function endsIn(topic: string): Promise<[key: string, end: End][]> {
  const records = await recordsIn(bootstrapServers, topic);
  return records.map(({ key, value }) => [String(key), JSON.parse(String(value)) as End]);
}

function shownEnd(): object {
  const block = blocksOf(page('docs/delivery.md')).find(({ note }) => note === 'end');
  return JSON.parse(block?.text ?? '');
}

const ROWS = 'symbol,price\nBHP,1\nRIO,x\nCBA,3\n';

test('a file’s end has its counts, bytes and checksum; of one without rows too, and of one that was given up there is none', async () => {
  const folder = await FeedFolder.make(uniqueName('ends'));
  const { name } = folder;
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.feed({ 'end.of.file.topic': `${name}.files`, 'error.path': './failed' });
  await folder.write('drop/a/plain.csv', ROWS);
  await folder.write('drop/packed.csv.gz', gzipSync(ROWS));
  await folder.write('drop/header.csv', 'symbol,price\n');
  await folder.write('drop/wrong.csv', 'symbol,symbol\nBHP,1\n');
  const daemon = folder.start();
  await daemon.waitFor('file failed');
  const isCompleted = ({ msg }: { msg: string }) => msg === 'file completed';
  await expect.poll(() => daemon.lines.filter(isCompleted).length, { timeout: 20_000 }).toBe(3);
  const ends = (await endsIn(`${name}.files`)).sort(([one], [other]) => (one < other ? -1 : 1));
  const content = crc32(ROWS).toString(16).padStart(8, '0');
  const of = { connector: name, task: 0, generation: expect.any(String), time: expect.any(String) };
  const three = { read: 3, produced: 2, filtered: 0, rejected: 1 };
  expect(ends.map(([, end]) => Object.keys(end))).toContainEqual(Object.keys(shownEnd()));
  expect(ends).toEqual([
    ['a/plain.csv', { ...of, file: 'a/plain.csv', rows: three, bytes: ROWS.length, crc32: content }],
    [
      'header.csv',
      {
        ...of,
        file: 'header.csv',
        rows: { read: 0, produced: 0, filtered: 0, rejected: 0 },
        ...{ bytes: 13, crc32: crc32('symbol,price\n').toString(16).padStart(8, '0') },
      },
    ],
    ['packed.csv.gz', { ...of, file: 'packed.csv.gz', rows: three, bytes: ROWS.length, crc32: content }],
  ]);
});

test('rows that are sent to that topic are rejected, and letters that are replayed have no end', async () => {
  const folder = await FeedFolder.make(uniqueName('ends'));
  const { name } = folder;
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.feed({ 'end.of.file.topic': `${name}.files`, 'transforms.route.topic': `${name}.{symbol}` });
  await folder.write('drop/a.csv', 'symbol,price\nBHP,1\nfiles,2\n');
  const daemon = folder.start();
  expect(await daemon.waitFor('file completed')).toMatchObject({ produced: 1, rejected: 1 });
  await daemon.stop();
  const args = ['dlq', 'replay', '--feed', 'feed.yaml', '--worker', 'worker.yaml'];
  const replayed = await headrace(args, { cwd: folder.path });
  expect(replayed.stderr + replayed.stdout).toContain('1');
  expect(await endsIn(`${name}.files`)).toHaveLength(1);
});

/** More than a fast machine has done before the last kill. */
const ROWS_OF_LOAD = 600_000;

describe.each(['interval', 'file'])('with transaction.boundary: %s', (boundary) => {
  test('each file ends once, in the transaction of its last offset, whenever the daemon is killed', async () => {
    const topic = uniqueName('ends');
    const load = await newLoad({
      bootstrapServers,
      trades: { rows: ROWS_OF_LOAD, files: 12, seed: 7, badEvery: 500 },
      feed: { 'end.of.file.topic': topic, 'transaction.boundary': boundary },
    });
    await killRepeatedly(load, { kills: 6, seed: 11, afterCommitMs: 120 });
    await expect.poll(() => committedEnds(load.options.name, topic), { timeout: 90_000 }).toEqual([]);
    await finishLoad(load);
    await expectExactlyOnce(load, await load.check());
    const ends = (await endsIn(topic)).map(([, end]) => end);
    expect(ends.map(({ file }) => file).sort()).toEqual(load.files.map(({ name }) => name).sort());
    expect(ends.reduce((sum, { rows }) => sum + rows.read, 0)).toBe(ROWS_OF_LOAD);
  });
});

/** Files of which a committed reader sees the end and not the last offset, or the other way round. */
async function committedEnds(name: string, topic: string): Promise<string[]> {
  const client = clientOf(bootstrapServers);
  const [ends, offsets] = [new Set<string>(), new Set<string>()];
  await readCommitted(client, topic, ({ value }) => ends.add((JSON.parse(String(value)) as End).file));
  await readCommitted(client, `${name}.offsets`, ({ key, value }) => {
    if (value !== null && JSON.parse(String(value)).eof === true)
      offsets.add(JSON.parse(String(key))[1].file as string);
  });
  return [...ends.symmetricDifference(offsets)];
}

import { expect, onTestFinished, test, vi } from 'vitest';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { HeadraceProcess } from './support/headrace-process.ts';
import { recordsIn } from './support/read-topic.ts';

vi.setConfig({ testTimeout: 120_000 });

const { bootstrapServers } = await sharedKafka();
const FEEDS = 12;
const FILES = 3;
const ROWS = 40;

interface Row {
  readonly symbol: string;
  readonly price: number;
}

const NAMES = Array.from({ length: FEEDS }, (_, index) => `feed-${index}`);

/** A worker of twelve feeds whose rows go to one topic, of which two may have threads. */
async function newFeeds(): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('many'));
  await folder.worker({
    'bootstrap.servers': bootstrapServers,
    'group.id': folder.name,
    'worker.threads.max': '2',
  });
  for (const name of NAMES) await folder.feedOf(name, { 'transforms.route.topic': folder.name });
  return folder;
}

function start(folder: FeedFolder, env: Readonly<Record<string, string>> = {}): HeadraceProcess {
  const feeds = NAMES.map((name) => folder.at(`${name}.yaml`));
  const daemon = HeadraceProcess.start({ feeds, worker: folder.at('worker.yaml'), env });
  onTestFinished(() => daemon.kill());
  return daemon;
}

/** How many times tasks fell asleep as they had nothing to do. */
const sleeps = (daemon: HeadraceProcess) =>
  daemon.lines.filter(({ msg, until }) => msg === 'fell asleep' && until === 'woken').length;

async function dropAll(folder: FeedFolder, file: number): Promise<void> {
  const rows = Array.from({ length: ROWS }, (_, row) => file * ROWS + row);
  for (const name of NAMES) {
    const lines = rows.map((price) => `${name},${price}\n`).join('');
    await folder.write(`drop/${name}/${file}.csv`, `symbol,price\n${lines}`);
  }
}

/** The rows that are committed, of each feed in their order. */
async function delivered(folder: FeedFolder): Promise<Map<string, number[]>> {
  const records = await recordsIn(bootstrapServers, folder.name);
  const rows = records.map(({ value }) => JSON.parse(String(value)) as Row);
  const prices = ([symbol, own]: [string, Row[]]): [string, number[]] => [
    symbol,
    own.map(({ price }) => price),
  ];
  return new Map([...Map.groupBy(rows, ({ symbol }) => symbol)].map(prices));
}

test('feeds sleep and wake up in their turn, and each row comes once and in order, also over a kill', async () => {
  const folder = await newFeeds();
  const first = start(folder);
  await expect.poll(() => sleeps(first), { timeout: 60_000 }).toBe(FEEDS);
  for (let file = 0; file < FILES; file++) await dropAll(folder, file);
  const completed = () => first.lines.filter(({ msg }) => msg === 'file completed').length;
  await expect.poll(completed, { timeout: 60_000, interval: 10 }).toBeGreaterThan(2 * FILES);
  await first.kill();
  const second = start(folder);
  const all = Array.from({ length: FILES * ROWS }, (_, price) => price);
  const expected = new Map(NAMES.map((name) => [name, all]));
  await expect
    .poll(async () => Object.fromEntries(await delivered(folder)), { timeout: 60_000, interval: 500 })
    .toEqual(Object.fromEntries(expected));
  await dropAll(folder, FILES);
  const count = async () => [...(await delivered(folder)).values()].flat().length;
  await expect.poll(count, { timeout: 60_000, interval: 500 }).toBe(FEEDS * (FILES + 1) * ROWS);
  expect(second.lines.filter(({ msg }) => msg === 'task restarting' || msg === 'task failed')).toEqual([]);
});

test('what is wrong with one of many feeds is told when it starts, though nothing is there for it', async () => {
  const folder = await newFeeds();
  await folder.feedOf('feed-10', { 'finished.path': './nowhere/done' });
  await folder.feedOf('feed-11', { 'errors.deadletterqueue.topic.name': `${folder.name}.missing` });
  const daemon = start(folder, { HEADRACE_TOPIC_CREATION_ENABLE: 'false' });
  const reason = async (connector: string) => {
    const told = (line: { msg: string; connector?: unknown }) =>
      line.connector === connector && (line.msg === 'task restarting' || line.msg === 'task failed');
    return JSON.stringify(await daemon.waitFor(told));
  };
  expect(await reason('feed-10')).toContain('nowhere');
  expect(await reason('feed-11')).toContain(`${folder.name}.missing`);
});

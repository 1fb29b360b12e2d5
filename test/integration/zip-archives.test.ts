import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { between } from '../chaos/random.ts';
import { headrace } from '../cli/support/run-command.ts';
import { zipOf } from '../connectors/zip-archive.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { recordsIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();
vi.setConfig({ testTimeout: 180_000 });

const MEMBERS = [
  { name: 'asx.csv', content: 'symbol,price\nBHP,1\nRIO,x\n' },
  { name: 'in/', content: '' },
  { name: 'in/nyse.csv', content: 'price,symbol,venue\n4,IBM,N\n5,GE,N\ny,T,N\n' },
];

async function newFolder(options: Readonly<Record<string, string | null>> = {}): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('zips'));
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.feed({ 'headers.source': 'row', ...options });
  return folder;
}

/** The records of a topic, each with the row that it was. */
async function rowsIn(topic: string): Promise<[row: string, value: string][]> {
  const records = await recordsIn(bootstrapServers, topic);
  const of = (headers: (typeof records)[number]['headers']) =>
    String(headers.find(([name]) => name === 'file')?.[1]);
  return records.map(({ headers, value }) => [of(headers), String(value)] as [string, string]).sort();
}

test('each file has its own header and rows; letters and ends name it, states tell of the archive', async () => {
  const folder = await newFolder();
  const { name } = folder;
  await folder.feed({ 'headers.source': 'row', 'end.of.file.topic': `${name}.files` });
  await folder.write('drop/all.zip', zipOf(MEMBERS));
  const daemon = folder.start();
  expect(await daemon.waitFor('file completed')).toMatchObject({
    file: 'all.zip',
    rows: 5,
    produced: 3,
    rejected: 2,
  });
  expect(await rowsIn(name)).toEqual([
    ['all.zip/asx.csv:1', '{"symbol":"BHP","price":1}'],
    ['all.zip/in/nyse.csv:1', '{"symbol":"IBM","price":4}'],
    ['all.zip/in/nyse.csv:2', '{"symbol":"GE","price":5}'],
  ]);
  const ends = (await recordsIn(bootstrapServers, `${name}.files`)).map(({ value }) =>
    JSON.parse(String(value)),
  );
  expect(ends.sort((one, other) => (one.file < other.file ? -1 : 1))).toMatchObject([
    { file: 'all.zip/asx.csv', rows: { read: 2, produced: 1, rejected: 1 }, bytes: 25 },
    { file: 'all.zip/in/nyse.csv', rows: { read: 3, produced: 2, rejected: 1 } },
  ]);
  await daemon.stop();
  const args = ['--feed', 'feed.yaml', '--worker', 'worker.yaml'];
  const show = await headrace(['dlq', 'show', ...args], { cwd: folder.path });
  expect(show.stdout).toContain('all.zip/asx.csv row 2 (line 3)');
  expect(show.stdout).toContain('all.zip/in/nyse.csv row 3 (line 4)');
  const { stdout } = await headrace(['files', 'list', name, '--worker', 'worker.yaml', '--json'], {
    cwd: folder.path,
  });
  expect(JSON.parse(stdout).files).toMatchObject([
    { file: 'all.zip', state: 'COMPLETED', rows: { read: 5, produced: 3, rejected: 2 } },
  ]);
  // Their headers are found in the archive that was put away: the rows are still bad, and so are back in the queue.
  const replayed = await headrace(['dlq', 'replay', ...args], { cwd: folder.path });
  expect(replayed.stderr + replayed.stdout).not.toContain('header');
  expect((await recordsIn(bootstrapServers, `${name}.dlq`)).length).toBe(4);
});

test('an archive is given up as a whole: what follows of it is not delivered, and with the boundary file nothing of it', async () => {
  for (const [boundary, delivered] of [
    ['interval', ['all.zip/a.csv:1', 'good.csv:1']],
    ['file', ['good.csv:1']],
  ] as const) {
    const folder = await newFolder({
      'transaction.boundary': boundary,
      'error.path': './failed',
      'errors.max': '0',
    });
    const rows = (price: string) => `symbol,price\nBHP,${price}\n`;
    const members = ['1', 'x', '3'].map((price, index) => ({
      name: `${'abc'[index]}.csv`,
      content: rows(price),
    }));
    await folder.write('drop/all.zip', zipOf(members));
    const daemon = folder.start();
    const failed = await daemon.waitFor('file failed');
    expect(failed).toMatchObject({ file: 'all.zip', action: 'moved' });
    expect(failed.error).toContain('all.zip/b.csv: 1 of 1 rows are rejected');
    await folder.write('drop/good.csv', rows('9'));
    await daemon.waitFor('file completed');
    expect((await rowsIn(folder.name)).map(([row]) => row)).toEqual(delivered);
    await daemon.stop();
  }
});

test.each(['interval', 'file'])(
  'rows of an archive are loaded up to --limit, and those behind it later, with transaction.boundary: %s',
  async (boundary) => {
    const folder = await newFolder({ 'transaction.boundary': boundary });
    const members = ['a', 'b', 'c'].map((name) => ({
      name: `${name}.csv`,
      content: `symbol,price\n${[1, 2, 3].map((price) => `${name},${price}\n`).join('')}`,
    }));
    await folder.write('all.zip', zipOf(members));
    const load = async (limit: number) => {
      const args = [
        'load',
        'all.zip',
        '--feed',
        'feed.yaml',
        '--worker',
        'worker.yaml',
        '--limit',
        String(limit),
        '--json',
      ];
      return JSON.parse((await headrace(args, { cwd: folder.path })).stdout);
    };
    const rows = async () => (await rowsIn(folder.name)).map(([row]) => row.slice(row.lastIndexOf('/') + 1));
    expect(await load(5)).toMatchObject({ state: 'COMPLETED', rows: 5, run: { rows: 5 } });
    expect(await rows()).toEqual(['a.csv:1', 'a.csv:2', 'a.csv:3', 'b.csv:1', 'b.csv:2']);
    expect(await load(6)).toMatchObject({ state: 'COMPLETED', rows: 6, run: { rows: 1 } });
    expect(await load(9)).toMatchObject({ state: 'COMPLETED', rows: 9, run: { rows: 3 } });
    expect((await rows()).length).toBe(9);
  },
);

const ROWS = 40_000;
const LARGE = Array.from({ length: 8 }, (_, file) => ({
  name: `${file}.csv`,
  content: `symbol,price\n${Array.from({ length: ROWS }, (_, row) => `S${row % 7},${row % 500 === 0 ? 'x' : row}\n`).join('')}`,
}));

describe.each(['interval', 'file'])('with transaction.boundary: %s', (boundary) => {
  test('every row of every file of an archive is delivered once, and each file ends once, whenever the daemon is killed', async () => {
    const folder = await newFolder({
      'transaction.boundary': boundary,
      'transaction.boundary.interval.ms': '20',
    });
    await folder.feed({
      'headers.source': 'row',
      'transaction.boundary': boundary,
      'transaction.boundary.interval.ms': '20',
      'end.of.file.topic': `${folder.name}.files`,
    });
    const random = seededRandom(19);
    await folder.write('drop/all.zip', zipOf(LARGE));
    for (let kill = 0; kill < 6; kill++) {
      const daemon = folder.start();
      const isByCommit = boundary === 'interval' && kill % 2 === 1;
      await daemon.waitFor(isByCommit ? 'transaction committed' : 'file reading');
      await delay(between(random, 0, 60));
      expect(await readdir(folder.at('drop'))).toEqual(['all.zip']);
      await daemon.kill();
    }
    const daemon = folder.start();
    await expect
      .poll(async () => (await readdir(folder.at('done'))).join(), { timeout: 60_000, interval: 100 })
      .toBe('all.zip');
    await daemon.stop();
    const rows = (await rowsIn(folder.name)).map(([row]) => row);
    expect(rows.length).toBe(LARGE.length * (ROWS - ROWS / 500));
    expect(new Set(rows).size).toBe(rows.length);
    const letters = await recordsIn(bootstrapServers, `${folder.name}.dlq`);
    expect(letters.length).toBe((LARGE.length * ROWS) / 500);
    const ends = await recordsIn(bootstrapServers, `${folder.name}.files`);
    expect(ends.map(({ key }) => String(key)).sort()).toEqual(LARGE.map(({ name }) => `all.zip/${name}`));
  });
});

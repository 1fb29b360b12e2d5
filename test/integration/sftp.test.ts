import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { newSftpFolder, type SftpFolder, type SftpServer, sharedSftp, startSftp } from '../support/sftp.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { FeedFolder } from './support/feed-folder.ts';
import type { HeadraceProcess } from './support/headrace-process.ts';
import { recordsIn } from './support/read-topic.ts';

const TIMEOUT_MS = 180_000;
const WAIT_MS = 50_000;
const OWN = { user: 'bob', password: 'secret' };
const { bootstrapServers } = await sharedKafka();

interface Reached {
  readonly root: string;
  readonly port: number;
  readonly knownHostsLine: string;
  readonly user: string;
  readonly password: string;
}

/** Without OpenSSH's extensions, and with a key that changes. */
let plain: SftpServer;

beforeAll(async () => {
  plain = await startSftp({
    users: [{ name: OWN.user, password: OWN.password }],
    extensions: false,
  });
});

afterAll(() => plain?.stop());

test(
  'each row comes once and in order, though connections break in the middle of files',
  async () => {
    const proxy = await TcpProxy.before((await sharedSftp()).port);
    onTestFinished(() => proxy.close());
    const { feed, drop, daemon, done } = await feedOn(await sharedSftp(), { port: proxy.port });
    for (const [index, resetAfter] of [500_000, 200_000, 700_000].entries()) {
      proxy.resetAfter(resetAfter);
      await drop(`${index}.csv`, rows(index * 100_000, 100_000));
      await daemon.waitFor(completed(`${index}.csv`), WAIT_MS);
    }
    expect(await pricesIn(feed)).toEqual(numbers(0, 300_000));
    expect(await done()).toEqual(['0.csv', '1.csv', '2.csv']);
    expect(proxy.connections).toBeGreaterThan(3);
    expect(daemon.lines.filter(({ msg }) => msg === 'task restarting')).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a daemon that is killed in the middle of a file goes on where it was',
  async () => {
    const { feed, drop, daemon, start, done } = await feedOn(await sharedSftp());
    await drop('a.csv', rows(0, 200_000));
    await daemon.waitFor('transaction committed', WAIT_MS);
    await daemon.kill();
    const delivered = (await pricesIn(feed)).length;
    expect(delivered).toBeGreaterThan(0);
    await start().waitFor(completed('a.csv'), WAIT_MS);
    expect(await pricesIn(feed)).toEqual(numbers(0, 200_000));
    expect(await done()).toEqual(['a.csv']);
  },
  TIMEOUT_MS,
);

test(
  'a clock of the server that is wrong by years delays no file and loses none',
  async () => {
    const { feed, drop, daemon } = await feedOn(await sharedSftp());
    await drop('a.csv', rows(0, 10), new Date('1970-01-01T00:00:01Z'));
    await daemon.waitFor(completed('a.csv'), WAIT_MS);
    await drop('b.csv', rows(10, 10), new Date('2037-01-01T00:00:00Z'));
    await daemon.waitFor(completed('b.csv'), WAIT_MS);
    // Another content under a name, of the same length, and older than the one before.
    await drop('b.csv', rows(20, 10), new Date('1999-01-01T00:00:00Z'));
    await expect.poll(() => pricesIn(feed), { timeout: WAIT_MS }).toEqual(numbers(0, 30));
  },
  TIMEOUT_MS,
);

test(
  'a server without extensions will do, until it has another key than the one that is known',
  async () => {
    const { feed, drop, daemon, known, start, done } = await feedOn({ ...OWN, ...reached(plain) });
    await drop('a.csv', rows(0, 1000));
    await daemon.waitFor(completed('a.csv'), WAIT_MS);
    expect(await done()).toEqual(['a.csv']);

    await plain.changeHostKey();
    await drop('b.csv', rows(1000, 1000));
    const failed = await daemon.waitFor(({ msg }) => msg === 'task failed', WAIT_MS);
    expect(JSON.stringify(failed)).toContain('HAS CHANGED');
    await daemon.kill();
    expect(await pricesIn(feed)).toEqual(numbers(0, 1000));

    await known(plain.knownHostsLine);
    await start().waitFor(completed('b.csv'), WAIT_MS);
    expect(await pricesIn(feed)).toEqual(numbers(0, 2000));
  },
  TIMEOUT_MS,
);

function reached({ root, port, knownHostsLine }: SftpServer) {
  return { root, port, knownHostsLine };
}

/** A daemon on a new folder of a server, perhaps through a proxy. */
test(
  'a task sleeps beside an empty folder, and a file that comes wakes it',
  async () => {
    const { feed, drop, daemon } = await feedOn(await sharedSftp());
    await daemon.waitFor('fell asleep', WAIT_MS);
    await drop('a.csv', rows(0, 10));
    await daemon.waitFor(completed('a.csv'), WAIT_MS);
    expect(daemon.lines.filter(({ msg }) => msg === 'woke up')).toHaveLength(1);
    expect(await pricesIn(feed)).toEqual(numbers(0, 10));
  },
  TIMEOUT_MS,
);

async function feedOn(server: Reached, { port = server.port } = {}) {
  const feed = await FeedFolder.make(uniqueName('sftp'));
  const folder = await newSftpFolder(feed.name, server);
  await mkdir(join(folder.onDisk, 'in'));
  const known = (line: string) =>
    feed.write('known_hosts', `${line.replace(String(server.port), String(port))}\n`);
  await known(server.knownHostsLine);
  await feed.worker({ 'bootstrap.servers': bootstrapServers });
  await feed.feed({
    'connector.class': 'sftp',
    'sftp.host': '127.0.0.1',
    'sftp.port': String(port),
    'sftp.user': server.user,
    'sftp.password': server.password,
    'sftp.known.hosts': './known_hosts',
    'input.path': `${folder.path}/in`,
    'finished.path': `${folder.path}/done`,
    'topic.creation.default.partitions': '1',
  });
  const done = async () => inFolder(await folder.list(), 'done/');
  const drop = (name: string, content: string, time?: Date) => dropInto(folder, name, content, time);
  return { feed, drop, known, done, start: () => feed.start(), daemon: feed.start() };
}

/** As a careful sender does it: written under a hidden name, then renamed. */
async function dropInto({ onDisk }: SftpFolder, name: string, content: string, time?: Date): Promise<void> {
  const part = join(onDisk, 'in', `.${name}.part`);
  await writeFile(part, content);
  if (time !== undefined) await utimes(part, time, time);
  await rename(part, join(dirname(part), name));
}

function inFolder(paths: readonly string[], folder: string): string[] {
  return paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
}

function completed(file: string): Parameters<HeadraceProcess['waitFor']>[0] {
  return (line) => line.msg === 'file completed' && line.file === file;
}

/** Of one key, so that their order in the topic is that of the file. */
function rows(from: number, count: number): string {
  return `symbol,price\n${numbers(from, count)
    .map((price) => `BHP,${price}\n`)
    .join('')}`;
}

function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

async function pricesIn({ name }: FeedFolder): Promise<number[]> {
  const records = await recordsIn(bootstrapServers, name);
  return records.map(({ value }) => JSON.parse(String(value)).price);
}

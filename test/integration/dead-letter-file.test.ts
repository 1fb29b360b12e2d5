import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { readDeadLetterFile } from '../chaos/dead-letter-check.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import type { HeadraceProcess } from './support/headrace-process.ts';

const { bootstrapServers } = await sharedKafka();
const FILE = 'letters/rejected.csv';

async function newFeed(options: Readonly<Record<string, string | null>> = {}): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('letters'));
  await mkdir(folder.at('letters'));
  await folder.worker({ 'bootstrap.servers': bootstrapServers, 'group.id': folder.name });
  await folder.feed({
    'errors.deadletterqueue.topic.name': null,
    'errors.deadletterqueue.file': `./${FILE}`,
    ...options,
  });
  return folder;
}

/** A file with so many bad rows, one good one at its end. */
const bad = (rows: number) => `symbol,price\n${'BAD,x\n'.repeat(rows)}BHP,1\n`;

/** Drops a file and waits until it is delivered. */
async function deliver(folder: FeedFolder, daemon: HeadraceProcess, name: string, rows: number) {
  await folder.write(`drop/${name}`, bad(rows));
  await daemon.waitFor((line) => line.msg === 'file completed' && line.file === name);
}

/** The rows in a dead-letter file, as `file:row`, each as often as it is there. */
async function lettersIn(path: string): Promise<string[]> {
  return (await readDeadLetterFile(path)).map(({ file, row }) => `${basename(file)}:${row}`);
}

const rowsOf = (name: string, rows: number) => Array.from({ length: rows }, (_, row) => `${name}:${row + 1}`);

/** Names beside the dead-letter file, hidden ones too. */
async function others(folder: FeedFolder): Promise<string[]> {
  return (await readdir(folder.at('letters'))).filter((name) => name !== 'rejected.csv');
}

test('the folder of the file is made where it is missing, and awaited where the one above it is', async () => {
  const folder = await newFeed({ 'errors.deadletterqueue.file': './out/letters/rejected.csv' });
  const daemon = folder.start();
  const { error } = await daemon.waitFor('task restarting');
  expect(error).toMatchObject({
    code: 'DEAD_LETTER_FAILED',
    message: expect.stringMatching(/there is no folder .*\/out; make it, or mend the path$/),
  });
  await mkdir(folder.at('out'));
  await deliver(folder, daemon, 'a.csv', 3);
  expect(await lettersIn(folder.at('out/letters/rejected.csv'))).toEqual(rowsOf('a.csv', 3));
});

test('a worker that wakes up after another took over does not touch the dead letters of that one', async () => {
  const folder = await newFeed();
  const zombie = folder.start();
  await deliver(folder, zombie, 'a.csv', 7);
  await zombie.waitFor('file completed');
  zombie.signal('SIGSTOP');
  const successor = folder.start();
  await deliver(folder, successor, 'b.csv', 13);
  successor.signal('SIGSTOP');
  zombie.signal('SIGCONT');
  await folder.write('drop/c.csv', bad(20));
  const { error } = await zombie.waitFor('task failed');
  expect(error).toMatchObject({ code: 'KAFKA_FENCED' });
  successor.signal('SIGCONT');
  await successor.waitFor((line) => line.msg === 'file completed' && line.file === 'c.csv');
  expect(await lettersIn(folder.at(FILE))).toEqual([
    ...rowsOf('a.csv', 7),
    ...rowsOf('b.csv', 13),
    ...rowsOf('c.csv', 20),
  ]);
  expect(await others(folder)).toEqual([]);
});

test('a dead-letter file that was renamed away, removed or emptied is begun anew, and no old one is written to', async () => {
  const folder = await newFeed();
  const daemon = folder.start();
  await deliver(folder, daemon, 'a.csv', 3);
  await rename(folder.at(FILE), folder.at('letters/old.csv'));
  await deliver(folder, daemon, 'b.csv', 2);
  expect(await lettersIn(folder.at(FILE))).toEqual(rowsOf('b.csv', 2));
  expect(await lettersIn(folder.at('letters/old.csv'))).toEqual(rowsOf('a.csv', 3));
  await daemon.waitFor('dead-letter file begun anew');
  await rm(folder.at(FILE));
  await deliver(folder, daemon, 'c.csv', 4);
  expect(await lettersIn(folder.at(FILE))).toEqual(rowsOf('c.csv', 4));
  // As logrotate's copytruncate does.
  await truncate(folder.at(FILE), 0);
  await deliver(folder, daemon, 'd.csv', 1);
  expect(await lettersIn(folder.at(FILE))).toEqual(rowsOf('d.csv', 1));
  expect(await others(folder)).toEqual(['old.csv']);
  expect(daemon.lines.filter(({ msg }) => msg === 'task restarting')).toEqual([]);
});

const EDITS: readonly ((path: string) => Promise<void>)[] = [
  (path) => appendFile(path, '7,"half'),
  async (path) => {
    const rows = (await readFile(path, 'utf8')).split('\n');
    await appendFile(path, `${rows[1]}\n`);
  },
  async (path) => {
    const rows = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, rows.toSpliced(2, 1).join('\n'));
  },
  async (path) => {
    await writeFile(`${path}.new`, 'seen by Kim\n');
    await rename(`${path}.new`, path);
  },
];

test('what a person made of a dead-letter file is kept beside it, not written into', async () => {
  const folder = await newFeed();
  const daemon = folder.start();
  await deliver(folder, daemon, 'first.csv', 3);
  const kept: string[] = [];
  for (const [index, edit] of EDITS.entries()) {
    await edit(folder.at(FILE));
    kept.push(await readFile(folder.at(FILE), 'utf8'));
    await deliver(folder, daemon, `${index}.csv`, 3);
    expect(await lettersIn(folder.at(FILE))).toEqual(rowsOf(`${index}.csv`, 3));
  }
  await daemon.waitFor('dead-letter file set aside');
  const aside = (await others(folder)).sort();
  expect(await Promise.all(aside.map((name) => readFile(folder.at(`letters/${name}`), 'utf8')))).toEqual(
    kept,
  );
});

test('so is what a person made of it while the worker was down', async () => {
  const folder = await newFeed();
  const first = folder.start();
  await deliver(folder, first, 'a.csv', 3);
  expect(await first.stop()).toBe(0);
  await appendFile(folder.at(FILE), '7,"half');
  const edited = await readFile(folder.at(FILE), 'utf8');
  await deliver(folder, folder.start(), 'b.csv', 2);
  expect(await lettersIn(folder.at(FILE))).toEqual(rowsOf('b.csv', 2));
  const [aside, ...more] = await others(folder);
  expect(more).toEqual([]);
  expect(await readFile(folder.at(`letters/${aside}`), 'utf8')).toBe(edited);
});

test('the target of a link that takes the place of the dead-letter file stays as it is', async () => {
  const folder = await newFeed();
  await folder.write('precious.txt', 'precious\n');
  await symlink('../precious.txt', folder.at(FILE));
  const daemon = folder.start();
  await deliver(folder, daemon, 'a.csv', 3);
  await rm(folder.at(FILE));
  await symlink('../precious.txt', folder.at(FILE));
  await deliver(folder, daemon, 'b.csv', 2);
  expect(await readFile(folder.at('precious.txt'), 'utf8')).toBe('precious\n');
  expect(await lettersIn(folder.at(FILE))).toEqual(rowsOf('b.csv', 2));
});

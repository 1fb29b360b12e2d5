import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import type { TradesLoad } from '../chaos/trades-load.ts';
import { bootstrapServers } from '../kafka/support.ts';
import type { HeadraceProcess, LogLine } from './support/headrace-process.ts';
import { expectExactlyOnce, newLoad, startDaemon } from './support/loads.ts';

const TIMEOUT_MS = 90_000;
const ROWS = 160_000;

function load(tasksMax: number): Promise<TradesLoad> {
  const trades = { rows: ROWS, files: 8, seed: 17, badEvery: 1000 };
  return newLoad({ bootstrapServers, trades, feed: { 'tasks.max': tasksMax } });
}

/** Waits until so many files are being read that some of them are in tasks beyond the other count. */
async function readingFiles(daemon: HeadraceProcess, files: number): Promise<void> {
  const seen = new Set<unknown>();
  await daemon.waitFor((line: LogLine) => {
    if (line.msg === 'file reading') seen.add(line.file);
    return seen.size >= files;
  });
}

async function delivered(trades: TradesLoad): Promise<void> {
  await expect.poll(() => trades.waiting(), { timeout: 60_000, interval: 50 }).toEqual([]);
}

/** Every task of a worker ends, and says which process has taken over. */
async function expectTakenOver(old: HeadraceProcess, tasks: number, by: HeadraceProcess): Promise<void> {
  for (let task = 0; task < tasks; task++) {
    const { error } = await old.waitFor((line) => line.msg === 'task failed' && line.task === task);
    expect(error).toMatchObject({ code: 'KAFKA_FENCED', retriable: false });
    expect((error as { message: string }).message).toContain(`process ${by.pid} on ${hostname()}`);
  }
}

it(
  'a worker of four tasks that was suspended writes nothing when one of two has taken over, and is told who',
  async () => {
    const trades = await load(4);
    const old = startDaemon(trades);
    await readingFiles(old, 3);
    old.signal('SIGSTOP');
    await trades.configure({ 'tasks.max': 2 });
    const successor = startDaemon(trades);
    await delivered(trades);
    old.signal('SIGCONT');
    await expectTakenOver(old, 4, successor);
    expect(await successor.stop()).toBe(0);
    await old.stop();
    await expectExactlyOnce(trades, await trades.check());
  },
  TIMEOUT_MS,
);

it.for([
  [4, 2],
  [2, 4],
] as const)(
  'a worker of %i tasks that is at work ends when one of %i starts, and each row arrives once',
  { timeout: TIMEOUT_MS },
  async ([before, after]) => {
    const trades = await load(before);
    const old = startDaemon(trades);
    await readingFiles(old, 1);
    await trades.configure({ 'tasks.max': after });
    const successor = startDaemon(trades);
    await expectTakenOver(old, before, successor);
    await delivered(trades);
    for (const daemon of [old, successor]) expect(await daemon.stop()).toBe(0);
    await expectExactlyOnce(trades, await trades.check());
  },
);

it(
  'of two workers that start at once with other numbers of tasks one delivers, and each row arrives once',
  async () => {
    const trades = await load(4);
    const one = startDaemon(trades);
    await one.waitFor('task running');
    await trades.configure({ 'tasks.max': 2 });
    const other = startDaemon(trades);
    await delivered(trades);
    for (const daemon of [one, other]) expect(await daemon.stop()).toBe(0);
    await expectExactlyOnce(trades, await trades.check());
  },
  TIMEOUT_MS,
);

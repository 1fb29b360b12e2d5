import { describe, expect, it } from 'vitest';
import { sharedKafka } from '../support/stack.ts';
import type { HeadraceProcess, LogLine } from './support/headrace-process.ts';
import {
  expectExactlyOnce,
  finishLoad,
  killRepeatedly,
  newLoad,
  startDaemon,
  visibleRows,
} from './support/loads.ts';
import { behindSlowCommits } from './support/slow-commits.ts';

const { bootstrapServers } = await sharedKafka();

/** Longer than the test, shorter than the broker lets a transaction be: what is sent stays undecided. */
const ENDLESS_TRANSACTION = { 'transaction.boundary.interval.ms': 50_000 };

function lastCommit({ lines }: HeadraceProcess): { position: number; rows: { read: number } } {
  const line = lines.findLast(({ msg }) => msg === 'transaction committed') as LogLine;
  return (line.files as ReturnType<typeof lastCommit>[])[0] as ReturnType<typeof lastCommit>;
}

describe('a transaction', () => {
  it('that a kill leaves open is seen by no committed reader, and its rows come once after the restart', async () => {
    // Not so large that the transaction would end by its size.
    const trades = { rows: 60_000, files: 1, seed: 21, badEvery: 1000 };
    const load = await newLoad({ bootstrapServers, trades, feed: ENDLESS_TRANSACTION });
    const daemon = startDaemon(load);
    await expect.poll(() => visibleRows(load, 'read_uncommitted'), { timeout: 20_000 }).toBeGreaterThan(1000);
    await daemon.kill();

    expect(await visibleRows(load, 'read_uncommitted')).toBeGreaterThan(1000);
    expect(await visibleRows(load, 'read_committed')).toBe(0);

    await load.configure({});
    await finishLoad(load);
    await expectExactlyOnce(load, await load.check());
    expect(await visibleRows(load, 'read_uncommitted')).toBeGreaterThan(trades.rows);
  }, 60_000);

  it('is committed on SIGTERM in the middle of a file, and the next start goes on from there', async () => {
    const trades = { rows: 300_000, files: 1, seed: 23, badEvery: 1000 };
    const load = await newLoad({
      bootstrapServers: await behindSlowCommits(bootstrapServers),
      trades,
      feed: { 'transaction.boundary': 'poll' },
    });
    const first = startDaemon(load);
    await first.waitFor('transaction committed');
    expect(await first.stop()).toBe(0);

    expect(await load.waiting()).toEqual(load.files.map(({ name }) => name));
    const reached = lastCommit(first);
    expect(await visibleRows(load, 'read_uncommitted')).toBe(await visibleRows(load, 'read_committed'));

    const second = await finishLoad(load);
    const reading = second.lines.find(({ msg }) => msg === 'file reading');
    expect(reading).toMatchObject({ position: reached.position, row: reached.rows.read });
    await expectExactlyOnce(load, await load.check());
  }, 60_000);
});

describe('a dead-letter file', () => {
  it('holds each bad row once after kills at random', async () => {
    const trades = { rows: 400_000, files: 1, seed: 12, badEvery: 50 };
    const feed = {
      'transaction.boundary': 'poll',
      'errors.deadletterqueue.topic.name': null,
      'errors.deadletterqueue.file': './rejected.csv',
    };
    const load = await newLoad({ bootstrapServers: await behindSlowCommits(bootstrapServers), trades, feed });
    await killRepeatedly(load, { kills: 6, seed: 12, afterCommitMs: 20 });
    await finishLoad(load);
    await expectExactlyOnce(load, await load.check(['rejected.csv']));
  }, 120_000);
});

import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { sharedKafka } from '../support/stack.ts';
import { expectExactlyOnce, finishLoad, killRepeatedly, newLoad } from './support/loads.ts';

const { bootstrapServers } = await sharedKafka();

/** About one transaction a chunk of the file, so that many kills find one half done. */
const SHORT_TRANSACTIONS = { 'transaction.boundary.interval.ms': 20 };

describe('a daemon that is killed with SIGKILL over and over', () => {
  it('delivers each row once, in order, and each bad row to the dead-letter topic once', async () => {
    const trades = { rows: 90_000, files: 1, seed: 11, badEvery: 1000 };
    const load = await newLoad({ bootstrapServers, trades, feed: SHORT_TRANSACTIONS });
    await killRepeatedly(load, 9, 11);
    await finishLoad(load);
    await expectExactlyOnce(load, await load.check());
  }, 90_000);

  it('writes each bad row once to the dead-letter file', async () => {
    const trades = { rows: 60_000, files: 1, seed: 12, badEvery: 50 };
    const feed = {
      ...SHORT_TRANSACTIONS,
      'errors.deadletterqueue.topic.name': null,
      'errors.deadletterqueue.file': './rejected.csv',
    };
    const load = await newLoad({ bootstrapServers, trades, feed });
    await killRepeatedly(load, 6, 12);
    await finishLoad(load);
    await expectExactlyOnce(load, await load.check(['rejected.csv']));
    const names = await readdir(load.options.folder);
    expect(names.filter((name) => name.startsWith('rejected'))).toEqual(['rejected.csv']);
  }, 90_000);

  it('delivers several files through two tasks', async () => {
    const trades = { rows: 90_000, files: 8, seed: 13, badEvery: 1000 };
    const load = await newLoad({ bootstrapServers, trades, feed: { ...SHORT_TRANSACTIONS, 'tasks.max': 2 } });
    await killRepeatedly(load, 5, 13);
    const daemon = await finishLoad(load);
    await expectExactlyOnce(load, await load.check());
    const tasks = daemon.lines.filter(({ msg }) => msg === 'task running').map(({ task }) => task);
    expect(tasks.sort()).toEqual([0, 1]);
  }, 90_000);
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API, type Direction, type Gate } from '../chaos/kafka-proxy.ts';
import { KafkaProxies } from '../chaos/proxied-kafka.ts';
import { OPEN } from '../chaos/switch-gate.ts';
import type { TradesLoad } from '../chaos/trades-load.ts';
import { unraisedKafka } from '../support/stack.ts';
import { SLOW_COMMITS, SLOW_MS, Trap } from './support/gates.ts';
import {
  expectExactlyOnce,
  finishLoad,
  killRepeatedly,
  newLoad,
  startDaemon,
  visibleRows,
} from './support/loads.ts';

const TIMEOUT_MS = 90_000;

// Most other tests play on a cluster of the newer protocol of transactions.
let kafka: KafkaProxies;
let gate = OPEN;

beforeAll(async () => {
  const { bootstrapServers } = await unraisedKafka();
  kafka = await KafkaProxies.before(bootstrapServers, { pass: (...frame) => gate.pass(...frame) });
});

afterAll(() => kafka?.close());

function load(
  rows: number,
  seed: number,
  feed: Record<string, string | number>,
  files = 1,
): Promise<TradesLoad> {
  const trades = { rows, files, seed, badEvery: 1000 };
  return newLoad({ bootstrapServers: kafka.bootstrapServers, trades, feed });
}

describe('a daemon that is killed with SIGKILL at random', () => {
  const isCommitting = () => kafka.commitsUnderWay > 0;

  beforeEach(() => {
    gate = SLOW_COMMITS;
    return () => {
      gate = OPEN;
    };
  });

  it(
    'delivers each row once, in order, and each bad row to the dead-letter topic once',
    async () => {
      const trades = await load(300_000, 11, { 'transaction.boundary.interval.ms': 20 });
      await killRepeatedly(trades, { kills: 9, seed: 11, afterCommitMs: SLOW_MS * 2, isCommitting });
      await finishLoad(trades);
      await expectExactlyOnce(trades, await trades.check());
    },
    TIMEOUT_MS,
  );

  it(
    'delivers several files through two tasks',
    async () => {
      const feed = { 'transaction.boundary.interval.ms': 20, 'tasks.max': 2 };
      const trades = await load(300_000, 13, feed, 8);
      await killRepeatedly(trades, { kills: 6, seed: 13, afterCommitMs: SLOW_MS * 2, isCommitting });
      const daemon = await finishLoad(trades);
      await expectExactlyOnce(trades, await trades.check());
      const tasks = daemon.lines.filter(({ msg }) => msg === 'task running').map(({ task }) => task);
      expect(tasks.sort()).toEqual([0, 1]);
    },
    TIMEOUT_MS,
  );
});

describe('a daemon that is killed', () => {
  // The first transaction of a start is that by which the worker takes its feed over.
  const moments: [string, Direction, number, number][] = [
    ['before its partitions are added to a transaction', 'request', API.addPartitionsToTxn, 2],
    ['when the broker has added them', 'answer', API.addPartitionsToTxn, 4],
    ['between two sends of a transaction', 'request', API.produce, 4],
    ['before its commit reaches the broker', 'request', API.endTxn, 3],
    ['when the commit is done and the answer is on its way', 'answer', API.endTxn, 3],
  ];

  it.each(moments)(
    '%s delivers each row once after its restart',
    async (_, direction, apiKey, number) => {
      const trades = await load(20_000, 31, { 'transaction.boundary': 'poll' });
      await killAt(new Trap(direction, apiKey, number), trades);
      await finishLoad(trades);
      await expectExactlyOnce(trades, await trades.check());
    },
    TIMEOUT_MS,
  );

  it(
    'before the commit of a whole file shows none of its rows, and after it all of them',
    async () => {
      const trades = await load(20_000, 32, { 'transaction.boundary': 'file' });
      await killAt(new Trap('request', API.endTxn, 2), trades);
      expect(await visibleRows(trades, 'read_uncommitted')).toBeGreaterThan(19_000);
      expect(await visibleRows(trades, 'read_committed')).toBe(0);

      await killAt(new Trap('answer', API.endTxn, 2), trades);
      expect(await trades.waiting()).toHaveLength(1);
      expect(await visibleRows(trades, 'read_committed')).toBeGreaterThan(19_000);
      const daemon = await finishLoad(trades);
      expect(daemon.lines.filter(({ msg }) => msg === 'transaction committed')).toEqual([]);
      await expectExactlyOnce(trades, await trades.check());
    },
    TIMEOUT_MS,
  );
});

async function killAt(trap: Trap & Gate, trades: TradesLoad): Promise<void> {
  gate = trap;
  const daemon = startDaemon(trades);
  await Promise.race([trap.sprung.promise, daemon.waitFor('task failed', TIMEOUT_MS)]);
  await daemon.kill();
  gate = OPEN;
}

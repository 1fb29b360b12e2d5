import { describe, expect, it } from 'vitest';
import type { TradesLoad } from '../chaos/trades-load.ts';
import { sharedKafka } from '../support/stack.ts';
import { expectExactlyOnce, finishLoad, newLoad, startDaemon } from './support/loads.ts';

const { bootstrapServers } = await sharedKafka();

/** Longer than the test, shorter than the broker lets a transaction be: what is sent stays undecided. */
const ENDLESS_TRANSACTION = { 'transaction.boundary.interval.ms': 50_000 };

async function visibleRows(
  load: TradesLoad,
  isolation: 'read_committed' | 'read_uncommitted',
): Promise<number> {
  const reader = await load.reader(isolation);
  let rows = 0;
  await reader.readAll(({ topic }) => {
    if (topic === load.topic) rows++;
  });
  reader.close();
  return rows;
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

  it('of a whole file shows all of its rows or none', async () => {
    const trades = { rows: 150_000, files: 1, seed: 22, badEvery: 1000 };
    const load = await newLoad({ bootstrapServers, trades, feed: { 'transaction.boundary': 'file' } });
    for (let kill = 0; kill < 2; kill++) {
      const before = await visibleRows(load, 'read_uncommitted');
      const daemon = startDaemon(load);
      await expect
        .poll(() => visibleRows(load, 'read_uncommitted'), { timeout: 20_000, interval: 5 })
        .toBeGreaterThan(before);
      await daemon.kill();
      expect(await visibleRows(load, 'read_committed')).toBe(0);
    }
    await finishLoad(load);
    await expectExactlyOnce(load, await load.check());
  }, 60_000);

  it('is committed on SIGTERM in the middle of a file, and the next start goes on from there', async () => {
    const trades = { rows: 250_000, files: 1, seed: 23, badEvery: 1000 };
    const load = await newLoad({ bootstrapServers, trades });
    const first = startDaemon(load);
    await first.waitFor('transaction committed');
    expect(await first.stop()).toBe(0);

    expect(await load.waiting()).toEqual(load.files.map(({ name }) => name));
    const last = first.lines.findLast(({ msg }) => msg === 'transaction committed');
    const [reached] = last?.files as [{ position: number; rows: { read: number } }];
    expect(await visibleRows(load, 'read_uncommitted')).toBe(await visibleRows(load, 'read_committed'));

    const second = await finishLoad(load);
    const resumed = second.lines.find(({ msg }) => msg === 'file resumed');
    expect(resumed).toMatchObject({ position: reached.position, row: reached.rows.read });
    await expectExactlyOnce(load, await load.check());
  }, 60_000);
});

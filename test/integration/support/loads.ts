import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import type { Findings } from '../../chaos/checker.ts';
import { between } from '../../chaos/random.ts';
import { TradesLoad, type TradesLoadOptions } from '../../chaos/trades-load.ts';
import { uniqueName } from '../../support/stack.ts';
import type { HeadraceProcess } from './headrace-process.ts';

/** A load whose files and processes end with the test. */
export async function newLoad(
  options: Pick<TradesLoadOptions, 'bootstrapServers' | 'trades' | 'feed'>,
): Promise<TradesLoad> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-load-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return TradesLoad.prepare({ ...options, folder, name: uniqueName('load') });
}

/** Starts the daemon for one test. */
export function startDaemon(load: TradesLoad): HeadraceProcess {
  const daemon = load.start();
  onTestFinished(() => daemon.kill());
  return daemon;
}

export interface Kills {
  readonly kills: number;
  readonly seed: number;
  /** At most so long after the first commit. */
  readonly afterCommitMs: number;
  /** Tells when a commit is under way: kills after the first commit then wait for one. */
  readonly isCommitting?: () => boolean;
}

/**
 * Kills the daemon at moments that the seed chooses: while it starts, after it has begun to read, and after its first
 * commit. Every third life at least gets as far as that, so the load goes on on a slow machine, too.
 */
export async function killRepeatedly(
  load: TradesLoad,
  { kills, seed, afterCommitMs, isCommitting = () => true }: Kills,
): Promise<void> {
  const random = seededRandom(seed);
  for (let kill = 0; kill < kills; kill++) {
    const daemon = startDaemon(load);
    const committed = daemon.waitFor('transaction committed');
    const reading = daemon.waitFor('file reading');
    for (const line of [committed, reading]) line.catch(() => {});
    if (kill % 3 === 0) await delay(between(random, 300, 900));
    else if (kill % 3 === 1)
      await reading.then(() => Promise.race([committed, delay(between(random, 0, 300))]));
    else {
      await committed;
      while (!isCommitting()) await delay(1);
      await delay(between(random, 0, afterCommitMs));
    }
    expect(await load.waiting(), `the load was done before kill ${kill + 1}`).not.toEqual([]);
    await daemon.kill();
  }
}

/** Lets the daemon finish in peace and stop as it should. */
export async function finishLoad(load: TradesLoad): Promise<HeadraceProcess> {
  const daemon = startDaemon(load);
  // There may be nothing left to do, and who is told to stop before it listens is ended by that.
  await daemon.waitFor('worker started', 60_000);
  const isFailed = () => daemon.lines.find(({ msg }) => msg === 'task failed');
  await expect.poll(() => isFailed() ?? load.waiting(), { timeout: 30_000, interval: 50 }).toEqual([]);
  expect(await daemon.stop()).toBe(0);
  return daemon;
}

/** Every row once and in order, every bad row once where bad rows go, every file at its end and put away. */
export async function expectExactlyOnce(load: TradesLoad, findings: Findings): Promise<void> {
  expect(findings.examples).toEqual([]);
  expect(findings.deadLettersExpected).toBeGreaterThan(0);
  expect(findings.deadLetters).toBe(findings.deadLettersExpected);
  expect(findings.delivered + findings.deadLetters).toBe(load.options.trades.rows);
  expect(findings.filesAtEnd).toBe(load.files.length);
  expect(await load.finished()).toEqual(load.files.map(({ name }) => name));
}

/** Rows in the topic as a reader of that isolation sees it now, dead letters left out. */
export async function visibleRows(
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

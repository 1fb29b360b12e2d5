import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaProxy } from '../../test/chaos/kafka-proxy.ts';
import { between, type Random } from '../../test/chaos/random.ts';
import type { TradesLoad } from '../../test/chaos/trades-load.ts';
import type { HeadraceProcess } from '../../test/integration/support/headrace-process.ts';
import type { Pace } from './pace.ts';
import type { Progress } from './progress.ts';

const LEAST_MS = 1000;
const MOST_MS = 3000;
/** After so many lives without a commit the machine is too slow for them: each gets twice the time of the one before. */
const PATIENCE = 4;
const LOOK_MS = 50;
/** Without a commit for so long, nothing will come any more. */
const STUCK_MS = 120_000;

export interface KillingOptions {
  readonly load: TradesLoad;
  readonly proxy: KafkaProxy;
  readonly pace: Pace;
  readonly progress: Progress;
  readonly random: Random;
  /** null: until the load is done. */
  readonly kills: number | null;
  readonly start: () => HeadraceProcess;
  readonly say: (words: string) => void;
}

export interface KillingResult {
  readonly kills: number;
  readonly insideCommit: number;
  /** For each life that came so far: from its start to its first commit, in milliseconds. */
  readonly firstCommitMs: readonly number[];
  /** What the daemon did that it should not have; null when it stopped as it was told to. */
  readonly fault: string | null;
}

/** Starts the daemon and kills it, again and again, until every file is put away; then stops it. */
export async function killUntilDone(options: KillingOptions): Promise<KillingResult> {
  const { pace, progress, proxy, random, say, start } = options;
  const firstCommitMs: number[] = [];
  let [kills, insideCommit, livesInVain] = [0, 0, 0];
  for (;;) {
    pace.begin(kills);
    const before = progress.commits;
    const worker = start();
    const first = worker.waitFor('transaction committed', 2 ** 30);
    first.then(() => firstCommitMs.push(performance.now() - worker.startedAt)).catch(() => {});
    const mayKill = options.kills === null || kills < options.kills;
    // A number of kills comes to its end anyhow, and its lives are held back on purpose.
    const patience = options.kills === null ? 2 ** Math.max(0, livesInVain - PATIENCE) : 1;
    const lifeMs = mayKill ? between(random, LEAST_MS, MOST_MS) * patience : Number.POSITIVE_INFINITY;
    const end = await outlive(worker, options, lifeMs);
    if (end !== 'alive') {
      const code = await worker.stop();
      const fault = end === 'done' && code === 0 ? null : `${end}; its exit code is ${code}`;
      return { kills, insideCommit, firstCommitMs, fault };
    }
    const isInside = proxy.commitsUnderWay > 0;
    await worker.kill();
    kills++;
    if (isInside) insideCommit++;
    livesInVain = progress.commits > before ? 0 : livesInVain + 1;
    say(
      `kill ${kills} after ${Math.round(lifeMs)} ms${isInside ? ', inside a commit' : ''}: row ${progress.rows}`,
    );
  }
}

type End = 'alive' | 'done' | 'the daemon ended by itself' | 'a task failed' | 'the daemon does nothing';

/** What has happened when the process has lived for so long, or before. */
async function outlive(
  worker: HeadraceProcess,
  { load, progress }: KillingOptions,
  lifeMs: number,
): Promise<End> {
  const endAt = worker.startedAt + lifeMs;
  let moved = { commits: progress.commits, at: performance.now() };
  for (;;) {
    await delay(Math.max(0, Math.min(LOOK_MS, endAt - performance.now())));
    const now = performance.now();
    if (worker.hasExited) return 'the daemon ended by itself';
    if ((await load.waiting()).length === 0) return 'done';
    if (worker.lines.some(({ msg }) => msg === 'task failed')) return 'a task failed';
    if (now >= endAt) return 'alive';
    if (progress.commits > moved.commits) moved = { commits: progress.commits, at: now };
    if (now - moved.at > STUCK_MS) return 'the daemon does nothing';
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../src/testing/seeded-random.ts';
import type { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import type { KafkaProxies } from '../proxied-kafka.ts';
import { between } from '../random.ts';
import type { Trial } from '../trial.ts';
import type { KillMoment } from './kill-plan.ts';
import type { Pace } from './pace.ts';

const LOOK_MS = 20;
/** Without a commit for so long, nothing will come any more. */
const STUCK_MS = 180_000;

export interface KillingOptions {
  readonly trial: Trial;
  readonly proxies: KafkaProxies;
  readonly pace: Pace;
  readonly random: Random;
  readonly plan: readonly KillMoment[];
  /** A task that is started again more often does not get on. */
  readonly mostRestarts: number;
  /** How long a process lives, at least and at most, in milliseconds. */
  readonly lifeMs: readonly [number, number];
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

/** Starts the daemon and kills it, again and again by plan, then lets it finish and stops it. */
export async function killByPlan(options: KillingOptions): Promise<KillingResult> {
  const { pace, plan, proxies, random, say, start, trial } = options;
  const firstCommitMs: number[] = [];
  let [kills, insideCommit] = [0, 0];
  for (;;) {
    const moment = plan[kills];
    pace.begin(moment === undefined || moment === 'instant' ? null : moment);
    const worker = start();
    const first = worker.waitFor('transaction committed', 2 ** 30);
    first.then(() => firstCommitMs.push(performance.now() - worker.startedAt)).catch(() => {});
    const lifeMs = moment === undefined ? Number.POSITIVE_INFINITY : between(random, ...options.lifeMs);
    const end = await outlive(worker, options, lifeMs, moment);
    if (end !== 'alive') {
      const code = await worker.stop();
      const fault = end === 'done' && code === 0 ? null : `${end}; its exit code is ${code}`;
      return { kills, insideCommit, firstCommitMs, fault };
    }
    const isInside = proxies.commitsUnderWay > 0;
    await worker.kill();
    kills++;
    if (isInside) insideCommit++;
    const after = Math.round(performance.now() - worker.startedAt);
    say(`kill ${kills} after ${after} ms${isInside ? ', inside a commit' : ''}: row ${trial.progress.rows}`);
  }
}

type End =
  | 'alive'
  | 'done'
  | 'the daemon ended by itself'
  | 'a task failed'
  | 'a task starts again and again'
  | 'the daemon does nothing';

/** What has happened when the moment of the kill has come, or before. */
async function outlive(
  worker: HeadraceProcess,
  { pace, trial, mostRestarts }: KillingOptions,
  lifeMs: number,
  moment: KillMoment | undefined,
): Promise<End> {
  const { load, progress } = trial;
  const endAt = worker.startedAt + lifeMs;
  let moved = { commits: progress.commits, at: performance.now() };
  for (;;) {
    await delay(Math.max(1, Math.min(LOOK_MS, endAt - performance.now())));
    const now = performance.now();
    if (worker.hasExited) return 'the daemon ended by itself';
    if ((await load.waiting()).length === 0) return 'done';
    if (worker.lines.some(({ msg }) => msg === 'task failed')) return 'a task failed';
    if (trial.restarts > mostRestarts) return 'a task starts again and again';
    if (now >= endAt) {
      if (moment === 'instant' || pace.isHeld) return 'alive';
      pace.aim();
    }
    if (progress.commits > moved.commits) moved = { commits: progress.commits, at: now };
    if (now - moved.at > STUCK_MS) return 'the daemon does nothing';
  }
}

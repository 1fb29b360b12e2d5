import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../../src/testing/seeded-random.ts';
import { setQuotas } from '../client-quotas.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { between } from '../random.ts';
import { Trial } from '../trial.ts';

const QUOTA_ROWS = 4800;
/** Less than the silence that a quota brings. */
const REQUEST_TIMEOUT_MS = 1500;
const CLOCK_ROWS = 120_000;
const CLOCK_STEPS = 6;
const STEP_MS = 700;
const HOUR_MS = 3_600_000;
const STEPPED_CLOCK = fileURLToPath(new URL('../preloads/stepped-clock.ts', import.meta.url));

export const CLUSTER_CHANGE_FAULTS: readonly Fault[] = [
  {
    name: 'quota',
    doc: 'a produce quota lets the load through slowly: it goes on at that pace, without a restart',
    brokers: 1,
    play: playQuota,
  },
  {
    name: 'clock-steps',
    doc: "the worker's clock steps by hours, forwards and backwards, while rows flow",
    play: playClockSteps,
  },
];

async function playQuota(ground: Ground): Promise<Outcome> {
  const trial = await Trial.begin(ground, {
    rows: QUOTA_ROWS,
    worker: { 'client.id': ground.name, 'request.timeout.ms': REQUEST_TIMEOUT_MS },
    feed: { 'transforms.route.partition': 0 },
  });
  const rate = Math.round(between(ground.random, 70_000, 82_000));
  try {
    await setQuotas(ground.proxies.behind, ground.name, { producer_byte_rate: rate });
    const daemon = trial.start();
    await trial.delivered(daemon);
    const wrong = trial.restarts === 0 ? [] : [`${trial.restarts} restarts`];
    if (!daemon.lines.some(({ msg }) => msg === 'throttled by a quota of Kafka'))
      wrong.push('no throttle was told');
    await setQuotas(ground.proxies.behind, ground.name, { producer_byte_rate: null });
    return await trial.finish(daemon, [['bytes a second', rate]], wrong);
  } finally {
    await trial.close();
  }
}

/** A step of less than an hour is nobody's trouble; with one of more, brokers refuse what is stamped by that clock. */
async function playClockSteps(ground: Ground): Promise<Outcome> {
  const { random, say } = ground;
  const trial = await Trial.begin(ground, {
    rows: CLOCK_ROWS,
    files: CLOCK_STEPS,
    staged: true,
    feed: { 'transaction.boundary': random() < 0.5 ? 'poll' : 'interval' },
  });
  const clock = trial.load.path('clock');
  const steps = stepsOf(random);
  try {
    await setClock(clock, 0);
    const daemon = trial.start({ NODE_OPTIONS: `--import ${STEPPED_CLOCK}`, CHAOS_CLOCK: clock });
    await daemon.waitFor('worker started');
    for (const [index, file] of trial.load.files.entries()) {
      const offsetMs = steps[index] as number;
      await setClock(clock, offsetMs);
      say(`the clock is off by ${(offsetMs / HOUR_MS).toFixed(1)} hours`);
      // Before a file is there, or while it is read.
      await delay(random() < 0.5 ? 0 : between(random, 0, STEP_MS));
      await trial.load.drop(file);
      await delay(between(random, 0, STEP_MS));
    }
    await setClock(clock, 0);
    await trial.delivered(daemon);
    return await trial.finish(daemon, [['steps', CLOCK_STEPS]]);
  } finally {
    await trial.close();
  }
}

/** For each file; one of more than an hour forwards at least, and one back. */
function stepsOf(random: Random): number[] {
  const steps = Array.from({ length: CLOCK_STEPS }, () => stepOf(random));
  const at = Math.floor(random() * (CLOCK_STEPS - 1));
  steps[at] = Math.round(between(random, 1.1 * HOUR_MS, 30 * HOUR_MS));
  steps[at + 1] = Math.round(between(random, -30 * HOUR_MS, 0));
  return steps;
}

/** Half of them less than an hour, either way. */
function stepOf(random: Random): number {
  const size = random() < 0.5 ? between(random, 0, HOUR_MS * 0.9) : between(random, HOUR_MS, 30 * HOUR_MS);
  return Math.round(random() < 0.5 ? size : -size);
}

async function setClock(path: string, offsetMs: number): Promise<void> {
  await writeFile(`${path}.new`, String(offsetMs));
  await rename(`${path}.new`, path);
}

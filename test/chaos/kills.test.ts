import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { type KillsWish, playKills } from './faults/kill-faults.ts';
import { type KillMoment, killPlan } from './kills/kill-plan.ts';
import { factOf, sharedGround } from './support.ts';

const TIMEOUT_MS = 400_000;
/** So many milliseconds make a transaction of several sends, so that a late commit can fall into the middle of one. */
const LONG_TRANSACTION_MS = 400;
const SHORT_TRANSACTION_MS = 100;

function wish(
  plan: readonly KillMoment[],
  intervalMs: number,
  env: Readonly<Record<string, string>> = {},
): KillsWish {
  const feed = { 'transaction.boundary.interval.ms': intervalMs };
  return { plan, brokerKills: 0, lifeMs: [400, 1100], files: 2, requestTimeoutMs: 1000, feed, env };
}

describe.concurrent('a worker that is killed 10 times', () => {
  it.for([
    ['at random', 71, 0, 0],
    ['at random, in commits and behind late ones', 72, 5, 2],
  ] as const)(
    '%s delivers each row once and in order',
    { timeout: TIMEOUT_MS },
    async ([, seed, inCommit, late], context) => {
      const ground = await sharedGround(context, seed, { rows: 500_000 });
      const plan = [...killPlan(10 - late, inCommit, seededRandom(seed)), ...Array(late).fill('late')];
      const outcome = await playKills(ground, wish(plan, SHORT_TRANSACTION_MS));
      expect(outcome.wrong).toEqual([]);
      expect(factOf(outcome, 'kills')).toBe(10);
      expect(factOf(outcome, '  inside a commit')).toBeGreaterThanOrEqual(inCommit);
    },
  );
});

describe.concurrent('the checker finds, within 50 kills, a worker that', () => {
  const SEVERE: readonly KillMoment[] = ['commit', 'late', 'answer', 'commit', 'late'];
  const PLAIN: readonly KillMoment[] = ['instant'];

  it.for([
    [
      'writes its offsets outside of the transaction',
      'offset-outside-transaction',
      'TV2',
      SEVERE,
      /row duplicated: /,
    ],
    ['repeats a commit after a timeout', 'commit-repeated', 'old', SEVERE, /row duplicated: /],
    ['reads offsets that are not committed', 'offsets-uncommitted', 'TV2', SEVERE, /row lost: /],
    ['counts on in the next transaction', 'sequence-not-reset', 'TV2', PLAIN, /starts again and again/],
    ['keeps the epoch of the transaction before', 'epoch-ignored', 'TV2', PLAIN, /a task failed/],
  ] as const)('%s', { timeout: TIMEOUT_MS }, async ([, plant, protocol, plan, sign], context) => {
    const preload = fileURLToPath(new URL(`./plants/${plant}.ts`, import.meta.url));
    const env = { NODE_OPTIONS: `--import ${preload}` };
    const [rows, intervalMs] = plan === PLAIN ? [60_000, 20] : [150_000, LONG_TRANSACTION_MS];
    let found: string | undefined;
    for (let kills = 0; kills < 50 && found === undefined; kills += plan.length) {
      const ground = await sharedGround(context, 80 + kills, { rows, built: false }, protocol);
      const { wrong } = await playKills(ground, wish(plan, intervalMs, env));
      found = wrong.find((each) => sign.test(each));
    }
    expect(found).toMatch(sign);
  });
});

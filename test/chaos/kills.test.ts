import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type KillsWish, playKills } from './faults/kill-faults.ts';
import type { Outcome } from './ground.ts';
import { type KillMoment, killPlan } from './kills/kill-plan.ts';
import { seededRandom } from './random.ts';
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
  it.for([
    ['writes its offsets outside of the transaction', 'offset-outside-transaction', 'duplicated'],
    ['repeats a commit after a timeout', 'commit-repeated', 'duplicated'],
    ['reads offsets that are not committed', 'offsets-uncommitted', 'lost'],
  ] as const)('%s', { timeout: TIMEOUT_MS }, async ([, plant, problem], context) => {
    const preload = fileURLToPath(new URL(`./plants/${plant}.ts`, import.meta.url));
    const plan: KillMoment[] = ['commit', 'late', 'answer', 'commit', 'late'];
    let found: Outcome | null = null;
    for (
      let kills = 0;
      kills < 50 && (found === null || factOf(found, problem) === 0);
      kills += plan.length
    ) {
      const ground = await sharedGround(context, 80 + kills, { rows: 150_000, built: false });
      found = await playKills(
        ground,
        wish(plan, LONG_TRANSACTION_MS, { NODE_OPTIONS: `--import ${preload}` }),
      );
    }
    expect(factOf(found as Outcome, problem)).toBeGreaterThan(0);
    expect((found as Outcome).wrong.join('\n')).toContain(`row ${problem}: `);
  });
});

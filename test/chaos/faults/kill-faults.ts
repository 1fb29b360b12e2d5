import { seededRandom } from '../../../src/testing/seeded-random.ts';
import type { Lines } from '../feed-lines.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { BrokerKills } from '../kills/broker-kills.ts';
import { type KillMoment, killPlan } from '../kills/kill-plan.ts';
import { killByPlan } from '../kills/killing.ts';
import { Pace } from '../kills/pace.ts';
import type { LoadPlace } from '../load-place.ts';
import { OPEN } from '../switch-gate.ts';
import { Trial } from '../trial.ts';

export interface KillsWish {
  readonly plan: readonly KillMoment[];
  readonly brokerKills: number;
  readonly lifeMs: readonly [number, number];
  readonly files: number;
  readonly requestTimeoutMs?: number;
  /** Of the daemon's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly feed?: Lines;
  /** Where the files are; not set: in a drop folder. */
  readonly place?: LoadPlace;
  /** Files of many sizes, every other one of them compressed. */
  readonly isMixed?: boolean;
}

const REQUEST_TIMEOUT_MS = 15_000;
const LIFE_MS = [1000, 3000] as const;
/** A kill, of a broker too, may end a few transactions; more is a task that does not get on. */
const RESTARTS_PER_KILL = 4;

export const KILL_FAULTS: readonly Fault[] = [
  {
    name: 'kill',
    doc: 'SIGKILL of the worker at random instants',
    times: 10,
    play: (ground) => playKills(ground, wishOf(ground, 0, 0)),
  },
  {
    name: 'kill-in-commit',
    doc: 'SIGKILL of the worker while a commit is on its way, or its answer',
    times: 10,
    play: (ground) => playKills(ground, wishOf(ground, ground.wishes.times, 0)),
  },
  {
    name: 'kill-everything',
    doc: 'SIGKILL of the worker, a third of them in a commit, and of a broker with every fifteenth',
    brokers: 3,
    times: 30,
    long: true,
    play: (ground) => {
      const { times } = ground.wishes;
      return playKills(ground, wishOf(ground, Math.ceil(times / 3), Math.floor(times / 15)));
    },
  },
];

function wishOf({ wishes, random }: Ground, inCommit: number, brokerKills: number): KillsWish {
  return { plan: killPlan(wishes.times, inCommit, random), brokerKills, lifeMs: LIFE_MS, files: 3 };
}

/** Kills the worker, and brokers meanwhile, through one load; the gate sees to it that the load outlasts the kills. */
export async function playKills(ground: Ground, wish: KillsWish): Promise<Outcome> {
  const { cluster, gate, proxies, random, say, seed, wishes } = ground;
  const trial = await Trial.begin(ground, {
    rows: wishes.rows,
    files: wish.files,
    ...(wish.place === undefined ? {} : { place: wish.place }),
    isMixed: wish.isMixed ?? false,
    feed: { 'transaction.boundary.interval.ms': 50, ...wish.feed },
    worker: { 'request.timeout.ms': wish.requestTimeoutMs ?? REQUEST_TIMEOUT_MS },
  });
  const { load, progress } = trial;
  const brokerKills =
    cluster === null || wish.brokerKills === 0
      ? null
      : new BrokerKills({
          cluster,
          topics: [load.topic, load.deadLetterTopic, '__transaction_state'],
          random: seededRandom(seed + 2),
          times: wish.brokerKills,
          say,
        });
  let kills = 0;
  const share = () => {
    if (kills >= wish.plan.length && (brokerKills?.done ?? 0) >= wish.brokerKills)
      return Number.POSITIVE_INFINITY;
    const ofBrokers = ((brokerKills?.done ?? 0) + 1) / (wish.brokerKills + 1);
    return Math.min((kills + 1) / (wish.plan.length + 1), ofBrokers);
  };
  const pace = new Pace({ rows: wishes.rows, random: seededRandom(seed + 1), progress, share });
  gate.current = pace;
  const over = new AbortController();
  const brokersKilled = brokerKills?.run(over.signal) ?? Promise.resolve();
  brokersKilled.catch(() => over.abort());
  try {
    const began = performance.now();
    const result = await killByPlan({
      trial,
      proxies,
      pace,
      random,
      plan: wish.plan,
      lifeMs: wish.lifeMs,
      mostRestarts: RESTARTS_PER_KILL * (wish.plan.length + wish.brokerKills),
      start: () => trial.start(wish.env),
      say: (words) => {
        kills++;
        say(words);
      },
    });
    over.abort();
    await brokersKilled;
    const wrong = result.fault === null ? [] : [result.fault];
    if (result.kills < wish.plan.length)
      wrong.push(`the load was done after ${result.kills} kills; give it more rows`);
    const first = result.firstCommitMs.toSorted((one, other) => one - other);
    return await trial.finish(
      null,
      [
        ['kills', result.kills],
        ['  inside a commit', result.insideCommit],
        ['broker kills', brokerKills?.done ?? 0],
        ['seconds', Math.round((performance.now() - began) / 1000)],
        ['start to first commit, median ms', Math.round(first[Math.floor(first.length / 2)] ?? 0)],
      ],
      wrong,
    );
  } finally {
    over.abort();
    await trial.close();
    gate.current = OPEN;
  }
}

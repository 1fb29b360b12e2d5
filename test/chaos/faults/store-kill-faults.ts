import { setTimeout as delay } from 'node:timers/promises';
import { type HttpFault, type Match, resetAfter, SILENCE } from '../../support/http-faults.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { killPlan } from '../kills/kill-plan.ts';
import { between } from '../random.ts';
import { isCopy, isRemoval } from '../remote/bucket-requests.ts';
import { putAway, RemoteLoad } from '../remote/remote-load.ts';
import {
  BUCKETS,
  type BucketPlace,
  bucketPlace,
  type RemotePlace,
  remotePlace,
  STORES,
} from '../remote/remote-place.ts';
import { OPEN } from '../switch-gate.ts';
import { Trial } from '../trial.ts';
import { playKills } from './kill-faults.ts';

const TASKS = 2;
const FILES = 6;
const LIFE_MS = [1200, 3500] as const;
const ROWS_PER_FILE = 2000;
const SPOT_ROWS = 100_000;
const NOTICE_MS = 600;
const SLOW_FRAME_MS = 100;
/** Of a file that is delivered: longer than it takes to put it away. */
const FINISHING_MS = 60;
/** For a worker to start and load a file on a machine that has other work. */
export const PATIENCE_MS = 120_000;

export const STORE_KILL_FAULTS: readonly Fault[] = [
  ...STORES.flatMap((kind): Fault[] => [
    {
      name: `${kind}-kill`,
      doc: `SIGKILL at random instants, a third of them in a commit, while ${TASKS} tasks load files of many sizes, plain and compressed`,
      times: 10,
      play: async (ground) => withPlace(await remotePlace(kind, ground), (place) => playLoad(ground, place)),
    },
    {
      name: `${kind}-kill-finishing`,
      doc: 'SIGKILL right after a file is delivered, while it is put away',
      times: 6,
      play: async (ground) =>
        withPlace(await remotePlace(kind, ground), (place) => playFinishing(ground, place)),
    },
    {
      name: `${kind}-spot`,
      doc: 'SIGTERM and, by chance before the worker has ended, SIGKILL, again and again, while brokers are slow',
      times: 4,
      play: async (ground) => withPlace(await remotePlace(kind, ground), (place) => playSpot(ground, place)),
    },
  ]),
  ...BUCKETS.map(
    (kind): Fault => ({
      name: `${kind}-kill-moving`,
      doc: 'SIGKILL between the copy of a delivered file and its removal, each before it is done and after',
      times: 4,
      play: async (ground) =>
        withPlace(await bucketPlace(kind, ground), (place) => playMoving(ground, place)),
    }),
  ),
];

/** What is done at a place, which is given up in the end. */
export async function withPlace<Place extends RemotePlace>(
  place: Place,
  play: (place: Place) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await play(place);
  } finally {
    place.close();
  }
}

function playLoad(ground: Ground, place: RemotePlace): Promise<Outcome> {
  const { times } = ground.wishes;
  return playKills(ground, {
    plan: killPlan(times, Math.ceil(times / 3), ground.random),
    brokerKills: 0,
    lifeMs: LIFE_MS,
    files: FILES,
    isMixed: true,
    place: new RemoteLoad(place),
    feed: { 'tasks.max': TASKS },
  });
}

/** As a machine is taken away that was rented for less: it is told so, and has some time. */
async function playSpot(ground: Ground, place: RemotePlace): Promise<Outcome> {
  const { gate, random, wishes } = ground;
  const load = new RemoteLoad(place);
  const feed = { 'tasks.max': TASKS, 'transaction.boundary.interval.ms': 50 };
  const trial = await Trial.begin(ground, {
    rows: SPOT_ROWS,
    files: FILES,
    isMixed: true,
    place: load,
    feed,
  });
  let killed = 0;
  gate.current = { pass: () => delay(between(random, 0, SLOW_FRAME_MS)) };
  try {
    for (let time = 0; time < wishes.times && (await load.waiting()).length > 0; time++) {
      const daemon = trial.start();
      await daemon.waitFor('task running', PATIENCE_MS);
      await delay(between(random, ...LIFE_MS));
      daemon.signal('SIGTERM');
      await delay(between(random, 0, NOTICE_MS));
      if (!daemon.hasExited) killed++;
      await daemon.kill();
    }
    const daemon = trial.start();
    await putAway(load);
    return await trial.finish(daemon, [['killed before they had ended', killed]]);
  } finally {
    gate.current = OPEN;
    await trial.close();
  }
}

/** Files come one by one, and the worker is killed over each. */
async function playEach(
  ground: Ground,
  load: RemoteLoad,
  kill: (round: { readonly trial: Trial; readonly drop: () => Promise<void> }) => Promise<void>,
): Promise<Outcome> {
  const { times } = ground.wishes;
  const trial = await Trial.begin(ground, {
    rows: ROWS_PER_FILE * times,
    files: times,
    isMixed: true,
    staged: true,
    place: load,
  });
  let inTheMiddle = 0;
  try {
    for (const file of trial.load.files) {
      await kill({ trial, drop: () => trial.load.drop(file) });
      if ((await load.waiting()).length > 0) inTheMiddle++;
      const daemon = trial.start();
      await putAway(load);
      await daemon.kill();
    }
    const facts = [
      ['kills', 2 * times],
      ['  before it was put away', inTheMiddle],
    ] as const;
    return await trial.finish(null, facts);
  } finally {
    await trial.close();
  }
}

export function playFinishing(ground: Ground, place: RemotePlace): Promise<Outcome> {
  return playEach(ground, new RemoteLoad(place), async ({ trial, drop }) => {
    const daemon = trial.start();
    await drop();
    await daemon.waitFor('file delivered', PATIENCE_MS);
    await delay(between(ground.random, 0, FINISHING_MS));
    await daemon.kill();
  });
}

function playMoving(ground: Ground, place: BucketPlace): Promise<Outcome> {
  const { http } = place;
  const moments: readonly [string, Match, HttpFault][] = [
    ['before the copy', isCopy, SILENCE],
    ['behind the copy', isCopy, resetAfter(0)],
    ['before the removal', isRemoval, SILENCE],
    ['behind the removal', isRemoval, resetAfter(0)],
  ];
  let round = Math.floor(ground.random() * moments.length);
  return playEach(ground, new RemoteLoad(place), async ({ trial, drop }) => {
    const [name, match, fault] = moments[round++ % moments.length] as (typeof moments)[number];
    const before = http.count(match);
    http.plan(fault, match);
    const daemon = trial.start();
    await drop();
    await reached(() => http.count(match) > before, name);
    await delay(between(ground.random, 0, FINISHING_MS));
    await daemon.kill();
    http.mend();
    ground.say(`killed ${name}`);
  });
}

/** Waits until it is so. */
export async function reached(isSo: () => boolean, what: string, patienceMs = PATIENCE_MS): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > giveUpAt) throw new Error(`${what}: it did not come to that`);
    await delay(5);
  }
}

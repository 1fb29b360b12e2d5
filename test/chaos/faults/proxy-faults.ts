import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { API } from '../kafka-proxy.ts';
import { OPEN, Strike } from '../switch-gate.ts';
import { Trial } from '../trial.ts';
import { ArmedStrike, STRIKES, type StrikeKind } from './strikes.ts';

/** Some transactions of a batch each. */
const ROWS_PER_STRIKE = 9000;
const REQUEST_TIMEOUT_MS = 1000;
/** A strike makes the task start again once, and whoever is unlucky meets the end of its wait as well. */
const RESTARTS_PER_STRIKE = 4;
const UNRESPONSIVE_MS = 3000;
const SLOW_FRAME_MS = 100;

export const PROXY_FAULTS: readonly Fault[] = [
  ...STRIKES.map((kind) => ({
    name: kind.name,
    doc: kind.doc,
    times: 3,
    ...(kind.protocol === undefined ? {} : { protocol: kind.protocol }),
    play: (ground: Ground) => playStrikes(ground, Array(ground.wishes.times).fill(kind)),
  })),
  {
    name: 'black-hole',
    doc: 'every connection falls silent for three seconds, then all of it goes on',
    times: 2,
    play: (ground) => playTimes(ground, blackHole),
  },
  {
    name: 'slow',
    doc: 'every frame takes a tenth of a second, for three seconds',
    times: 2,
    play: (ground) => playTimes(ground, slow),
  },
  {
    name: 'cut-all',
    doc: 'every connection is cut in the middle of a load',
    times: 3,
    play: (ground) => playTimes(ground, cutAll),
  },
];

/** Plays one strike after another, each on a file of its own, so that each is seen to be survived. */
export async function playStrikes(ground: Ground, kinds: readonly StrikeKind[]): Promise<Outcome> {
  let kind = 0;
  return playOnFiles(ground, kinds.length, async () => {
    await strike(ground, kinds[kind++] as StrikeKind);
  });
}

function playTimes(ground: Ground, act: (ground: Ground) => Promise<void>): Promise<Outcome> {
  return playOnFiles(ground, ground.wishes.times, () => act(ground));
}

/** Drops a file, does something, and waits until the file is delivered; again and again. */
async function playOnFiles(ground: Ground, times: number, act: () => Promise<void>): Promise<Outcome> {
  const trial = await Trial.begin(ground, {
    rows: ROWS_PER_STRIKE * times,
    files: times,
    staged: true,
    worker: { 'request.timeout.ms': REQUEST_TIMEOUT_MS },
    feed: { 'transaction.boundary': 'poll' },
  });
  try {
    const daemon = trial.start();
    await daemon.waitFor('task running');
    for (const file of trial.load.files) {
      const acted = act();
      await trial.load.drop(file);
      await acted;
      await trial.delivered(daemon);
      ground.gate.current = OPEN;
    }
    const hot = trial.restarts > times * RESTARTS_PER_STRIKE;
    const wrong = hot ? [`the task was started again ${trial.restarts} times`] : [];
    return await trial.finish(daemon, [['played', times]], wrong);
  } finally {
    await trial.close();
    ground.gate.current = OPEN;
  }
}

/** Resolves when the strike has been made. */
async function strike({ gate, random, say }: Ground, kind: StrikeKind): Promise<void> {
  const armed = new ArmedStrike(kind, random);
  if (kind.atStart) {
    // Requests of a task's start are only seen when it starts: a lost commit makes it do so.
    const trigger = new Strike('answer', API.endTxn, 2, (link) => {
      gate.current = armed;
      link.cut();
    });
    gate.current = trigger;
  } else gate.current = armed;
  await armed.struck;
  say(kind.name);
}

async function blackHole({ gate, say }: Ground): Promise<void> {
  await middleOfLoad(gate);
  say('black hole');
  const end = delay(UNRESPONSIVE_MS);
  gate.current = { pass: () => end };
  await end;
  gate.current = OPEN;
}

async function slow({ gate, say }: Ground): Promise<void> {
  await middleOfLoad(gate);
  say('slow');
  gate.current = { pass: () => delay(SLOW_FRAME_MS) };
  await delay(UNRESPONSIVE_MS);
  gate.current = OPEN;
}

async function cutAll({ gate, proxies, random, say }: Ground): Promise<void> {
  await middleOfLoad(gate);
  await delay(random() * 50);
  say('cut all');
  proxies.cutAll();
}

/** The first commit of a worker may be that by which it takes its feed over. */
async function middleOfLoad(gate: Ground['gate']): Promise<void> {
  const seen = new Strike('request', API.endTxn, 2, () => {});
  gate.current = seen;
  await seen.struck.promise;
}

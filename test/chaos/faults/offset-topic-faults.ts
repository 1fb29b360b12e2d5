import { setTimeout as delay } from 'node:timers/promises';
import type { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { between } from '../random.ts';
import { Trial } from '../trial.ts';

const ROWS = 160_000;
const FILES = 7;
const KILLS = 4;
const MOST_COMMITS = 4;
const MOST_NEW_PARTITIONS = 9;
const STUCK_MS = 60_000;
/** Whoever has work commits within it. */
const IDLE_MS = 3000;
const FEED = { 'finished.path': null, 'transaction.boundary.interval.ms': 20 };

export const OFFSET_TOPIC_FAULTS: readonly Fault[] = [
  {
    name: 'offsets-topic-grown',
    doc: 'the offset topic gets partitions between and under kills of the worker; files are left in place',
    play: playGrown,
  },
];

/**
 * Files are taken oldest first, so that the end of the newest is the end of all: one more comes for the end of the load,
 * and one for the end of a start that finds everything delivered.
 */
async function playGrown(ground: Ground): Promise<Outcome> {
  const trial = await Trial.begin(ground, { rows: ROWS, files: FILES, staged: true, feed: FEED });
  const last = trial.load.files.slice(-2);
  try {
    for (const file of trial.load.files.slice(0, -last.length)) await trial.load.drop(file);
    for (let kill = 0; kill < KILLS; kill++) {
      const isUnderWay = ground.random() < 0.5;
      const daemon = trial.start();
      await atWork(daemon, ground);
      if (isUnderWay) await growAtWork(trial, ground);
      await daemon.kill();
      if (!isUnderWay) await grow(trial, ground, 'while the worker is down');
    }
    for (const [index, file] of last.entries()) {
      await trial.load.drop(file);
      const daemon = trial.start();
      await daemon.waitFor(({ msg, file: path }) => msg === 'file completed' && path === file.name, STUCK_MS);
      if (index === last.length - 1) return await finish(trial, daemon);
      await daemon.stop();
    }
    throw new Error('there is no last file');
  } finally {
    await trial.close();
  }
}

function finish(trial: Trial, daemon: HeadraceProcess): Promise<Outcome> {
  return trial.finish(daemon, [['partitions of the offset topic', trial.load.offsetsPartitions]]);
}

/** After as many commits as chance has it; there are none when everything is delivered. */
async function atWork(daemon: HeadraceProcess, { random }: Ground): Promise<void> {
  let commits = 1 + Math.floor(random() * MOST_COMMITS);
  const commit = daemon.waitFor(({ msg }) => msg === 'transaction committed' && --commits === 0, STUCK_MS);
  commit.catch(() => {});
  await daemon.waitFor('worker started', STUCK_MS);
  await Promise.race([commit, delay(IDLE_MS, undefined, { ref: false })]);
  await delay(between(random, 0, 30));
}

async function growAtWork(trial: Trial, ground: Ground): Promise<void> {
  await grow(trial, ground, 'while the worker is at work');
  await delay(between(ground.random, 0, 30));
}

async function grow({ load }: Trial, { random, say }: Ground, when: string): Promise<void> {
  await load.growOffsets(1 + Math.floor(random() * MOST_NEW_PARTITIONS));
  say(`the offset topic has ${load.offsetsPartitions} partitions, ${when}`);
}

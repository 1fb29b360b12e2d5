import { appendFile, copyFile, rename, truncate } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../src/testing/seeded-random.ts';
import type { LogLine } from '../../integration/support/headrace-process.ts';
import { PERSON } from '../dead-letter-check.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { between } from '../random.ts';
import { Trial } from '../trial.ts';

const ROWS = 60_000;
const BAD_EVERY = 20;
const FOLDER = 'letters';
const FEED = {
  'transaction.boundary': 'poll',
  'errors.deadletterqueue.topic.name': null,
  'errors.deadletterqueue.file': `./${FOLDER}/rejected.csv`,
};
const MOVES = 4;
const LIVES = 3;
const MOST_TASKS = 4;
/** For a process that was woken to do what it wants to do. */
const AWAKE_MS = 1500;
const BEGUN_MS = 90_000;

export const LETTER_FAULTS: readonly Fault[] = [
  {
    name: 'letters-zombie',
    doc: 'SIGSTOP at a random moment, a second worker takes over, SIGCONT: the first reaches no dead letter of it',
    play: playZombie,
  },
  {
    name: 'letters-moved',
    doc: 'the dead-letter file is renamed, copied and emptied, replaced or written to by others, while it is written',
    play: playMoved,
  },
  {
    name: 'letters-tasks-max',
    doc: 'SIGKILL at random moments, and another tasks.max each time, with a dead-letter file',
    play: playTasksMax,
  },
];

function begin(ground: Ground, files: number, staged: boolean): Promise<Trial> {
  const trial = { rows: ROWS, files, badEvery: BAD_EVERY, feed: FEED, deadLetterFolder: FOLDER, staged };
  return Trial.begin(ground, trial);
}

async function playZombie(ground: Ground): Promise<Outcome> {
  const { random } = ground;
  const trial = await begin(ground, 2, true);
  try {
    const [first, second] = trial.load.files;
    const zombie = trial.start();
    await zombie.waitFor('worker started', BEGUN_MS);
    if (first !== undefined) await trial.load.drop(first);
    await zombie.waitFor(random() < 0.5 ? 'file reading' : 'transaction committed', BEGUN_MS);
    await delay(between(random, 0, 300));
    zombie.signal('SIGSTOP');
    const successor = trial.start();
    await trial.delivered(successor);
    zombie.signal('SIGCONT');
    await delay(AWAKE_MS);
    const wrong = zombie.lines
      .filter(({ msg }) => msg === 'dead-letter file set aside')
      .map((line) => `the zombie: ${JSON.stringify(line)}`);
    await Promise.all([zombie.kill(), successor.kill()]);
    if (second !== undefined) await trial.load.drop(second);
    const third = trial.start();
    await trial.delivered(third);
    return await trial.finish(third, [], wrong);
  } finally {
    await trial.close();
  }
}

type Move = (path: string, index: number) => Promise<void>;

/** As logrotate's copytruncate does. */
async function copyAndEmpty(path: string, index: number): Promise<void> {
  await copyFile(path, `${path}.copy-${index}`);
  await truncate(path, 0);
}

const MOVED: readonly Move[] = [
  (path, index) => rename(path, `${path}.moved-${index}`),
  copyAndEmpty,
  (path) => appendFile(path, PERSON),
  async (path, index) => {
    await rename(path, `${path}.replaced-${index}`);
    await appendFile(path, PERSON);
  },
];

async function playMoved(ground: Ground): Promise<Outcome> {
  const { random } = ground;
  const trial = await begin(ground, MOVES, true);
  try {
    const daemon = trial.start();
    await daemon.waitFor('worker started', BEGUN_MS);
    const path = trial.load.path(`${FOLDER}/rejected.csv`);
    for (const [index, file] of trial.load.files.entries()) {
      const isReading = (line: LogLine) => line.msg === 'file reading' && line.file === file.name;
      const reading = daemon.waitFor(isReading, BEGUN_MS);
      await trial.load.drop(file);
      await reading;
      const move = MOVED[Math.floor(random() * MOVED.length)] as Move;
      // What is copied in the moment of a commit may hold rows that come again, whoever writes the file.
      if (move === copyAndEmpty) await trial.delivered(daemon);
      else await delay(between(random, 0, 400));
      // There may be no file for a moment.
      await move(path, index).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
      await trial.delivered(daemon);
    }
    return await trial.finish(daemon, [], []);
  } finally {
    await trial.close();
  }
}

async function playTasksMax(ground: Ground): Promise<Outcome> {
  const { random } = ground;
  const trial = await begin(ground, MOST_TASKS, false);
  try {
    for (let life = 0; life < LIVES; life++) {
      await configureTasks(trial, random);
      const daemon = trial.start();
      await daemon.waitFor('transaction committed', BEGUN_MS);
      await delay(between(random, 0, 200));
      await daemon.kill();
    }
    await configureTasks(trial, random);
    const last = trial.start();
    await trial.delivered(last);
    return await trial.finish(last, [], []);
  } finally {
    await trial.close();
  }
}

function configureTasks(trial: Trial, random: Random): Promise<void> {
  const tasks = 1 + Math.floor(random() * MOST_TASKS);
  return trial.load.configure({ ...trial.load.options.feed, 'tasks.max': tasks });
}

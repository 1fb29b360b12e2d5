import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FolderTrial } from '../folder/folder-trial.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { between } from '../random.ts';
import { Trial } from '../trial.ts';

const MOST_ROWS = 400;
/** Longer than a scan and the time a file must be quiet: what can be seen between two steps is seen now and then. */
const LONGEST_PAUSE_MS = 600;
const PARTS = 4;
const DAYS = 4;
const MANY_FILES = 400;

export const DROP_FOLDER_FAULTS: readonly Fault[] = [
  {
    name: 'job-commit',
    doc: 'a job writes below _temporary and commits by renaming, twice, as Spark and Hadoop do; the worker is killed now and then',
    play: playJob,
  },
  {
    name: 'folder-led-elsewhere',
    doc: 'the drop folder is a link that is led to the next day while it is watched; the worker is killed now and then',
    play: playLedElsewhere,
  },
  {
    name: 'many-renamed-in',
    doc: `${MANY_FILES} small files are renamed into the drop folder at once; the worker is killed at random moments`,
    play: playMany,
  },
];

/** Nothing of a job may be read before it is in its last place, nor taken from under it: then its rename fails. */
async function playJob(ground: Ground): Promise<Outcome> {
  const trial = await FolderTrial.begin(ground);
  const { random, say } = ground;
  try {
    trial.start();
    for (let part = 1; part <= PARTS; part++) {
      const job = 't.csv/_temporary/0';
      const places = [`${job}/_temporary/attempt_${part}`, `${job}/task_${part}`, 't.csv'];
      const paths = places.map((place) => `${place}/part-${part}.csv`);
      await trial.folder.putThrough(paths, Math.ceil(between(random, 1, MOST_ROWS)), () =>
        pause(trial, ground),
      );
      say(`part ${part} is in its place`);
    }
    await rm(trial.folder.at('t.csv/_temporary'), { recursive: true });
    await writeFile(trial.folder.at('t.csv/_SUCCESS'), '');
    return await trial.finish();
  } finally {
    await trial.close();
  }
}

async function playLedElsewhere(ground: Ground): Promise<Outcome> {
  const trial = await FolderTrial.begin(ground);
  const { random, say } = ground;
  const drop = join(ground.folder, 'drop');
  try {
    await rm(drop, { recursive: true });
    for (let day = 1; day <= DAYS; day++) {
      await mkdir(join(ground.folder, `days/${day}`), { recursive: true });
      await symlink(`days/${day}`, join(ground.folder, 'next'));
      await rename(join(ground.folder, 'next'), drop);
      for (const path of trial.folder.model.paths) trial.folder.model.remove(path);
      if (day === 1) trial.start();
      for (const path of [`day-${day}.csv`, 'every-day.csv']) {
        await pause(trial, ground);
        await trial.folder.put(path, Math.ceil(between(random, 1, MOST_ROWS)));
      }
      await trial.delivered();
      say(`day ${day} is delivered`);
    }
    return await trial.finish();
  } finally {
    await trial.close();
  }
}

async function playMany(ground: Ground): Promise<Outcome> {
  const { random } = ground;
  const trial = await Trial.begin(ground, {
    rows: MANY_FILES * 2,
    files: MANY_FILES,
    badEvery: 50,
    staged: true,
  });
  try {
    let daemon = trial.start();
    await daemon.waitFor('worker started');
    await Promise.all(trial.load.files.map((file) => trial.load.drop(file)));
    for (let kill = 0; kill < 2; kill++) {
      await delay(between(random, 0, 2 * LONGEST_PAUSE_MS));
      await daemon.kill();
      daemon = trial.start();
    }
    await trial.delivered(daemon);
    return await trial.finish(daemon);
  } finally {
    await trial.close();
  }
}

/** Lets some time pass, in which the worker may be killed and started again. */
async function pause(trial: FolderTrial, { random }: Ground): Promise<void> {
  if (random() < 0.2) {
    await trial.kill();
    trial.start();
  }
  await delay(between(random, 0, LONGEST_PAUSE_MS));
}

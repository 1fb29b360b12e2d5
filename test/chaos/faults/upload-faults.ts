import { watch } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FolderTrial } from '../folder/folder-trial.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { between } from '../random.ts';

const FILE = 'a.csv';
const ROWS = 2000;
const MORE_ROWS = 100;
const SENT = new Date('2026-01-02T03:04:05Z');
/** Another file system than that of temporary folders, as a rule. */
const SHARED_MEMORY = '/dev/shm';
const REDROPS = 4;
const KILLS = 3;

export const UPLOAD_FAULTS: readonly Fault[] = [
  {
    name: 'upload-stalls',
    doc: 'an upload stalls and goes on, by chance before its file is delivered, meanwhile, or after it was put away',
    play: (ground) => playWithFolder(ground, playStall),
  },
  {
    name: 'redrop',
    doc: 'a file comes again with its name, size and time, by chance with another digit in the middle or the same',
    play: (ground) => playWithFolder(ground, playRedrops),
  },
  {
    name: 'clock-behind',
    doc: 'a file is written slowly by somebody whose clock runs ten minutes behind, or ahead',
    play: (ground) => playWithFolder(ground, playSkew),
  },
  {
    name: 'move-killed',
    doc: 'SIGKILL of the worker while it moves a file to another disk, again and again',
    play: (ground) => playWithFolder(ground, playMoveKills, true),
  },
  {
    name: 'unmovable',
    doc: 'a delivered file cannot be put away for a while, the worker starts again meanwhile, others come',
    play: (ground) => playWithFolder(ground, playUnmovable),
  },
];

export interface UploadPlace {
  readonly trial: FolderTrial;
  readonly ground: Ground;
  /** Where files are moved to, on this disk. */
  readonly finished: string;
}

/** On another disk or not, as chance has it or as it must be. */
async function playWithFolder(
  ground: Ground,
  play: (place: UploadPlace) => Promise<Outcome>,
  mustBeElsewhere = false,
): Promise<Outcome> {
  const isElsewhere = mustBeElsewhere || ground.random() < 0.5;
  const finished = isElsewhere
    ? await mkdtemp(join(SHARED_MEMORY, 'headrace-'))
    : join(ground.folder, 'done');
  const trial = await FolderTrial.begin(ground, { 'finished.path': finished });
  try {
    return await play({ trial, ground, finished });
  } finally {
    await trial.close();
    if (isElsewhere) await rm(finished, { recursive: true });
  }
}

export async function playStall({ trial, ground, finished }: UploadPlace): Promise<Outcome> {
  const { random, say } = ground;
  const { folder } = trial;
  const moments = ['worker started', 'file reading', 'file delivered', 'file completed'] as const;
  await folder.putForGood(FILE, ROWS, SENT);
  const upload = await open(folder.at(FILE), 'a');
  try {
    trial.start();
    const moment = moments[Math.floor(random() * moments.length)] as string;
    await trial.told(moment, 1);
    const pieces = 1 + Math.floor(random() * 3);
    for (let piece = 0; piece < pieces; piece++) {
      await delay(between(random, 0, 1500));
      await folder.appendTo(upload, FILE, MORE_ROWS);
    }
    say(`went on ${pieces} times after "${moment}"`);
  } finally {
    await upload.close();
  }
  await trial.delivered();
  await emptied(folder.at('.'));
  const names = await readdir(finished);
  const wrong = names.includes(FILE) ? [] : [`the finished folder holds ${names.join(', ') || 'nothing'}`];
  return await trial.finish([], wrong);
}

export async function playRedrops({ trial, ground, finished }: UploadPlace): Promise<Outcome> {
  const { random, say } = ground;
  const { folder } = trial;
  await folder.putForGood(FILE, ROWS, SENT);
  trial.start();
  let changes = 0;
  for (let drop = 0; drop < REDROPS; drop++) {
    await trial.delivered();
    await emptied(folder.at('.'));
    if (random() < 0.3) {
      await trial.kill();
      trial.start();
    }
    const isChanged = random() < 0.6;
    if (isChanged) changes++;
    say(isChanged ? 'another digit' : 'the same');
    await folder.putAgain(FILE, isChanged, SENT);
  }
  await trial.delivered();
  await emptied(folder.at('.'));
  const names = await readdir(finished);
  // On another disk a second copy that is the same to the byte, time included, is one.
  const wrong = names.length <= changes ? [`only ${names.length} files are finished`] : [];
  return await trial.finish([['changed', changes]], wrong);
}

export async function playSkew({ trial, ground }: UploadPlace): Promise<Outcome> {
  const { random } = ground;
  const { folder } = trial;
  const skewMs = 600_000 * (random() < 0.7 ? -1 : 1);
  trial.start();
  await trial.told('worker started', 1);
  await folder.putForGood(FILE, 1, new Date(Date.now() + skewMs));
  const upload = await open(folder.at(FILE), 'a');
  try {
    for (let write = 0; write < 20; write++) {
      await folder.appendTo(upload, FILE, 1);
      const time = new Date(Date.now() + skewMs);
      await upload.utimes(time, time);
      await delay(between(random, 0, 100));
    }
  } finally {
    await upload.close();
  }
  return await trial.finish();
}

async function playMoveKills({ trial, ground, finished }: UploadPlace): Promise<Outcome> {
  const { random, say } = ground;
  const { folder } = trial;
  const wrong: string[] = [];
  let kills = 0;
  for (let round = 0; round < KILLS; round++) {
    const name = `${round}.csv`;
    const begun = Promise.withResolvers<void>();
    const wanted = 1 + Math.floor(random() * 4);
    let seen = 0;
    const watcher = watch(finished, () => ++seen === wanted && begun.resolve());
    await folder.putForGood(name, ROWS, SENT);
    trial.start();
    await Promise.race([begun.promise, trial.told('file completed', 1)]);
    await delay(between(random, 0, 2));
    await trial.kill();
    watcher.close();
    if ((await readdir(folder.at('.'))).includes(name)) kills++;
    trial.start();
    await emptied(folder.at('.'));
    await trial.kill();
    const names = (await readdir(finished)).filter((each) => !isOfEarlier(each, round));
    if (String(names) !== name) wrong.push(`${name} is finished as ${names.join(', ') || 'nothing'}`);
  }
  say(`${kills} of ${KILLS} kills left the file where it was`);
  return await trial.finish([['in the middle of a move', kills]], wrong);
}

async function playUnmovable({ trial, ground, finished }: UploadPlace): Promise<Outcome> {
  const { random } = ground;
  const { folder } = trial;
  await mkdir(finished, { recursive: true });
  const inTheWay = join(finished, 'sub');
  await writeFile(inTheWay, 'in the way');
  await folder.putForGood('sub/a.csv', ROWS, SENT);
  trial.start();
  await trial.told('file could not be put away', 1);
  const wrong: string[] = [];
  for (const name of ['b.csv', 'c.csv']) {
    await folder.putForGood(name, ROWS, SENT);
    await trial.told('file completed', name === 'b.csv' ? 1 : 2);
    if (name === 'b.csv' && random() < 0.5) {
      await trial.kill();
      trial.start();
      await trial.told('file could not be put away', 1);
      await folder.putForGood('d.csv', ROWS, SENT);
      await trial.told('file completed', 1);
    }
  }
  await rm(inTheWay);
  await emptied(folder.at('sub'));
  const names = await readdir(inTheWay);
  if (String(names) !== 'a.csv') wrong.push(`sub/a.csv is finished as ${names.join(', ') || 'nothing'}`);
  return await trial.finish([], wrong);
}

function isOfEarlier(name: string, round: number): boolean {
  return /^\d+\.csv$/.test(name) && Number.parseInt(name, 10) < round;
}

/** Waits until a drop folder holds no file, hidden ones included. */
async function emptied(folder: string): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  const files = async () =>
    (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  for (let left = await files(); left.length > 0; left = await files()) {
    if (performance.now() > giveUpAt) throw new Error(`${left.join(', ')} is not put away`);
    await delay(50);
  }
}

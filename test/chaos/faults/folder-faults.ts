import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChaosFolder } from '../folder/drop-folder.ts';
import { FolderTrial } from '../folder/folder-trial.ts';
import { randomStep } from '../folder/random-steps.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { API } from '../kafka-proxy.ts';
import { Barrier, OPEN, Strike } from '../switch-gate.ts';

const FILE = 'a.csv';
/** Several times what the daemon reads ahead, so that it is in the middle of the file when its commits are held. */
const LARGE_ROWS = 250_000;
const SMALL_ROWS = 1000;
const UNREADABLE = fileURLToPath(new URL('../preloads/unreadable.ts', import.meta.url));

/** What can happen to a file of which a part is delivered. */
export const FILE_CHANGES: readonly {
  readonly name: string;
  readonly doc: string;
  readonly act: (folder: ChaosFolder) => Promise<void>;
}[] = [
  {
    name: 'file-appended',
    doc: 'rows are appended to a file',
    act: (folder) => folder.append(FILE, SMALL_ROWS),
  },
  {
    name: 'file-truncated',
    doc: 'a file is cut off before what is delivered of it',
    act: (folder) => folder.truncate(FILE, SMALL_ROWS),
  },
  {
    name: 'file-cut-ahead',
    doc: 'a file is cut off behind what is delivered of it',
    act: (folder) => folder.truncate(FILE, LARGE_ROWS - SMALL_ROWS),
  },
  {
    name: 'file-rewritten',
    doc: 'other rows are written into a file from its beginning',
    act: (folder) => folder.rewrite(FILE, LARGE_ROWS),
  },
  {
    name: 'file-replaced',
    doc: 'another file is renamed over a file',
    act: (folder) => folder.put(FILE, SMALL_ROWS),
  },
  {
    name: 'file-renamed',
    doc: 'a file gets another name',
    act: (folder) => folder.rename(FILE, 'b.csv'),
  },
  {
    name: 'file-vanished',
    doc: 'a file is removed, and another one comes',
    act: async (folder) => {
      await folder.remove(FILE);
      await folder.put('b.csv', SMALL_ROWS);
    },
  },
];

export const FOLDER_FAULTS: readonly Fault[] = [
  ...FILE_CHANGES.flatMap(({ name, doc, act }): Fault[] => [
    {
      name,
      doc: `${doc} while it is read`,
      play: (ground) => inFolder(ground, (trial) => playChange(ground, trial, act, false)),
    },
    {
      name: `${name}-stopped`,
      doc: `${doc} while the worker is down`,
      play: (ground) => inFolder(ground, (trial) => playChange(ground, trial, act, true)),
    },
  ]),
  {
    name: 'file-unreadable',
    doc: 'the disk fails in the middle of a file (EIO), and is well again later',
    play: playUnreadable,
  },
  {
    name: 'gzip-cut',
    doc: 'a compressed file ends too soon: it is put aside with the reason, and loaded when it comes whole',
    play: playCutGzip,
  },
  {
    name: 'random-folder',
    doc: 'write, append, rewrite, cut, rename, remove, pause, kill and start in random order (--steps N)',
    times: 100,
    play: async (ground) => withTrial(await FolderTrial.begin(ground), (trial) => playRandom(ground, trial)),
  },
];

async function inFolder(ground: Ground, play: (trial: FolderTrial) => Promise<Outcome>): Promise<Outcome> {
  return withTrial(await FolderTrial.begin(ground, { 'transaction.boundary': 'poll' }), play);
}

/** What is done with a trial, which is closed in the end. */
export async function withTrial<Trial extends { close(): Promise<void> }>(
  trial: Trial,
  play: (trial: Trial) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await play(trial);
  } finally {
    await trial.close();
  }
}

/** Something happens to a file when its first transactions are committed, each of which is a batch. */
export async function playChange(
  { gate }: Ground,
  trial: FolderTrial,
  act: (folder: ChaosFolder) => Promise<void>,
  stopped: boolean,
): Promise<Outcome> {
  const barrier = new Barrier();
  const held = new Strike('request', API.endTxn, 3, () => barrier.wait());
  try {
    await trial.folder.put(FILE, LARGE_ROWS);
    gate.current = held;
    trial.start();
    await held.struck.promise;
    if (stopped) await trial.kill();
    await act(trial.folder);
    barrier.open();
    gate.current = OPEN;
    return await trial.finish();
  } finally {
    gate.current = OPEN;
  }
}

async function playUnreadable(ground: Ground): Promise<Outcome> {
  const trial = await FolderTrial.begin(ground);
  const flag = join(ground.folder, 'unreadable');
  try {
    await trial.folder.put(FILE, LARGE_ROWS);
    await writeFile(flag, '');
    const daemon = trial.start({ NODE_OPTIONS: `--import ${UNREADABLE}`, CHAOS_UNREADABLE: flag });
    const { error } = await daemon.waitFor('file could not be read to its end; tried again');
    const wrong = String(error).includes('EIO') ? [] : [`the file is tried again for ${error}`];
    await rm(flag);
    if (daemon.lines.some(({ msg }) => msg === 'task restarting')) wrong.push('the task was started again');
    return await trial.finish([], wrong);
  } finally {
    await trial.close();
  }
}

async function playCutGzip(ground: Ground): Promise<Outcome> {
  const trial = await FolderTrial.begin(ground, { 'error.path': './failed' });
  try {
    const { whole } = await trial.folder.putCutGzip('a.csv.gz', LARGE_ROWS);
    const daemon = trial.start();
    const failed = await daemon.waitFor('file failed');
    const reason = await readFile(join(ground.folder, 'failed/a.csv.gz.error.json'), 'utf8').catch(() => '');
    const wrong = reason.includes('a.csv.gz')
      ? []
      : [`the reason beside the file is ${JSON.stringify(reason)}`];
    await whole();
    return await trial.finish([['reason', String(failed.error).slice(0, 80)]], wrong);
  } finally {
    await trial.close();
  }
}

export async function playRandom({ random, say, wishes }: Ground, trial: FolderTrial): Promise<Outcome> {
  trial.start();
  for (let step = 1; step <= wishes.times; step++) say(`${step}: ${await randomStep(trial, random)}`);
  return await trial.finish([['steps', wishes.times]]);
}

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HeadraceProcess, LogLine } from '../../integration/support/headrace-process.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { Trial } from '../trial.ts';

const ROWS = 60_000;
const DEAD_LETTER_FILE = 'rejected.csv';
/** Another file system than that of temporary folders, as a rule. */
const SHARED_MEMORY = '/dev/shm';
/** Not a multiple of what is written at a time: the last write that fits is cut short. */
const FULL_BYTES = 30_001;

export const DISK_FAULTS: readonly Fault[] = [
  {
    name: 'disk-full-dead-letters',
    doc: 'the dead-letter file cannot grow any more, and can again later',
    play: playDeadLetters,
  },
  {
    name: 'disk-full-finished',
    doc: 'the finished folder, on another disk, has no room for the file, and has again later',
    play: playFinished,
  },
];

async function playDeadLetters(ground: Ground): Promise<Outcome> {
  const trial = await Trial.begin(ground, {
    rows: ROWS,
    badEvery: 50,
    feed: {
      'transaction.boundary': 'poll',
      'errors.deadletterqueue.topic.name': null,
      'errors.deadletterqueue.file': `./${DEAD_LETTER_FILE}`,
    },
    deadLetterFile: DEAD_LETTER_FILE,
    staged: true,
  });
  return playFull(trial, async (daemon) => {
    const { error } = await daemon.waitFor(isTwiceRestarting(), 90_000);
    const { code } = error as { code?: string };
    return code === 'DEAD_LETTER_FAILED' ? [] : [`expected DEAD_LETTER_FAILED, got ${code}`];
  });
}

async function playFinished(ground: Ground): Promise<Outcome> {
  const finished = await mkdtemp(join(SHARED_MEMORY, 'headrace-'));
  try {
    const trial = await Trial.begin(ground, {
      rows: ROWS,
      feed: { 'finished.path': finished },
      staged: true,
    });
    const staged = await readFile(trial.load.path('staged/trades-0001.csv'));
    const outcome = await playFull(trial, async (daemon) => {
      await daemon.waitFor('file could not be put away', 90_000);
      return trial.restarts === 0 ? [] : ['the task was started again for a file that could not be moved'];
    });
    const moved = await readFile(join(finished, 'trades-0001.csv'));
    if (moved.equals(staged)) return outcome;
    return { ...outcome, wrong: [...outcome.wrong, 'the finished file is not the one that was dropped'] };
  } finally {
    await rm(finished, { recursive: true });
  }
}

/** The system lets the daemon write no file beyond a size, as a full disk would, until that is `met` as it should be. */
async function playFull(trial: Trial, met: (daemon: HeadraceProcess) => Promise<string[]>): Promise<Outcome> {
  try {
    const daemon = trial.start();
    await daemon.waitFor('worker started');
    await limitFiles(daemon, String(FULL_BYTES));
    for (const file of trial.load.files) await trial.load.drop(file);
    const wrong = await met(daemon);
    await limitFiles(daemon, 'unlimited');
    await trial.delivered(daemon);
    return await trial.finish(daemon, [], wrong);
  } finally {
    await trial.close();
  }
}

function isTwiceRestarting(): (line: LogLine) => boolean {
  let met = 0;
  return ({ msg }) => msg === 'task restarting' && ++met === 2;
}

async function limitFiles({ pid }: HeadraceProcess, bytes: string): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../src/testing/seeded-random.ts';
import { between, pick } from '../random.ts';
import type { FolderTrial } from './folder-trial.ts';

const NAMES = ['a.csv', 'b.csv', 'c.csv', 'd.csv', 'e.csv'];
/** Small enough for a file's fingerprint to hold all of it. */
const MOST_ROWS = 300;
const MOST_PAUSE_MS = 300;

/** What may happen to a folder or its worker, and how likely it is beside the others. */
const STEPS = {
  write: 4,
  append: 5,
  rewrite: 2,
  truncate: 2,
  rename: 3,
  remove: 1,
  pause: 1,
  kill: 2,
  start: 4,
  wait: 4,
  'see all delivered': 1,
} as const;

export type Step = keyof typeof STEPS;

/** Takes one step at random. Gives its name; a step for which there is no file writes one. */
export async function randomStep(trial: FolderTrial, random: Random): Promise<string> {
  // Half of the steps come right after the one before, half while the worker is at work on it.
  await delay(Math.max(0, between(random, -MOST_PAUSE_MS, MOST_PAUSE_MS)));
  const step = pick(random, steps());
  const path = pick(random, trial.folder.model.paths);
  if (path === undefined || step === undefined)
    return take(trial, 'write', pick(random, NAMES) as string, random);
  return take(trial, step, path, random);
}

function steps(): Step[] {
  return Object.entries(STEPS).flatMap(([step, weight]) => Array<Step>(weight).fill(step as Step));
}

async function take(trial: FolderTrial, step: Step, path: string, random: Random): Promise<string> {
  const { folder } = trial;
  const rows = 1 + Math.floor(random() * MOST_ROWS);
  const other = pick(random, NAMES) as string;
  switch (step) {
    case 'write':
      await folder.put(other, rows);
      return `write ${rows} rows to ${other}`;
    case 'append':
      await folder.append(path, rows);
      return `append ${rows} rows to ${path}`;
    case 'rewrite':
      await folder.rewrite(path, rows);
      return `write ${rows} other rows into ${path}`;
    case 'truncate': {
      const kept = Math.floor(random() * folder.model.rows(path).length);
      await folder.truncate(path, kept);
      return `cut ${path} behind row ${kept}`;
    }
    case 'rename':
      if (path === other) return 'nothing';
      await folder.rename(path, other);
      return `rename ${path} to ${other}`;
    case 'remove':
      await folder.remove(path);
      return `remove ${path}`;
    case 'pause':
      trial.daemon?.signal('SIGSTOP');
      await delay(between(random, 0, 300));
      trial.daemon?.signal('SIGCONT');
      return 'pause';
    case 'kill':
      await trial.kill();
      return 'kill';
    case 'start':
      if (trial.daemon === null) trial.start();
      return 'start';
    case 'wait':
      await delay(between(random, 0, 300));
      return 'wait';
    case 'see all delivered':
      await trial.delivered();
      return step;
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import type { Outcome } from '../ground.ts';
import type { Trial } from '../trial.ts';

const LOOK_MS = 100;
/** Nothing is waited for so long, with all waits of all retries. */
const STUCK_MS = 150_000;
/** A file that failed may be read by itself again, as when the right to read it comes. */
const GRACE_MS = 15_000;
const MOST_STARTS = 5;

/**
 * Lets a load come to its end: by itself, or where a task fails or a file is given up, as an operator would do it: what
 * is wrong is mended, and the worker started again.
 *
 * @returns the worker that has done it, and what failed before
 */
export async function endWell(
  trial: Trial,
  mend: () => void,
  first?: HeadraceProcess,
): Promise<{ readonly daemon: HeadraceProcess; readonly failures: Outcome['facts'] }> {
  const failures: [string, string][] = [];
  let daemon = first ?? trial.start();
  for (let start = 1; ; start++) {
    const failure = await ended(trial, daemon);
    if (failure === null) return { daemon, failures };
    failures.push(['failed with', failure.slice(0, 160)]);
    if (start === MOST_STARTS) throw new Error(`it failed again and again: ${failure}`);
    mend();
    await daemon.stop();
    daemon = trial.start();
  }
}

/** Why it does not go on by itself; null when all is delivered and put away. */
async function ended(trial: Trial, daemon: HeadraceProcess): Promise<string | null> {
  const giveUpAt = performance.now() + STUCK_MS;
  let helpAt = Number.POSITIVE_INFINITY;
  while ((await trial.load.waiting()).length > 0) {
    const now = performance.now();
    const failed = daemon.lines.find(({ msg }) => msg === 'task failed' || msg === 'file failed');
    if (failed?.msg === 'file failed') helpAt = Math.min(helpAt, now + GRACE_MS);
    if (failed !== undefined && (failed.msg === 'task failed' || now > helpAt))
      return JSON.stringify(failed.error);
    if (daemon.hasExited) throw new Error('the daemon ended by itself');
    if (now > giveUpAt) throw new Error('the daemon does nothing');
    await delay(LOOK_MS);
  }
  return null;
}

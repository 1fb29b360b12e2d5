import { setTimeout as delay } from 'node:timers/promises';
import type { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { API } from '../kafka-proxy.ts';
import { Barrier, OPEN, Strike } from '../switch-gate.ts';
import { takeOver } from '../take-over.ts';
import { Trial } from '../trial.ts';

/** More than the daemon has on its way at a time. */
const ROWS = 150_000;
/** No request is given up while its sender sleeps: the broker's answer decides. */
const REQUEST_TIMEOUT_MS = 300_000;
/** The brokers abort a transaction of Headrace's after a minute. */
const PAST_TIMEOUT_MS = 75_000;
/** For a process that was woken to do what it wants to do. */
const AWAKE_MS = 3000;
const TERMINATED_BY_SECOND_SIGTERM = 143;
const ENDED_MS = 2000;

export const PROCESS_FAULTS: readonly Fault[] = [
  {
    name: 'zombie',
    doc: 'SIGSTOP in the middle of a transaction, a second worker takes over, SIGCONT: the first writes nothing',
    play: (ground) => playZombie(ground, 0),
  },
  {
    name: 'zombie-past-timeout',
    doc: 'the same, when the transaction has timed out before the second worker comes',
    long: true,
    play: (ground) => playZombie(ground, PAST_TIMEOUT_MS),
  },
  {
    name: 'asleep',
    doc: 'SIGSTOP in the middle of a transaction until it has timed out, then SIGCONT: the worker goes on by itself',
    long: true,
    play: playAsleep,
  },
  {
    name: 'sigterm-in-commit',
    doc: 'SIGTERM while a commit is on its way: it is waited for',
    play: (ground) => playSigterm(ground),
  },
  {
    name: 'sigterm-twice',
    doc: 'SIGTERM twice while a commit is on its way: the process ends at once',
    play: (ground) => playSigtermTwice(ground),
  },
  {
    name: 'taken-over',
    doc: 'another producer takes the transactional id: the task is FAILED, and does not fight for it',
    play: (ground) => playTakenOver(ground),
  },
];

/** A load with small transactions whose third commit is held back. */
async function heldTrial(
  ground: Ground,
): Promise<{ trial: Trial; daemon: HeadraceProcess; barrier: Barrier }> {
  const trial = await Trial.begin(ground, {
    rows: ROWS,
    feed: { 'transaction.boundary': 'poll' },
    worker: { 'request.timeout.ms': REQUEST_TIMEOUT_MS },
  });
  const barrier = new Barrier();
  const held = new Strike('request', API.endTxn, 3, (link) => {
    link.outliveClient();
    return barrier.wait();
  });
  ground.gate.current = held;
  const daemon = trial.start();
  await held.struck.promise;
  return { trial, daemon, barrier };
}

async function playZombie(ground: Ground, waitMs: number): Promise<Outcome> {
  const { trial, daemon: zombie, barrier } = await heldTrial(ground);
  try {
    zombie.signal('SIGSTOP');
    await delay(waitMs);
    ground.gate.current = OPEN;
    const successor = trial.start();
    await trial.delivered(successor);
    const before = await trial.visibleUncommitted();
    // Its commit, which was on its way all the time, arrives as well.
    barrier.open();
    zombie.signal('SIGCONT');
    const failed = await zombie.waitFor('task failed');
    await delay(AWAKE_MS);
    const wrong = faultsOf(failed.error);
    const written = (await trial.visibleUncommitted()) - before;
    if (written > 0) wrong.push(`the zombie has written ${written} records`);
    await zombie.stop();
    return await trial.finish(successor, [['records of the zombie', written]], wrong);
  } finally {
    await trial.close();
    ground.gate.current = OPEN;
  }
}

async function playAsleep(ground: Ground): Promise<Outcome> {
  const { trial, daemon, barrier } = await heldTrial(ground);
  try {
    daemon.signal('SIGSTOP');
    await delay(PAST_TIMEOUT_MS);
    ground.gate.current = OPEN;
    barrier.open();
    daemon.signal('SIGCONT');
    await trial.delivered(daemon);
    return await trial.finish(daemon, [], []);
  } finally {
    await trial.close();
    ground.gate.current = OPEN;
  }
}

async function playSigterm(ground: Ground): Promise<Outcome> {
  const { trial, daemon, barrier } = await heldTrial(ground);
  try {
    daemon.signal('SIGTERM');
    await daemon.waitFor('stopping');
    const wrong = daemon.hasExited ? ['the daemon did not wait for its commit'] : [];
    barrier.open();
    const code = await daemon.exited;
    if (code !== 0) wrong.push(`the daemon ended with code ${code}`);
    const rows = trial.progress.rows;
    const second = trial.start();
    await trial.delivered(second);
    return await trial.finish(second, [['rows committed at the stop', rows]], wrong);
  } finally {
    await trial.close();
    ground.gate.current = OPEN;
  }
}

async function playSigtermTwice(ground: Ground): Promise<Outcome> {
  const { trial, daemon, barrier } = await heldTrial(ground);
  try {
    daemon.signal('SIGTERM');
    await daemon.waitFor('stopping');
    daemon.signal('SIGTERM');
    const code = await Promise.race([daemon.exited, delay(ENDED_MS, 'none' as const)]);
    const wrong =
      code === TERMINATED_BY_SECOND_SIGTERM
        ? []
        : [`the second SIGTERM: expected exit code 143, got ${code}`];
    ground.gate.current = OPEN;
    const second = trial.start();
    await second.waitFor('transaction committed');
    // What the first had on its way comes when the second is at work.
    barrier.open();
    await trial.delivered(second);
    return await trial.finish(second, [], wrong);
  } finally {
    await trial.close();
    ground.gate.current = OPEN;
  }
}

async function playTakenOver(ground: Ground): Promise<Outcome> {
  const { trial, daemon, barrier } = await heldTrial(ground);
  try {
    await takeOver(ground.proxies.behind, `${ground.name}-${ground.name}-0`);
    barrier.open();
    const failed = await daemon.waitFor('task failed');
    await delay(AWAKE_MS);
    const wrong = faultsOf(failed.error);
    if (trial.restarts > 0) wrong.push(`the task was started again ${trial.restarts} times`);
    await daemon.stop();
    ground.gate.current = OPEN;
    const second = trial.start();
    await trial.delivered(second);
    return await trial.finish(second, [], wrong);
  } finally {
    await trial.close();
    ground.gate.current = OPEN;
  }
}

function faultsOf(error: unknown): string[] {
  const { code } = error as { code?: string };
  return code === 'KAFKA_FENCED' ? [] : [`the task failed with ${code}, not with KAFKA_FENCED`];
}

import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { HeadraceProcess, LogLine } from '../../integration/support/headrace-process.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { API } from '../kafka-proxy.ts';
import { between } from '../random.ts';
import { Barrier, OPEN, Strike } from '../switch-gate.ts';
import { Trial } from '../trial.ts';

const ROWS = 120_000;
const FILES = 8;
const MOST_TASKS = 6;
/** No request is given up while its sender sleeps or its answer is held back. */
const REQUEST_TIMEOUT_MS = 120_000;
const LOOK_MS = 50;
const STUCK_MS = 60_000;
const FEED = {
  'errors.retry.delay.ms': 100,
  'errors.retry.delay.max.ms': 2000,
  'transaction.boundary.interval.ms': 50,
};

export const FENCING_FAULTS: readonly Fault[] = [
  {
    name: 'tasks-max-suspended',
    doc: 'SIGSTOP of a worker, another with a different tasks.max loads everything, SIGCONT: the first writes nothing',
    play: playSuspended,
  },
  {
    name: 'tasks-max-alive',
    doc: 'a worker with a different tasks.max starts while the first is at work: the first ends',
    play: playAlive,
  },
  {
    name: 'tasks-max-at-once',
    doc: 'two workers with different tasks.max start at the same time: one of them delivers',
    play: playAtOnce,
  },
];

interface Counts {
  readonly before: number;
  readonly after: number;
}

/** Two numbers of tasks that differ, either of them the greater. */
function countsOf({ random, say }: Ground): Counts {
  const before = 1 + Math.floor(random() * MOST_TASKS);
  const after = 1 + ((before + Math.floor(random() * (MOST_TASKS - 1))) % MOST_TASKS);
  say(`tasks.max from ${before} to ${after}`);
  return { before, after };
}

function beginTrial(ground: Ground, tasksMax: number): Promise<Trial> {
  return Trial.begin(ground, {
    rows: ROWS,
    files: FILES,
    feed: { ...FEED, 'tasks.max': tasksMax },
    worker: { 'request.timeout.ms': REQUEST_TIMEOUT_MS },
  });
}

async function playSuspended(ground: Ground): Promise<Outcome> {
  const { before, after } = countsOf(ground);
  const trial = await beginTrial(ground, before);
  try {
    const old = trial.start();
    await atWork(old, ground);
    old.signal('SIGSTOP');
    await trial.load.configure({ ...FEED, 'tasks.max': after });
    const successor = trial.start();
    await trial.delivered(successor);
    const rows = await trial.visibleUncommitted();
    old.signal('SIGCONT');
    const wrong = await ended(old, before, successor);
    const written = (await trial.visibleUncommitted()) - rows;
    if (written > 0) wrong.push(`the suspended worker has written ${written} records`);
    return await finish(trial, old, successor, { before, after }, wrong);
  } finally {
    await trial.close();
  }
}

async function playAlive(ground: Ground): Promise<Outcome> {
  const { before, after } = countsOf(ground);
  const trial = await beginTrial(ground, before);
  const barrier = new Barrier();
  try {
    // One commit is held back, so that the first is not done before the second has begun.
    const number = 2 + Math.floor(ground.random() * 6);
    const held = new Strike('request', API.endTxn, number, (link) => {
      link.outliveClient();
      return barrier.wait();
    });
    ground.gate.current = held;
    const old = trial.start();
    await held.struck.promise;
    ground.gate.current = OPEN;
    await trial.load.configure({ ...FEED, 'tasks.max': after });
    const successor = trial.start();
    await successor.waitFor('task running', STUCK_MS);
    barrier.open();
    const wrong = await ended(old, before, successor);
    await trial.delivered(successor);
    return await finish(trial, old, successor, { before, after }, wrong);
  } finally {
    barrier.open();
    await trial.close();
    ground.gate.current = OPEN;
  }
}

async function playAtOnce(ground: Ground): Promise<Outcome> {
  const { before, after } = countsOf(ground);
  const trial = await beginTrial(ground, before);
  try {
    const one = trial.start();
    // The second is to read another configuration, and else to be as near as chance has it.
    await delay(between(ground.random, 150, 900));
    await trial.load.configure({ ...FEED, 'tasks.max': after });
    const other = trial.start();
    await emptied(trial);
    const failed = [one, other].filter(({ lines }) => lines.some(({ msg }) => msg === 'task failed'));
    const wrong = failed.length > 1 ? ['both workers have shut out each other'] : [];
    return await finish(trial, one, other, { before, after }, wrong);
  } finally {
    await trial.close();
  }
}

/** A while after files are being read, as chance has it. */
async function atWork(daemon: HeadraceProcess, { random }: Ground): Promise<void> {
  const seen = new Set<unknown>();
  const files = 1 + Math.floor(random() * 3);
  await daemon.waitFor(({ msg, file }) => {
    if (msg === 'file reading') seen.add(file);
    return seen.size >= files;
  }, STUCK_MS);
  await delay(between(random, 0, 100));
}

/** Every task of the old worker must end, told who has taken over. */
async function ended(old: HeadraceProcess, tasks: number, by: HeadraceProcess): Promise<string[]> {
  const wrong: string[] = [];
  for (let task = 0; task < tasks; task++) {
    const isEnd = (line: LogLine) =>
      line.task === task && (line.msg === 'task failed' || line.msg === 'task completed');
    const { error } = await old.waitFor(isEnd, STUCK_MS);
    const { code, message = '' } = (error ?? {}) as { code?: string; message?: string };
    if (code !== 'KAFKA_FENCED') wrong.push(`task ${task} ended with ${code}, not with KAFKA_FENCED`);
    else if (!message.includes(`process ${by.pid} on ${hostname()}`)) {
      wrong.push(`task ${task} was not told who has taken over: ${message}`);
    }
  }
  return wrong;
}

async function emptied(trial: Trial): Promise<void> {
  const began = performance.now();
  while ((await trial.load.waiting()).length > 0) {
    if (performance.now() - began > STUCK_MS) throw new Error('neither of the workers goes on');
    await delay(LOOK_MS);
  }
}

async function finish(
  trial: Trial,
  old: HeadraceProcess,
  successor: HeadraceProcess,
  { before, after }: Counts,
  wrong: string[],
): Promise<Outcome> {
  const code = await old.stop();
  if (code !== 0) wrong.push(`the old worker ended with code ${code} when it was told to stop`);
  return trial.finish(successor, [['tasks.max', `${before} to ${after}`]], wrong);
}

import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import type { Throttle } from '../../kafka/connection/connection.ts';
import { OWN_VERSION } from '../../own-modules.ts';
import type { Sleep } from '../../plugin/index.ts';
import { reportOf } from '../events/error-report.ts';
import type { ErrorReport, RuntimeEvent } from '../events/events.ts';
import { RowTaps } from '../tap/row-taps.ts';
import { openTraces, type TaskTraces } from '../traces/task-traces.ts';
import { feedOf } from '../worker/feed.ts';
import { workerClient } from '../worker/kafka-client-config.ts';
import { tellPrinted } from './printed.ts';
import { Retries } from './retries.ts';
import { runTask } from './run-task.ts';
import type { MaySleep, Sleeping, TaskCommand, TaskIdentity, TaskMessage, TaskPlan } from './task-plan.ts';
import { secretHider, withoutSecrets } from './without-secrets.ts';

/** Brokers measure over eleven seconds as a rule (`quota.window.num` and `.size.seconds`). */
const QUIET_MS = 30_000;

/** Tells when a task begins to be throttled, so that it is said once and not with every answer. */
class ThrottleEpisodes {
  /** By the clock of `performance.now`. */
  #overAt = Number.NEGATIVE_INFINITY;

  /** Whether an episode begins with this throttle. */
  add({ throttleMs }: Throttle): boolean {
    const now = performance.now();
    const begins = now > this.#overAt;
    this.#overAt = Math.max(this.#overAt, now + throttleMs + QUIET_MS);
    return begins;
  }
}

const identity = workerData as TaskIdentity;
const { connector, taskId: task } = identity;
const stop = new AbortController();
const othersWait = new AbortController();
const tell = (message: TaskMessage) => parentPort?.postMessage(message);
const retries = new Retries((count) => tell({ type: 'retrying', count }));
const taps = new RowTaps(tell);
let traces: TaskTraces | null = null;
const publish = (event: RuntimeEvent) => {
  tell({ type: 'event', event });
  traces?.apply(event);
};

tellPrinted((fields) => publish({ type: 'log', connector, task, level: 'info', message: 'printed', fields }));

/** Read, with its plugins, before the task may begin; what is wrong with them is told once it has. */
const feed = feedOf(identity.feed, identity.worker);
feed.catch(() => {});

let hasBegun = false;

parentPort?.on('message', (command: TaskCommand) => {
  if (command.type === 'begin') {
    hasBegun = true;
    run({ ...identity, hold: command.hold, isRestart: command.isRestart }, command)
      .then(() => traces?.close(null), failed)
      .finally(() => {
        taps.tellRest();
        parentPort?.close();
      });
    return;
  }
  if (command.type === 'tap' || command.type === 'untap') {
    taps.take(command);
    return;
  }
  if (command.type === 'retry') {
    retries.ask(command.files);
    return;
  }
  if (command.type === 'giveWay') {
    othersWait.abort();
    return;
  }
  stop.abort();
  if (!hasBegun) parentPort?.close();
});

async function run(plan: TaskPlan, { maySleep, note }: MaySleep): Promise<void> {
  const read = await feed;
  const { config } = read;
  traces = await openTraces(OWN_VERSION, noTraces);
  const of = { connector, task };
  const throttles = new ThrottleEpisodes();
  const client = workerClient(
    plan.worker,
    (level, message, fields) => publish({ type: 'log', ...of, level, message, fields }),
    (throttle) => publish({ type: 'kafka.throttled', ...of, ...throttle, begins: throttles.add(throttle) }),
  );
  let sleeping: Sleeping | null = null;
  const sleep: Sleep = {
    note,
    othersWait: othersWait.signal,
    begin: (left, until) => {
      sleeping = { note: left, until };
    },
  };
  const outcome = await runTask({
    plan,
    config,
    client,
    publish,
    traces,
    signal: stop.signal,
    retries,
    tap: taps.of(config, plan, () => secretHider(read, plan.worker)),
    ...(maySleep && { sleep }),
    onReading: () => tell({ type: 'reading' }),
  });
  tell(
    outcome === 'COMPLETED' && sleeping !== null
      ? { type: 'asleep', ...(sleeping as Sleeping) }
      : { type: 'ended', outcome },
  );
}

/** Rows are delivered whatever becomes of what is told of them. */
function noTraces(error: unknown): void {
  const fields = { reason: messageOf(error) };
  const message = 'traces cannot be told; the task goes on without them';
  publish({ type: 'log', connector, task, level: 'warn', message, fields });
}

/** A task that fails while it is being stopped loses nothing: it goes on from its last commit when it is started again. */
async function failed(error: unknown): Promise<void> {
  const report = await feed.then(
    (read) => withoutSecrets(reportOf(error), read, identity.worker),
    () => reportOf(error),
  );
  if (stop.signal.aborted) tellStopped(report);
  else tell({ type: 'failed', error: report });
  await traces?.close(report.code);
}

function tellStopped({ message: reason }: ErrorReport): void {
  publish({
    type: 'log',
    connector,
    task,
    level: 'warn',
    message: 'stopped before the last commit',
    fields: { reason },
  });
  tell({ type: 'ended', outcome: 'STOPPED' });
}

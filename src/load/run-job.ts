import { reportOf } from '../runtime/events/error-report.ts';
import type { ErrorReport, RuntimeEvent } from '../runtime/events/events.ts';
import { taskSplitOf } from '../runtime/plugins/source-answers.ts';
import { Herder } from '../runtime/worker/herder.ts';
import type { JobEnd } from './job-end.ts';
import type { JobPlan } from './job-plan.ts';
import type { Patience } from './load-options.ts';

export interface JobRunOptions {
  readonly plan: JobPlan;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RuntimeEvent) => void;
  /** Asked after each commit, and when a file is given up: an error ends the job. */
  readonly verdict: () => ErrorReport | null;
}

/** Runs a job in a worker of its own, as the daemon runs a feed, until it is done, told to stop, or given up. */
export async function runJob({ plan, patience, signal, onEvent, verdict }: JobRunOptions): Promise<JobEnd> {
  const herder = new Herder({ worker: plan.worker });
  const end = Promise.withResolvers<JobEnd>();
  const fail = (error: ErrorReport) => end.resolve({ state: 'FAILED', error });
  const outage = new Outage(fail);
  const stop = () => end.resolve({ state: 'STOPPED', error: null });
  signal.addEventListener('abort', stop);
  herder.events.subscribe((event) => {
    onEvent(event);
    if (event.type === 'worker.waiting') outage.begin(patience.startMs, unavailable(event.reason));
    if (event.type === 'transaction.committed') outage.over();
    if (event.type === 'transaction.committed' || event.type === 'file.state') {
      const error = verdict();
      if (error !== null) fail(error);
    }
    if (event.type !== 'task.state') return;
    if (event.state === 'RESTARTING' && event.error !== undefined)
      outage.begin(patience.outageMs, event.error);
    const failure = failureOf(herder);
    if (failure !== null) fail(failure);
  });
  outage.begin(patience.startMs, unanswered(plan.worker.bootstrapServers, patience.startMs));
  taskSplitOf(plan.feed.config)
    .then((tasks) => herder.start([{ ...plan.feed, tasks }]))
    .then(() => outage.over())
    .then(() => herder.completed())
    .then(
      () => end.resolve({ state: 'COMPLETED', error: null }),
      (error) => fail(reportOf(error)),
    );
  if (signal.aborted) stop();
  try {
    return await end.promise;
  } finally {
    outage.over();
    signal.removeEventListener('abort', stop);
    await herder.stop();
  }
}

/** One task that failed holds up no other: null until all of them have come to their end, or none has failed. */
function failureOf({ connectors }: Herder): ErrorReport | null {
  const tasks = [...connectors.values()].flatMap((connector) => connector.tasks);
  if (!tasks.every(({ state }) => state === 'COMPLETED' || state === 'FAILED')) return null;
  return tasks.find(({ state }) => state === 'FAILED')?.error ?? null;
}

function unavailable(message: string): ErrorReport {
  return { code: 'KAFKA_UNAVAILABLE', message, retriable: true };
}

function unanswered(servers: readonly string[], afterMs: number): ErrorReport {
  const where = JSON.stringify(servers.join(','));
  return unavailable(
    `Kafka did not answer within ${afterMs / 1000} s: bootstrap.servers ${where}. See that the address is right and nothing on the way there drops what is sent.`,
  );
}

/** Time without progress, since the first failure. */
class Outage {
  readonly #giveUp: (error: ErrorReport) => void;
  #timer: NodeJS.Timeout | null = null;
  #error: ErrorReport | null = null;

  constructor(giveUp: (error: ErrorReport) => void) {
    this.#giveUp = giveUp;
  }

  /** Something failed. Given up `timeoutMs` after the first of a row of failures, with the last of their reasons. */
  begin(timeoutMs: number, error: ErrorReport): void {
    this.#error = error;
    this.#timer ??= setTimeout(() => this.#giveUp(this.#error ?? error), timeoutMs);
  }

  over(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

import { parseErrorLimit } from '../config/define/error-limit.ts';
import { HeadraceError, messageOf } from '../errors.ts';
import { retryWhile } from '../kafka/connection/retry.ts';
import { reportOf } from '../runtime/events/error-report.ts';
import type { ErrorReport, FileStateEvent, RuntimeEvent } from '../runtime/events/events.ts';
import { workerClient } from '../runtime/worker/kafka-client-config.ts';
import { withinGrace } from '../runtime/worker/within-grace.ts';
import { forgetJob } from './forget-job.ts';
import { type JobEnd, judged } from './job-end.ts';
import type { JobPlan } from './job-plan.ts';
import { JobTracker } from './job-tracker.ts';
import type { LoadFile } from './load-files.ts';
import { type LoadOptions, PATIENCE, type Patience } from './load-options.ts';
import { type LoadPhase, progressOf } from './load-progress.ts';
import { type JobResult, jobResult, type LoadResult, loadResult } from './load-result.ts';
import { removeIfWithoutRows } from './rejected-file.ts';
import { runJob } from './run-job.ts';
import { spool } from './standard-input.ts';

interface Job {
  readonly plan: JobPlan;
  readonly tracker: JobTracker;
}

/** What a load has to do for files that were found. */
export type Planner = (files: readonly LoadFile[]) => Promise<readonly JobPlan[]>;

const NOT_BEGUN: JobEnd = { state: 'STOPPED', error: null };

/** One load under way: its jobs one after another, up to the first that does not complete. */
export class LoadRun {
  readonly #options: LoadOptions;
  readonly #patience: Patience;
  readonly #signal: AbortSignal;
  readonly #standardInput: LoadFile | null;
  readonly #plan: Planner;
  readonly #startedAt = performance.now();
  #jobs: readonly Job[];
  #current: Job;
  #phase: LoadPhase = 'STARTING';
  #reason: string | null = null;
  #isSpooled = false;
  #isBegunAnew = false;
  /** Of the first file that had too many bad rows. */
  #budgetSpent: string | null = null;

  /** @param plan is asked again for what standard input has brought */
  constructor(
    options: LoadOptions,
    plans: readonly JobPlan[],
    standardInput: LoadFile | null,
    plan: Planner,
  ) {
    this.#options = options;
    this.#patience = { ...PATIENCE, ...options.patience };
    this.#signal = options.signal ?? new AbortController().signal;
    this.#standardInput = standardInput;
    this.#plan = plan;
    this.#jobs = plans.map((plan) => ({ plan, tracker: new JobTracker(plan.files) }));
    this.#current = this.#jobs[0] as Job;
  }

  async run(): Promise<LoadResult> {
    const tellsStop = () => this.#tell('STOPPING');
    this.#signal.addEventListener('abort', tellsStop);
    const ends = new Map<Job, JobEnd>();
    try {
      const failure = await this.#prepare();
      if (failure !== null) ends.set(this.#current, failure);
      else await this.#runJobs(ends);
    } finally {
      this.#signal.removeEventListener('abort', tellsStop);
    }
    return this.#result(ends);
  }

  /** What comes before the first job. null when the jobs may begin. */
  async #prepare(): Promise<JobEnd | null> {
    try {
      await this.#takeStandardInput();
      await this.#forget();
      return null;
    } catch (error) {
      if (this.#signal.aborted) return NOT_BEGUN;
      return { state: 'FAILED', error: reportOf(error) };
    }
  }

  async #takeStandardInput(): Promise<void> {
    const file = this.#standardInput;
    if (file === null) return;
    this.#tell('SPOOLING');
    const { standardInput = process.stdin } = this.#options;
    const bytes = await spool(standardInput, file, (read) => this.#know(file, read), this.#signal);
    this.#know(file, bytes);
    this.#isSpooled = true;
    await this.#planAnew(this.#jobs.flatMap(({ plan }) => plan.files));
    this.#tell('STARTING');
  }

  /** What is to be found at the beginning of standard input is there by now. */
  async #planAnew(files: readonly LoadFile[]): Promise<void> {
    this.#jobs = (await this.#plan(files)).map((plan) => ({ plan, tracker: new JobTracker(plan.files) }));
    this.#current = this.#jobs[0] as Job;
  }

  /** Standard input has its size only when all of it has come. */
  #know(file: LoadFile, bytes: number): void {
    this.#jobs = this.#jobs.map(({ plan }) => {
      const files = plan.files.map((each) => (each.path === file.path ? { ...each, bytes } : each));
      return { plan: { ...plan, files }, tracker: new JobTracker(files) };
    });
    this.#current = this.#jobs[0] as Job;
    this.#tell(this.#phase);
  }

  async #forget(): Promise<void> {
    if (this.#options.restart !== true) return;
    const options = {
      timeoutMs: this.#patience.startMs,
      firstDelayMs: 500,
      maxDelayMs: 5000,
      signal: this.#signal,
      onRetry: (error: unknown) => this.#tell('WAITING', messageOf(error)),
    };
    const mayPass = (error: unknown) => error instanceof HeadraceError && error.retriable;
    for (const { plan } of this.#jobs) {
      const client = workerClient(plan.worker, () => {});
      const gracefulMs = plan.worker.taskShutdownGracefulTimeoutMs;
      await retryWhile(mayPass, options, () =>
        withinGrace(forgetJob(client, plan, this.#signal), this.#signal, gracefulMs),
      );
    }
    this.#isBegunAnew = true;
  }

  async #runJobs(ends: Map<Job, JobEnd>): Promise<void> {
    for (const job of this.#jobs) {
      this.#current = job;
      this.#options.onJob?.(job.plan.feed.config);
      this.#tell('STARTING');
      const end = await this.#runJob(job);
      ends.set(job, end);
      if (end.state !== 'COMPLETED') return;
    }
  }

  async #runJob({ plan, tracker }: Job): Promise<JobEnd> {
    const end = await runJob({
      plan,
      patience: this.#patience,
      signal: this.#signal,
      onEvent: (event) => this.#onEvent(event, tracker),
      verdict: () => this.#verdict(),
    });
    const { deadLetterFile } = plan.feed.config.errors;
    if (deadLetterFile !== null) await this.#removeEmpty(deadLetterFile, plan.feed.config.tasksMax);
    return judged(end, tracker);
  }

  async #removeEmpty(deadLetterFile: string, tasks: number): Promise<void> {
    await removeIfWithoutRows(deadLetterFile);
    for (let task = 0; tasks > 1 && task < tasks; task++)
      await removeIfWithoutRows(`${deadLetterFile}.${task}`);
  }

  #onEvent(event: RuntimeEvent, tracker: JobTracker): void {
    tracker.apply(event);
    this.#options.onEvent?.(event);
    if (event.type === 'worker.waiting') this.#tell('WAITING', event.reason);
    else if (event.type === 'task.state' && event.state === 'RESTARTING') {
      this.#tell('WAITING', event.error?.message ?? null);
    } else if (event.type === 'transaction.committed') this.#tell('LOADING');
    else if (event.type === 'file.state') this.#onFileState(event);
  }

  /** After a failure it is only with a commit that the load goes on: to read a file, Kafka is not needed. */
  #onFileState({ state, detail }: FileStateEvent): void {
    if (detail.code === 'ERROR_BUDGET_EXCEEDED') this.#budgetSpent ??= String(detail.error);
    if (state === 'READING' && this.#phase === 'STARTING') this.#tell('LOADING');
    else this.#publish();
  }

  /** `errors.max` of a feed gives one file up; what the command line allows is for all of the load. */
  #verdict(): ErrorReport | null {
    const { maxErrors } = this.#options;
    if (maxErrors === undefined) return null;
    if (this.#budgetSpent !== null) return budgetExceeded(this.#budgetSpent);
    const limit = parseErrorLimit(String(maxErrors));
    if (limit?.kind !== 'count') return null;
    const rejected = this.#jobs.reduce((sum, { tracker }) => sum + tracker.rows.rejected, 0);
    if (rejected <= limit.count) return null;
    return budgetExceeded(`${rejected} rows are rejected in all, --max-errors allows ${limit.count}`);
  }

  #tell(phase: LoadPhase, reason: string | null = null): void {
    if (this.#phase === 'STOPPING') return this.#publish();
    this.#phase = phase;
    this.#reason = reason;
    this.#publish();
  }

  #publish(): void {
    const trackers = this.#jobs.map(({ tracker }) => tracker);
    const { plan, tracker } = this.#current;
    this.#options.onProgress?.(progressOf(trackers, { job: plan.job, tracker }, this.#phase, this.#reason));
  }

  #result(ends: ReadonlyMap<Job, JobEnd>): LoadResult {
    const jobs: JobResult[] = this.#jobs.map((job) =>
      jobResult(job.plan, job.tracker, ends.get(job) ?? NOT_BEGUN),
    );
    const wasDelivered = this.#jobs.every(({ tracker }) => tracker.wasDelivered);
    return loadResult(jobs, {
      durationMs: performance.now() - this.#startedAt,
      wasDelivered,
      isBegunAnew: this.#isBegunAnew,
      spool: this.#isSpooled ? (this.#standardInput?.path ?? null) : null,
      dryRun: null,
    });
  }
}

function budgetExceeded(message: string): ErrorReport {
  return { code: 'ERROR_BUDGET_EXCEEDED', message, retriable: false };
}

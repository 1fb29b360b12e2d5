import type { ConnectorConfig } from '../config/connector-config.ts';
import { parseErrorLimit } from '../config/define/error-limit.ts';
import { readDataFile, sourceFile } from '../dry-run/data-file.ts';
import { batchesOf, contextOf, encoderOf } from '../dry-run/offline-parts.ts';
import { HeadraceError } from '../errors.ts';
import { FileRejected, type SourceChunk, type SourceFile } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { reportOf } from '../runtime/events/error-report.ts';
import type { RejectedRow, RuntimeEvent } from '../runtime/events/events.ts';
import { HeaderCheck } from '../runtime/stages/header-check.ts';
import { RowLimit } from '../runtime/stages/row-limit.ts';
import type { TransformationStage } from '../runtime/stages/transformation-stage.ts';
import { createStages } from '../runtime/task/task-plugins.ts';
import { MAX_EXAMPLES } from '../sink/tally.ts';
import { DryRows, type Unplaced } from './dry-rows.ts';
import { type JobEnd, judged } from './job-end.ts';
import type { JobPlan } from './job-plan.ts';
import { JobTracker } from './job-tracker.ts';
import type { LoadFile } from './load-files.ts';
import type { LoadOptions } from './load-options.ts';
import { type JobResult, jobResult, type LoadResult, loadResult } from './load-result.ts';

/**
 * Takes the files of a load through its feeds, whole, and sends nothing: what it gives is what a load would, had none of
 * them been loaded before. Neither Kafka nor a schema registry is asked.
 */
export async function dryLoad(plans: readonly JobPlan[], options: LoadOptions): Promise<LoadResult> {
  const startedAt = performance.now();
  const examples: RejectedRow[] = [];
  const jobs: JobResult[] = [];
  let hasFailed = false;
  let rejected = 0;
  for (const plan of plans) {
    const tracker = new JobTracker(plan.files);
    const job = new DryJob(plan, tracker, options, rejected, examples);
    const end: JobEnd = hasFailed ? { state: 'STOPPED', error: null } : judged(await job.run(), tracker);
    hasFailed ||= end.state !== 'COMPLETED';
    rejected += tracker.rows.rejected;
    jobs.push({ ...jobResult(plan, tracker, end), deadLetterFile: null, deadLetterTopic: null });
  }
  return loadResult(jobs, {
    durationMs: performance.now() - startedAt,
    wasDelivered: false,
    isBegunAnew: false,
    spool: null,
    dryRun: { examples },
  });
}

/** The files of one feed. */
class DryJob {
  readonly #plan: JobPlan;
  readonly #tracker: JobTracker;
  readonly #options: LoadOptions;
  readonly #rejectedBefore: number;
  readonly #examples: RejectedRow[];
  readonly #limit = new RowLimit();
  /** The first file that was given up. */
  #leftOver: FileRejected | null = null;

  constructor(
    plan: JobPlan,
    tracker: JobTracker,
    options: LoadOptions,
    rejectedBefore: number,
    examples: RejectedRow[],
  ) {
    this.#plan = plan;
    this.#tracker = tracker;
    this.#options = options;
    this.#rejectedBefore = rejectedBefore;
    this.#examples = examples;
  }

  async run(): Promise<JobEnd> {
    const { config } = this.#plan.feed;
    const context = contextOf(config.name);
    try {
      const stages = await createStages(config, context);
      try {
        await this.#runFiles(config, stages);
      } finally {
        for (const stage of stages) await stage.close();
      }
    } catch (error) {
      if (this.#options.signal?.aborted) return { state: 'STOPPED', error: null };
      if (!(error instanceof HeadraceError)) throw error;
      return { state: 'FAILED', error: reportOf(error) };
    }
    if (this.#leftOver !== null) return { state: 'FAILED', error: reportOf(this.#leftOver) };
    return { state: 'COMPLETED', error: null };
  }

  async #runFiles(config: ConnectorConfig, stages: readonly TransformationStage[]): Promise<void> {
    const headers = await HeaderCheck.of(config, (file, reason, message) => {
      const level = message === 'file lacks columns' ? 'warn' : 'info';
      this.#publish({ type: 'log', level, message, fields: { file, reason } });
    });
    const encoder = await encoderOf(config, contextOf(config.name));
    const rows = new DryRows(config, encoder, (event) => this.#publish(event));
    for await (const batch of await batchesOf(config, this.#chunks(), { headers })) {
      this.#options.signal?.throwIfAborted();
      if (batch instanceof Error) this.#giveUp(batch);
      else await this.#take(batch, stages, rows);
      this.#requireBudget();
    }
  }

  async #take(batch: RowBatch, stages: readonly TransformationStage[], rows: DryRows): Promise<void> {
    if (rows.isGivenUp(batch.file)) return batch.release();
    const wanted = this.#limit.take(batch);
    if (wanted === null) return;
    try {
      for (const stage of stages) await stage.run(wanted);
      rows.take(wanted);
    } catch (error) {
      if (!(error instanceof FileRejected)) throw error;
      this.#giveUp(error);
    } finally {
      wanted.release();
    }
  }

  async *#chunks(): AsyncGenerator<SourceChunk | FileRejected> {
    for (const file of this.#plan.files) {
      this.#publish({ type: 'file.state', file: file.path, state: 'READING', detail: {} });
      try {
        yield* chunksOf(file);
      } catch (error) {
        if (!(error instanceof HeadraceError)) throw error;
        yield new FileRejected(sourceFile(file.path, file.bytes), error.code, error.message, error);
      }
    }
  }

  #giveUp(error: Error): void {
    if (!(error instanceof FileRejected)) throw error;
    this.#leftOver ??= error;
    const detail = { code: error.code, error: error.message };
    const { archive, path } = error.file;
    this.#publish({ type: 'file.state', file: archive?.path ?? path, state: 'FAILED', detail });
  }

  /** As for a load: a feed's limit is for a file, that of the command line for all of them. */
  #requireBudget(): void {
    const { maxErrors } = this.#options;
    if (maxErrors === undefined) return;
    if (this.#leftOver?.code === 'ERROR_BUDGET_EXCEEDED') throw this.#leftOver;
    const limit = parseErrorLimit(String(maxErrors));
    const rejected = this.#rejectedBefore + this.#tracker.rows.rejected;
    if (limit?.kind !== 'count' || rejected <= limit.count) return;
    const message = `${rejected} rows are rejected in all, --max-errors allows ${limit.count}`;
    throw new HeadraceError('ERROR_BUDGET_EXCEEDED', message);
  }

  #publish(event: Unplaced): void {
    const placed = { ...event, connector: this.#plan.job, task: 0 } as RuntimeEvent;
    if (placed.type === 'rows.rejected') {
      for (const row of placed.examples) if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(row);
    }
    this.#tracker.apply(placed);
    this.#options.onEvent?.(placed);
  }
}

async function* chunksOf(loaded: LoadFile): AsyncGenerator<SourceChunk> {
  const files = new Map<SourceFile, SourceFile>();
  let isOver = false;
  const enough = () => {
    isOver = true;
  };
  for await (const chunk of readDataFile(loaded)) {
    const file = files.get(chunk.file) ?? { ...chunk.file, rowLimit: loaded.rowLimit, enough };
    files.set(chunk.file, file);
    yield { ...chunk, file };
    if (isOver) return;
  }
}

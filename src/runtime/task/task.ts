import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../../errors.ts';
import { ProducerFigures } from '../../kafka/producer/producer-figures.ts';
import { RecordsRefused } from '../../kafka/producer/refused-batch.ts';
import type { TransactionalProducer } from '../../kafka/producer/transactional-producer.ts';
import type { CommittedOffsets } from '../../offsets/committed-offsets.ts';
import type { FileRejected, FileState, SourcePartition, SourceTask } from '../../plugin/index.ts';
import type { KafkaSink } from '../../sink/kafka-sink.ts';
import type { SentOffset } from '../../sink/sink-transaction.ts';
import type { CommitSummary } from '../../sink/tally.ts';
import type { TopicInfo } from '../../sink/topic-directory.ts';
import { type CsvDeadLetterFile, DeadLetterFileDisplaced } from '../dead-letter-file/dead-letter-file.ts';
import { openDeadLetterFile } from '../dead-letter-file/dead-letter-files.ts';
import { committedEvent, rejectedEvent } from '../events/summary-events.ts';
import { TaskMetrics } from '../plugin-metrics/task-metrics.ts';
import { HeaderCheck } from '../stages/header-check.ts';
import { ParseStream } from '../stages/parse-stream.ts';
import { chunksInPlace } from '../stages/source-chunks.ts';
import { TransformStream } from '../stages/transform-stream.ts';
import { requireClaim } from '../worker/take-over.ts';
import { FileTimes } from './file-times.ts';
import type { SharedContext } from './plugin-context.ts';
import { ReleaseStack } from './release-stack.ts';
import type { TaskEnvironment } from './task-environment.ts';
import { explained } from './task-failure.ts';
import { readOffsets, requireOffsetsTopic, storeMark } from './task-offsets.ts';
import { createParser, createSource, createStages, parserUse, sourceUse } from './task-plugins.ts';
import { startProducer } from './task-producer.ts';
import { createSink } from './task-sink.ts';

/** How often it is told what plugins and producers count. */
const METRICS_MS = 1_000;

/** How a task ended, if it did not fail. */
export type TaskOutcome = 'COMPLETED' | 'STOPPED';

/**
 * Runs one task from fencing to the end, by the order that exactly-once needs: the producer fences whoever came
 * before, then the offsets are read, then the source is opened at them.
 */
export class Task {
  readonly #environment: TaskEnvironment;
  readonly #context: SharedContext;
  readonly #figures = new ProducerFigures();
  readonly #times: FileTimes;
  /** The one that was committed last. */
  #transaction: string | null = null;
  readonly #releases = new ReleaseStack();
  /** Ends the source when the task is told to stop and when the pipeline fails. */
  readonly #sourceEnd = new AbortController();
  /** The first file that was given up and that the source could not deal with. */
  #leftOver: FileRejected | null = null;
  /** null until rows may come. */
  #sink: KafkaSink | null = null;

  constructor(environment: TaskEnvironment) {
    this.#environment = environment;
    const { plan, publish, signal } = environment;
    const of = { connector: plan.connector, task: plan.taskId };
    const log =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (message: string, fields = {}) =>
        publish({ type: 'log', ...of, level, message, fields });
    const ownLog = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
    this.#times = new FileTimes(plan.worker.logProgressIntervalMs);
    this.#context = {
      connector: plan.connector,
      taskId: plan.taskId,
      signal: AbortSignal.any([signal, this.#sourceEnd.signal]),
      log: ownLog,
      metrics: new TaskMetrics(Object.keys(environment.config.metricsLabels), ownLog),
    };
    this.#tellMetrics();
  }

  /** Apart from transactions: they are also of rows that no transaction holds, and of a plugin's other doings. */
  #tellMetrics(): void {
    const { plan, publish } = this.#environment;
    const tell = () => {
      const changes = this.#context.metrics.take();
      const of = { connector: plan.connector, task: plan.taskId };
      if (changes.length > 0) publish({ type: 'plugin.metrics', ...of, changes });
      const change = this.#figures.take();
      if (change !== null) publish({ type: 'producer.told', ...of, change });
    };
    const timer = setInterval(tell, METRICS_MS).unref();
    this.#releases.push(() => {
      clearInterval(timer);
      tell();
    });
  }

  /**
   * @returns AGAIN when Kafka refused records, which are known now: the next task goes on without them
   * @throws whatever ended the task; a HeadraceError says whether another try may help
   */
  async run(): Promise<TaskOutcome | 'AGAIN'> {
    try {
      return await this.#run();
    } finally {
      this.#sourceEnd.abort();
      await this.#releases.releaseAll((error) =>
        this.#context.log.warn('release failed', { reason: messageOf(error) }),
      );
    }
  }

  async #run(): Promise<TaskOutcome | 'AGAIN'> {
    const { plan, signal } = this.#environment;
    const topic = await requireOffsetsTopic(this.#environment);
    // A worker that was taken over must not shut out its successor's task by asking for its id.
    if (plan.isRestart) await this.#requireClaim();
    const producer = await startProducer(this.#environment, this.#figures);
    this.#releases.push(() => producer.close());
    await this.#requireClaim();
    const offsets = await readOffsets(this.#environment, topic.name);
    const source = await this.#createSource(offsets);
    try {
      await this.#stream(source, producer, topic, offsets);
    } catch (error) {
      if (error instanceof RecordsRefused) return this.#goOnWithout(error);
      if (error instanceof DeadLetterFileDisplaced) return 'AGAIN';
      throw await explained(error, this.#environment, producer);
    }
    if (signal.aborted) return 'STOPPED';
    if (this.#leftOver !== null) throw this.#leftOver;
    return 'COMPLETED';
  }

  #goOnWithout({ message }: RecordsRefused): 'AGAIN' {
    this.#context.log.warn('Kafka refused records; going on from the last commit without them', {
      reason: message,
    });
    return 'AGAIN';
  }

  /** @throws HeadraceError KAFKA_FENCED when another worker has taken the connector over. */
  async #requireClaim(): Promise<void> {
    const { client, plan, signal } = this.#environment;
    const claim = plan.hold?.claim ?? null;
    if (claim !== null) await requireClaim(client, plan.worker, plan.connector, claim, signal);
  }

  async #createSource(offsets: CommittedOffsets): Promise<SourceTask> {
    const { config, plan, publish } = this.#environment;
    const of = { connector: plan.connector, task: plan.taskId };
    const fileState = (file: string, state: FileState, detail: Readonly<Record<string, unknown>> = {}) => {
      const times = this.#times.of(file, state, detail);
      const by = state === 'DELIVERED' && 'durationMs' in times ? { transaction: this.#transaction } : {};
      publish({ type: 'file.state', ...of, file, state, detail: { ...detail, ...times, ...by } });
    };
    const forget = (partitions: readonly SourcePartition[]) =>
      this.#sink?.forget(partitions.flatMap((partition) => offsets.tombstonesOf(partition)));
    const { retries, sleep } = this.#environment;
    const rest = sleep === undefined ? {} : { sleep };
    const context = { ...this.#context, taskCount: plan.taskCount, offsets, forget, fileState, ...rest };
    const source = await createSource(config, context);
    const untell = retries?.takenBy((files) => source.retry?.(files));
    this.#releases.push(async () => {
      untell?.();
      await source.close?.();
    });
    return source;
  }

  async #stream(
    source: SourceTask,
    producer: TransactionalProducer,
    topic: TopicInfo,
    offsets: CommittedOffsets,
  ): Promise<void> {
    const { config } = this.#environment;
    const parser = await createParser(config, this.#context);
    const stages = await createStages(config, this.#context);
    for (const stage of stages) this.#releases.push(() => stage.close());
    const headers = await HeaderCheck.of(
      config,
      (file, reason, what) => {
        const { log } = this.#context;
        if (what === 'file lacks columns') log.warn(what, { file, reason });
        else log.info(what, { file, reason });
      },
      () => offsets.find({}),
    );
    const deadLetterFile = await this.#openDeadLetterFile(producer, topic, offsets);
    const sink = await createSink(this.#environment, this.#context, {
      producer,
      offsetsTopic: topic,
      offsets,
      headers,
      deadLetterFile,
      onOffsets: (records) => this.#offsetsCommitted(offsets, records),
      onCommitted: (summary) => this.#committed(source, summary),
      onFileRejected: (rejected) => this.#fileRejected(source, rejected),
      targetOf: async (file) => (await source.targetOf?.(file)) ?? null,
    });
    this.#sink = sink;
    sink.once('close', () => this.#sourceEnd.abort());
    this.#environment.onReading?.();
    await pipeline(
      Readable.from(chunksInPlace(source, sourceUse(config)), { objectMode: true, highWaterMark: 2 }),
      new ParseStream(parser, parserUse(config), { headers, signal: this.#context.signal }),
      new TransformStream(stages, config.errors.deadLetterContent === 'record', this.#environment.tap),
      sink,
    );
    // What a stop leaves open is being aborted.
    if (producer.state === 'READY') await deadLetterFile?.finish().catch(() => {});
  }

  async #openDeadLetterFile(
    producer: TransactionalProducer,
    topic: TopicInfo,
    offsets: CommittedOffsets,
  ): Promise<CsvDeadLetterFile | null> {
    const { config, plan } = this.#environment;
    if (config.errors.deadLetterFile === null) return null;
    const file = await openDeadLetterFile({
      path: config.errors.deadLetterFile,
      escapesFormulas: config.errors.escapesFormulas,
      content: config.errors.deadLetterContent,
      plan,
      offsets,
      store: (record) => storeMark(producer, topic, record, offsets),
      log: this.#context.log,
    });
    this.#releases.push(() => file.close());
    return file;
  }

  async #fileRejected(source: SourceTask, rejected: FileRejected): Promise<void> {
    if (source.failed === undefined) throw rejected;
    if (!(await source.failed(rejected.file, rejected))) this.#leftOver ??= rejected;
  }

  #offsetsCommitted(offsets: CommittedOffsets, records: readonly SentOffset[]): void {
    const { plan, publish } = this.#environment;
    const files = offsets.commit(records);
    if (files.length === 0) return;
    publish({ type: 'files.forgotten', connector: plan.connector, task: plan.taskId, files });
  }

  async #committed(source: SourceTask, summary: CommitSummary): Promise<void> {
    const { plan, publish, config } = this.#environment;
    const of = { connector: plan.connector, task: plan.taskId };
    const committed = committedEvent(of, summary);
    this.#transaction = summary.transaction;
    publish(committed);
    for (const file of committed.files) {
      const progress = this.#times.progress(file);
      if (progress !== null)
        this.#context.log.info('file progress', { ...progress, transaction: this.#transaction });
    }
    if (summary.outcome.rejected > 0) publish(rejectedEvent(of, summary, config.errors.includesValues));
    for (const { file, progress } of summary.files) await source.committed?.(file, progress);
  }
}

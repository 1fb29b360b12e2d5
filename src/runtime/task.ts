import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConnectorConfig } from '../config/connector-config.ts';
import { settingsFor } from '../config/topic-creation.ts';
import { HeadraceError, messageOf } from '../errors.ts';
import type { KafkaClient } from '../kafka/client.ts';
import { type LogRecord, readToEnd } from '../kafka/log-reader.ts';
import { RecordsRefused } from '../kafka/refused-batch.ts';
import { KafkaSink } from '../kafka/sink/kafka-sink.ts';
import { RecordTimes } from '../kafka/sink/record-times.ts';
import type { Refusals } from '../kafka/sink/refusals.ts';
import type { CommitSummary } from '../kafka/sink/tally.ts';
import { TopicDirectory, type TopicInfo } from '../kafka/sink/topic-directory.ts';
import { transactionMaxTimeoutMs } from '../kafka/transaction-timeout.ts';
import { TransactionalProducer } from '../kafka/transactional-producer.ts';
import { writeRecord } from '../kafka/write-record.ts';
import type {
  FileRejected,
  FileState,
  OffsetReader,
  Parser,
  PluginContext,
  SourceChunk,
  SourceTask,
} from '../plugin/index.ts';
import { CommittedOffsets } from '../storage/committed-offsets.ts';
import { decodeOffsetKey, encodeOffsetKey, encodeOffsetValue } from '../storage/offset-codec.ts';
import { versionHeaders } from '../storage/offset-version.ts';
import { type CsvDeadLetterFile, DeadLetterFileDisplaced } from './dead-letter-file.ts';
import { openDeadLetterFile } from './dead-letter-files.ts';
import type { MarkRecord } from './dead-letter-mark.ts';
import { ErrorPolicy } from './error-policy.ts';
import type { RuntimeEvent } from './events.ts';
import { expiredText } from './expired-text.ts';
import { findOffsetsTopicPatiently, type OffsetsTopic, offsetsTopic, topicAccess } from './kafka-access.ts';
import { requireSameOffsets } from './lost-offsets.ts';
import { ParseStream } from './parse-stream.ts';
import { ReleaseStack } from './release-stack.ts';
import { committedEvent, rejectedEvent } from './summary-events.ts';
import { requireClaim, taskId, withHolder } from './take-over.ts';
import type { TaskPlan } from './task-plan.ts';
import { createConverter, createStages } from './task-plugins.ts';
import { TransformStream } from './transform-stream.ts';

/** How long the brokers keep a transaction open whose producer has gone. */
const TRANSACTION_TIMEOUT_MS = 60_000;

export interface TaskEnvironment {
  readonly plan: TaskPlan;
  readonly config: ConnectorConfig;
  readonly client: KafkaClient;
  readonly publish: (event: RuntimeEvent) => void;
  /** Aborts when the task is to stop; what is under way is committed first. */
  readonly signal: AbortSignal;
  /** Outlives the task: what Kafka refused of the tasks before it in this thread. */
  readonly refusals: Refusals;
}

/** How a task ended, if it did not fail. */
export type TaskOutcome = 'COMPLETED' | 'STOPPED';

/**
 * Runs one task from fencing to the end, by the order that exactly-once needs: the producer fences whoever came
 * before, then the offsets are read, then the source is opened at them.
 */
export class Task {
  readonly #environment: TaskEnvironment;
  readonly #context: PluginContext;
  readonly #releases = new ReleaseStack();
  /** Ends the source when the task is told to stop and when the pipeline fails. */
  readonly #sourceEnd = new AbortController();
  /** The first file that was given up and that the source could not deal with. */
  #leftOver: FileRejected | null = null;

  constructor(environment: TaskEnvironment) {
    this.#environment = environment;
    const { plan, publish, signal } = environment;
    const of = { connector: plan.connector, task: plan.taskId };
    const log =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (message: string, fields = {}) =>
        publish({ type: 'log', ...of, level, message, fields });
    this.#context = {
      connector: plan.connector,
      taskId: plan.taskId,
      signal: AbortSignal.any([signal, this.#sourceEnd.signal]),
      log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    };
  }

  /** @throws whatever ended the task; a HeadraceError says whether another try may help. */
  /** @returns AGAIN when Kafka refused records, which are known now: the next task goes on without them. */
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
    const topic = await this.#offsetsTopic();
    // A worker that was taken over must not shut out its successor's task by asking for its id.
    if (plan.isRestart) await this.#requireClaim();
    const producer = await this.#startProducer();
    await this.#requireClaim();
    const offsets = await this.#readOffsets(topic.name);
    const source = await this.#createSource(offsets);
    try {
      await this.#stream(source, producer, topic, offsets);
    } catch (error) {
      if (error instanceof RecordsRefused) return this.#goOnWithout(error);
      if (error instanceof DeadLetterFileDisplaced) return 'AGAIN';
      throw await this.#explained(error, producer);
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

  /** What is behind an error of Kafka's that has a meaning for the connector as a whole. */
  async #explained(error: unknown, producer: TransactionalProducer): Promise<unknown> {
    if (!(error instanceof HeadraceError)) return error;
    if (error.code === 'KAFKA_FENCED') return this.#unlessOnlyLate(error, producer);
    if (error.code !== 'TOPIC_INVALID') return error;
    const lost: unknown = await this.#offsetsTopic().catch((reason) => reason);
    return lost instanceof HeadraceError && lost.code === 'OFFSETS_LOST' ? lost : error;
  }

  /** A process that was stopped for a while, or a machine that slept, goes on by itself; one that was replaced does not. */
  async #unlessOnlyLate(error: HeadraceError, producer: TransactionalProducer): Promise<HeadraceError> {
    if (!(await producer.wasOnlyLate().catch(() => false))) return this.#withHolder(error);
    // A file that takes longer than the brokers allow would do so every time.
    if (this.#environment.config.transaction.boundary === 'file') return error;
    return new HeadraceError(error.code, error.message, { cause: error, retriable: true });
  }

  async #withHolder(error: HeadraceError): Promise<HeadraceError> {
    const { client, plan } = this.#environment;
    const claim = plan.hold?.claim ?? null;
    return claim === null ? error : withHolder(client, plan.worker, plan.connector, claim, error);
  }

  /** The very topic that was there when the connector was started: in another one everything would count as not delivered. */
  async #offsetsTopic(): Promise<OffsetsTopic> {
    const { client, config, plan, signal } = this.#environment;
    const { worker, hold } = plan;
    if (hold === null) return offsetsTopic(client, worker);
    const found = await findOffsetsTopicPatiently(client, worker, signal);
    const { offsetsTopicId } = hold;
    const former = { offsetsTopic: worker.offsetStorageTopic, offsetsTopicId };
    await requireSameOffsets(worker, config, former, found);
    return found as OffsetsTopic;
  }

  /** @throws HeadraceError KAFKA_FENCED when another worker has taken the connector over. */
  async #requireClaim(): Promise<void> {
    const { client, plan, signal } = this.#environment;
    const claim = plan.hold?.claim ?? null;
    if (claim !== null) await requireClaim(client, plan.worker, plan.connector, claim, signal);
  }

  async #startProducer(): Promise<TransactionalProducer> {
    const { client, config, plan, signal } = this.#environment;
    const transactionalId = taskId(plan.worker, plan.connector, plan.taskId);
    const producer = await TransactionalProducer.start(client, {
      transactionalId: config.exactlyOnce ? transactionalId : null,
      transactionTimeoutMs: await this.#transactionTimeoutMs(),
      compression: config.compressionType,
      signal,
    });
    this.#releases.push(() => producer.close());
    return producer;
  }

  /** Nobody knows how long a file takes: a transaction of a whole file gets as long as the brokers allow. */
  async #transactionTimeoutMs(): Promise<number> {
    const { client, config } = this.#environment;
    return config.transaction.boundary === 'file' ? transactionMaxTimeoutMs(client) : TRANSACTION_TIMEOUT_MS;
  }

  async #readOffsets(topic: string): Promise<CommittedOffsets> {
    const { client, plan, signal } = this.#environment;
    const offsets = new CommittedOffsets(plan.connector);
    const take = (record: LogRecord) =>
      record.key !== null && offsets.apply(record.key, record.value, record);
    await readToEnd(client, topic, take, { signal });
    return offsets;
  }

  async #createSource(offsets: OffsetReader): Promise<SourceTask> {
    const { config, plan, publish } = this.#environment;
    const { plugin, values } = config.source;
    const of = { connector: plan.connector, task: plan.taskId };
    const fileState = (file: string, state: FileState, detail = {}) =>
      publish({ type: 'file.state', ...of, file, state, detail });
    const context = { ...this.#context, taskCount: plan.taskCount, offsets, fileState };
    const source = await plugin.createTask(values, context);
    this.#releases.push(() => source.close?.());
    return source;
  }

  async #stream(
    source: SourceTask,
    producer: TransactionalProducer,
    topic: TopicInfo,
    offsets: CommittedOffsets,
  ): Promise<void> {
    const parser: Parser = this.#environment.config.parser.plugin.create(
      this.#environment.config.parser.values,
      this.#context,
    );
    const stages = await createStages(this.#environment.config, this.#context);
    for (const stage of stages) this.#releases.push(() => stage.close());
    const deadLetterFile = await this.#openDeadLetterFile(producer, topic, offsets);
    const sink = await this.#createSink(source, producer, topic, offsets, deadLetterFile);
    sink.once('close', () => this.#sourceEnd.abort());
    await pipeline(
      Readable.from(inPlace(source.read()), { objectMode: true, highWaterMark: 2 }),
      new ParseStream(parser),
      new TransformStream(stages),
      sink,
    );
    // What a stop leaves open is being aborted.
    if (producer.state === 'READY') await deadLetterFile?.finish().catch(() => {});
  }

  async #createSink(
    source: SourceTask,
    producer: TransactionalProducer,
    topic: TopicInfo,
    offsets: CommittedOffsets,
    deadLetterFile: CsvDeadLetterFile | null,
  ): Promise<KafkaSink> {
    const { client, config, plan, refusals } = this.#environment;
    const { connector, taskId } = plan;
    const mayCreate = config.topicCreation.enabled;
    const wasThere = [...offsets.find({})].length > 0;
    const { deadLetterTopic, deadLetterTopicReplicationFactor: replicationFactor } = config.errors;
    const deadLetters = new TopicDirectory(
      topicAccess(client, () => ({ partitions: 1, replicationFactor, config: {} })),
      mayCreate,
      wasThere,
    );
    if (deadLetterTopic !== null) await deadLetters.resolve(deadLetterTopic);
    return new KafkaSink({
      producer,
      topics: new TopicDirectory(
        topicAccess(client, (name) => settingsFor(name, config.topicCreation)),
        mayCreate,
        wasThere,
        config.internalTopics,
      ),
      keyConverter: createConverter(config.keyConverter, 'key', this.#context),
      valueConverter: createConverter(config.valueConverter, 'value', this.#context),
      boundary: config.transaction.boundary,
      intervalMs: config.transaction.intervalMs,
      policy: new ErrorPolicy(config.errors.tolerance, config.errors.max),
      times: new RecordTimes(config.expiredTimestamps, (topic, oldest) => this.#tellExpired(topic, oldest)),
      refusals,
      deadLetterTopic: deadLetterTopic === null ? null : { name: deadLetterTopic, topics: deadLetters },
      deadLetterFile,
      origin: { connector, task: taskId },
      offsetsTopic: topic,
      offsetRecord: ({ file, progress }) => ({
        key: encodeOffsetKey(connector, file.partition),
        value: encodeOffsetValue(file.offsetAt(progress)),
        headers: versionHeaders(offsets.nextVersion()),
      }),
      onCommitted: (summary) => this.#committed(source, summary),
      onFileRejected: (rejected) => this.#fileRejected(source, rejected),
    });
  }

  /** Before the first of them is sent: what Kafka deletes later, nobody would tell. */
  #tellExpired(topic: TopicInfo, oldest: number): void {
    const { expiredTimestamps } = this.#environment.config;
    const reason = expiredText(topic, oldest, expiredTimestamps);
    this.#context.log.warn('rows are older than their topic keeps', { topic: topic.name, reason });
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

  async #committed(source: SourceTask, summary: CommitSummary): Promise<void> {
    const { plan, publish } = this.#environment;
    const of = { connector: plan.connector, task: plan.taskId };
    publish(committedEvent(of, summary));
    if (summary.outcome.rejected > 0) publish(rejectedEvent(of, summary));
    for (const { file, progress } of summary.files) await source.committed?.(file, progress);
  }
}

/** An error of the source goes through the pipeline behind what was read before it, which is delivered then. */
async function* inPlace(
  chunks: AsyncIterable<SourceChunk | FileRejected>,
): AsyncGenerator<SourceChunk | Error, void, undefined> {
  try {
    yield* chunks;
  } catch (error) {
    yield error instanceof Error ? error : new Error(messageOf(error));
  }
}

/** A mark that is taken away must go wherever one is kept: the topic may have got partitions. */
function storeMark(
  producer: TransactionalProducer,
  topic: TopicInfo,
  { key, value }: MarkRecord,
  offsets: CommittedOffsets,
): Promise<void> {
  const record = { key, value, headers: versionHeaders(offsets.nextVersion()) };
  if (value !== null) return writeRecord(producer, topic, record);
  const partitions = offsets.partitionsOf(decodeOffsetKey(key)?.partition ?? {});
  return writeRecord(producer, topic, record, partitions.length > 0 ? partitions : undefined);
}

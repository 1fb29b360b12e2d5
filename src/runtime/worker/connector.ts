import type { ConnectorConfig } from '../../config/connector-config.ts';
import type { ConfigEntries } from '../../config/read/config-entry.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { PluginFault, shownValue } from '../../plugin-calls/plugin-use.ts';
import { threadCalls } from '../../plugin-calls/thread-calls.ts';
import { reportOf } from '../events/error-report.ts';
import type { ErrorReport, RuntimeEvent } from '../events/events.ts';
import type { Hold } from '../task/task-plan.ts';
import { sourceUse } from '../task/task-plugins.ts';
import type { OffsetsTopic } from './internal-topics.ts';
import { requireSameOffsets } from './lost-offsets.ts';
import { requireClaim, takeOver } from './take-over.ts';
import { TaskHandle } from './task-handle.ts';

/** A connector that a worker runs: its tasks, each in a thread of its own. */
export class Connector {
  readonly config: ConnectorConfig;
  readonly #worker: WorkerConfig;
  readonly #client: KafkaClient;
  readonly #tasks: readonly TaskHandle[];
  readonly #publish: (event: RuntimeEvent) => void;
  /** Why it cannot be split into tasks. */
  readonly #fault: PluginFault | null;
  #hold: Hold | null = null;

  private constructor(
    { config, feed, worker, client, publish }: ConnectorOptions,
    taskCount: number,
    fault: PluginFault | null,
  ) {
    this.config = config;
    this.#fault = fault;
    this.#worker = worker;
    this.#client = client;
    this.#publish = publish;
    const restarts = { initialMs: config.restart.backoffMs, maxMs: config.restart.backoffMaxMs };
    this.#tasks = Array.from({ length: taskCount }, (_, taskId) => {
      const plan = { worker, feed, connector: config.name, taskId, taskCount };
      return new TaskHandle(plan, restarts, (event) => this.#onEvent(event));
    });
  }

  /** Splits the connector's work into tasks. Nothing is started. */
  static async plan(options: ConnectorOptions): Promise<Connector> {
    const { plugin, values } = options.config.source;
    const { tasksMax } = options.config;
    // A source that cannot tell gets one task, which will fail with the reason and be tried again.
    const calls = threadCalls();
    const callee = { plugin: sourceUse(options.config), how: 'taskCount' };
    const wanted = await calls
      .run(callee, () => plugin.taskCount?.(values, tasksMax) ?? tasksMax)
      .catch(() => 1);
    if (Number.isInteger(wanted))
      return new Connector(options, Math.max(1, Math.min(wanted, tasksMax)), null);
    const what = `taskCount gave ${shownValue(wanted)}; expected a whole number of at least 1`;
    return new Connector(options, 1, new PluginFault(sourceUse(options.config), what));
  }

  get tasks(): readonly TaskHandle[] {
    return this.#tasks;
  }

  /** Opens its tasks' threads, which load what they need while the worker asks Kafka; each then waits for its beginning. */
  prepare(): void {
    if (this.#fault === null) for (const task of this.#tasks) task.prepare();
  }

  /**
   * Shuts out whoever ran the connector before, and only then starts its tasks.
   *
   * @param offsets the offset topic; null when it is missing, which it may not be for a connector that ran before
   * @throws HeadraceError of Kafka's, OFFSETS_LOST, and PLUGIN_FAILED
   */
  async start(offsets: OffsetsTopic | null, signal: AbortSignal): Promise<void> {
    if (this.#fault !== null) throw this.#fault;
    const claim = this.config.exactlyOnce ? await this.#takeOver(offsets, signal) : null;
    // Whoever stops it may have waited for this no longer.
    if (signal.aborted) return;
    this.#hold = { claim, offsetsTopicId: offsets?.id ?? null };
    for (const task of this.#tasks) task.begin(this.#hold);
  }

  /** Gracefully within `gracefulMs`, then by force. */
  async stop(gracefulMs: number): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.stop(gracefulMs)));
  }

  /** As `stop`, for a connector that is to go on. */
  async pause(gracefulMs: number): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.pause(gracefulMs)));
  }

  /** Whether its tasks have begun, so that one of them can begin again. */
  get hasBegun(): boolean {
    return this.#hold !== null;
  }

  /** Makes all of its tasks FAILED that are not at their end. */
  fail(error: unknown): Promise<void> {
    return this.#failAll(reportOf(error));
  }

  async #failAll(error: ErrorReport): Promise<void> {
    const gracefulMs = this.#worker.taskShutdownGracefulTimeoutMs;
    await Promise.all(this.#tasks.map((task) => task.fail(error, gracefulMs)));
  }

  async #takeOver(offsets: OffsetsTopic | null, signal: AbortSignal): Promise<string> {
    const { claim } = await takeOver(this.#client, {
      worker: this.#worker,
      connector: this.config.name,
      tasks: this.#tasks.length,
      offsets,
      judge: async (former) => {
        if (former !== null) await requireSameOffsets(this.#worker, this.config, former, offsets);
      },
      signal,
    });
    return claim;
  }

  #onEvent(event: RuntimeEvent): void {
    this.#publish(event);
    if (event.type !== 'task.state' || event.state !== 'FAILED' || event.error === undefined) return;
    if (event.error.code === 'OFFSETS_LOST') void this.#failAll(event.error);
    else if (event.error.code === 'KAFKA_FENCED') void this.#endIfTakenOver();
  }

  /** One task hears of it with its next commit; those that have nothing to do would never. */
  async #endIfTakenOver(): Promise<void> {
    const claim = this.#hold?.claim ?? null;
    if (claim === null) return;
    try {
      await requireClaim(this.#client, this.#worker, this.config.name, claim);
    } catch (error) {
      if (reportOf(error).code === 'KAFKA_FENCED') return await this.fail(error);
      const { name: connector } = this.config;
      const fields = { reason: messageOf(error) };
      const message = 'who has taken over could not be found out';
      this.#publish({ type: 'log', connector, task: 0, level: 'warn', message, fields });
    }
  }
}

export interface ConnectorOptions {
  readonly config: ConnectorConfig;
  /** As it was written. */
  readonly feed: ConfigEntries;
  readonly worker: WorkerConfig;
  readonly client: KafkaClient;
  readonly publish: (event: RuntimeEvent) => void;
}

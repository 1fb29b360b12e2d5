import type { ConfigEntries } from '../config/config-entry.ts';
import type { ConnectorConfig } from '../config/connector-config.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import type { RuntimeEvent } from './events.ts';
import { TaskHandle } from './task-handle.ts';

/** A connector that a worker runs: its tasks, each in a thread of its own. */
export class Connector {
  readonly config: ConnectorConfig;
  readonly #tasks: TaskHandle[];

  private constructor(config: ConnectorConfig, tasks: TaskHandle[]) {
    this.config = config;
    this.#tasks = tasks;
  }

  /** Splits the connector's work into tasks. Nothing is started. */
  static async plan(
    config: ConnectorConfig,
    feed: ConfigEntries,
    worker: WorkerConfig,
    publish: (event: RuntimeEvent) => void,
  ): Promise<Connector> {
    const { plugin, values } = config.source;
    const { tasksMax } = config;
    // A source that cannot tell gets one task, which will fail with the reason and be tried again.
    const wanted = await Promise.try(() => plugin.taskCount?.(values, tasksMax) ?? tasksMax).catch(() => 1);
    const taskCount = Math.max(1, Math.min(wanted, tasksMax));
    const restarts = { initialMs: config.restart.backoffMs, maxMs: config.restart.backoffMaxMs };
    const tasks = Array.from({ length: taskCount }, (_, taskId) => {
      const plan = { worker, feed, connector: config.name, taskId, taskCount };
      return new TaskHandle(plan, restarts, publish);
    });
    return new Connector(config, tasks);
  }

  get tasks(): readonly TaskHandle[] {
    return this.#tasks;
  }

  start(): void {
    for (const task of this.#tasks) task.start();
  }

  /** Gracefully within `gracefulMs`, then by force. */
  async stop(gracefulMs: number): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.stop(gracefulMs)));
  }
}

import type { WorkerConfig } from '../config/worker-config.ts';
import type { RuntimeEvent } from '../runtime/events/events.ts';
import { GatheredWrites } from '../runtime/worker/gathered-writes.ts';
import type { Herder } from '../runtime/worker/herder.ts';
import { StatusTopic } from '../runtime/worker/status-topic.ts';
import { statusBody, type WorkerIdentity } from './connector-bodies.ts';

/** What changes within so many milliseconds is written together. */
const GATHER_MS = 200;
/** More than a worker has connectors and tasks. */
const MOST_WAITING = 100_000;

export interface StatusKeeperOptions {
  readonly worker: WorkerConfig;
  readonly herder: Herder;
  readonly identity: () => WorkerIdentity;
  /** Told once of each outage in which states could not be written. */
  readonly onFailure: (reason: string) => void;
}

/**
 * Tells the states of connectors and tasks in the status topic, and the topics that connectors write to, in Kafka Connect's
 * form (org.apache.kafka.connect.storage.KafkaStatusBackingStore). Nothing waits for it: it is for those who look.
 */
export class StatusKeeper {
  readonly #options: StatusKeeperOptions;
  readonly #topic: StatusTopic;
  /** Values that the topic has, or will have once all of it is written, by key. */
  readonly #known = new Map<string, string>();
  readonly #writes: GatheredWrites<string | null>;
  /** The topics that a connector has written to, since it was made or this was reset. */
  readonly #topics = new Map<string, Set<string>>();
  #isRestored = false;

  constructor(options: StatusKeeperOptions) {
    this.#options = options;
    this.#topic = new StatusTopic(options.worker);
    this.#writes = new GatheredWrites({
      gatherMs: GATHER_MS,
      mostWaiting: MOST_WAITING,
      onFailure: options.onFailure,
      write: async (batch) => {
        await this.#restore();
        await this.#topic.write(batch);
      },
    });
  }

  /** Sorted names. */
  topicsOf(connector: string): readonly string[] {
    return [...(this.#topics.get(connector)?.keys() ?? [])].sort();
  }

  resetTopics(connector: string): void {
    for (const topic of this.#topics.get(connector)?.keys() ?? [])
      this.#put(topicKey(topic, connector), null);
    this.#topics.delete(connector);
  }

  apply(event: RuntimeEvent): void {
    if (event.type === 'transaction.committed')
      this.#onTopics(event.connector, event.task, Object.keys(event.topics));
    if (isOfStates(event)) this.#onStates(event.connector);
    if (event.type === 'connector.changed' && event.change === 'deleted') this.resetTopics(event.connector);
  }

  /** Writes what there is to write, once more at most. */
  async close(): Promise<void> {
    await this.#writes.close();
  }

  /** The topics that a worker before this one has told. */
  async #restore(): Promise<void> {
    if (this.#isRestored) return;
    for (const [key, value] of await this.#topic.takeOver()) {
      const [, topic, connector] = TOPIC_KEY.exec(key) ?? [];
      if (topic === undefined || connector === undefined) continue;
      if (!this.#options.herder.connectors.has(connector) || this.#known.has(key)) continue;
      this.#known.set(key, value);
      this.#topics.set(connector, (this.#topics.get(connector) ?? new Set()).add(topic));
    }
    this.#isRestored = true;
  }

  #onTopics(connector: string, task: number, topics: readonly string[]): void {
    const known = this.#topics.get(connector) ?? new Set();
    this.#topics.set(connector, known);
    for (const name of topics) {
      if (known.has(name)) continue;
      const value = JSON.stringify({ topic: { name, connector, task, discoverTimestamp: Date.now() } });
      known.add(name);
      this.#put(topicKey(name, connector), value);
    }
  }

  #onStates(name: string): void {
    const connector = this.#options.herder.connectors.get(name);
    const body = connector === undefined ? null : statusBody(connector, this.#options.identity());
    this.#put(`status-connector-${name}`, body === null ? null : recordOf(body.connector));
    const tasks = new Map(body?.tasks.map((task) => [`status-task-${name}-${task.id}`, recordOf(task)]));
    for (const [key, value] of tasks) this.#put(key, value);
    for (const key of this.#known.keys()) {
      if (isTaskOf(key, name) && !tasks.has(key)) this.#put(key, null);
    }
  }

  #put(key: string, value: string | null): void {
    if ((this.#known.get(key) ?? null) === value) return;
    if (value === null) this.#known.delete(key);
    else this.#known.set(key, value);
    this.#writes.put(key, value);
  }
}

function isOfStates(event: RuntimeEvent) {
  return (
    event.type === 'task.state' || event.type === 'connector.changed' || event.type === 'connector.failed'
  );
}

const TOPIC_KEY = /^status-topic-(.*):connector-(.*)$/;

function topicKey(topic: string, connector: string): string {
  return `status-topic-${topic}:connector-${connector}`;
}

/** `a-1-0` is a task of the connector `a-1`, not of `a`. */
function isTaskOf(key: string, connector: string): boolean {
  const prefix = `status-task-${connector}-`;
  return key.startsWith(prefix) && /^\d+$/.test(key.slice(prefix.length));
}

function recordOf(told: {
  readonly state: string;
  readonly trace?: string;
  worker_id: string;
  version: string;
}): string {
  const { state, trace = null, worker_id, version } = told;
  return JSON.stringify({ state, trace, worker_id, generation: 1, version });
}

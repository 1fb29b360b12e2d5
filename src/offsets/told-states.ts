/** A state of a connector or task in the status topic, as Kafka Connect writes it. */
export interface ToldState {
  readonly state: string;
  readonly trace: string | null;
  /** Host and port of the worker that tells it. */
  readonly workerId: string;
  /** Of the group, when it was told. */
  readonly generation: number;
  readonly version: string | null;
}

const TOPIC_KEY = /^status-topic-(.*):connector-(.*)$/;

export function connectorKey(connector: string): string {
  return `status-connector-${connector}`;
}

export function taskKey(connector: string, task: number): string {
  return `status-task-${connector}-${task}`;
}

export function topicKey(topic: string, connector: string): string {
  return `status-topic-${topic}:connector-${connector}`;
}

/** The number of a connector's task; null for other keys. `a-1-0` is a task of the connector `a-1`, not of `a`. */
export function taskIn(key: string, connector: string): number | null {
  const prefix = taskKey(connector, 0).slice(0, -1);
  const number = key.slice(prefix.length);
  return key.startsWith(prefix) && /^\d+$/.test(number) ? Number(number) : null;
}

/** Whether a key is of the state of a connector or of one of its tasks. */
export function isStateOf(key: string, connector: string): boolean {
  return key === connectorKey(connector) || taskIn(key, connector) !== null;
}

/** What is in the status topic, as far as it is known. */
export class ToldStates {
  readonly #states = new Map<string, ToldState>();
  /** The topics that a connector has written to. */
  readonly #topics = new Map<string, Set<string>>();

  /** Takes a record, in the order of its key; null is a tombstone. */
  apply(key: string, value: string | null): void {
    const [, topic, connector] = TOPIC_KEY.exec(key) ?? [];
    if (topic !== undefined && connector !== undefined)
      return this.#applyTopic(connector, topic, value !== null);
    const state = value === null ? null : stateIn(value);
    if (state === null) this.#states.delete(key);
    else this.#states.set(key, state);
  }

  clear(): void {
    this.#states.clear();
    this.#topics.clear();
  }

  of(key: string): ToldState | null {
    return this.#states.get(key) ?? null;
  }

  /** Of the states of a connector and its tasks. */
  keysOf(connector: string): string[] {
    return [...this.#states.keys()].filter((key) => isStateOf(key, connector));
  }

  /** Sorted names. */
  topicsOf(connector: string): readonly string[] {
    return [...(this.#topics.get(connector) ?? [])].sort();
  }

  hasTopic(connector: string, topic: string): boolean {
    return this.#topics.get(connector)?.has(topic) ?? false;
  }

  #applyTopic(connector: string, topic: string, isThere: boolean): void {
    const topics = this.#topics.get(connector) ?? new Set();
    if (isThere) topics.add(topic);
    else topics.delete(topic);
    if (topics.size === 0) this.#topics.delete(connector);
    else this.#topics.set(connector, topics);
  }
}

/** Null for what is no state. */
function stateIn(value: string): ToldState | null {
  try {
    const { state, trace = null, worker_id: workerId, generation, version = null } = JSON.parse(value);
    const isState =
      typeof state === 'string' && typeof workerId === 'string' && typeof generation === 'number';
    return isState ? { state, trace, workerId, generation, version } : null;
  } catch {
    return null;
  }
}

/** What is written of a state. */
export function stateRecord({ state, trace, workerId, generation, version }: ToldState): string {
  return JSON.stringify({ state, trace, worker_id: workerId, generation, version });
}

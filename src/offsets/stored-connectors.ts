import type { GivenUpFile } from '../plugin/index.ts';

/** What a connector is told to be: Connect's TargetState. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';

type Properties = Readonly<Record<string, string>>;

/** A record of the config topic, to be written. */
export interface ConfigRecord {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

const CONNECTOR = 'connector-';
const TARGET = 'target-state-';
const COMMIT = 'commit-';
const RESTART = 'restart-connector-';

/** Names the `group.id` whose a record is: groups may share a topic. One without is from Kafka Connect, and everybody's. */
const GROUP_HEADER = 'headrace.group';

export interface ConfigTopicRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: readonly (readonly [name: string, value: Buffer | null])[];
  readonly offset: bigint;
}

/** The tasks of a connector, as they were counted last. */
export interface ConnectorRun {
  readonly tasks: number;
  /** The offset at which that was told: what comes later is greater. */
  readonly version: number;
}

/** Which tasks are to begin once more. */
export interface RestartCommand {
  /** All, or those that have failed. */
  readonly includesTasks: boolean;
  readonly onlyFailed: boolean;
  /** By their numbers, whatever else is said; null: none is named. */
  readonly tasks: readonly number[] | null;
  /** To be tried again, before tasks begin. */
  readonly files?: readonly GivenUpFile[];
}

/**
 * The connectors of a group in a config topic, in Kafka Connect's form
 * (org.apache.kafka.connect.storage.KafkaConfigBackingStore).
 */
export class StoredConnectors {
  /** Properties by connector, in the order in which they were made. */
  readonly configs = new Map<string, Properties>();
  readonly targets = new Map<string, TargetState>();
  readonly runs = new Map<string, ConnectorRun>();
  /** Where in the topic each configuration is. */
  readonly configOffsets = new Map<string, number>();
  /** The groups of connectors that are others'. */
  readonly others = new Map<string, string>();
  readonly #group: string;

  constructor(group: string) {
    this.#group = group;
  }

  /** Takes a record of the topic, in its order; what is not about a connector is passed over. */
  apply({ key, value, headers = [], offset }: ConfigTopicRecord): void {
    const text = key?.toString() ?? '';
    const group = groupOf({ headers }) ?? this.#group;
    const own = group === this.#group ? value : null;
    if (text.startsWith(TARGET)) set(this.targets, text.slice(TARGET.length), targetIn(own));
    if (text.startsWith(COMMIT)) set(this.runs, text.slice(COMMIT.length), runIn(own, Number(offset)));
    if (!text.startsWith(CONNECTOR)) return;
    const name = text.slice(CONNECTOR.length);
    const properties = propertiesIn(own);
    set(this.configs, name, properties);
    set(this.configOffsets, name, properties && Number(offset));
    set(this.others, name, own === null && value !== null ? group : null);
  }

  /** Whether the tasks of a connector were counted since it was configured last. */
  isCounted(connector: string): boolean {
    const run = this.runs.get(connector);
    return run !== undefined && run.version > (this.configOffsets.get(connector) ?? -1);
  }
}

/** Whose a record is; null where it does not say. */
export function groupOf({ headers = [] }: Pick<ConfigTopicRecord, 'headers'>): string | null {
  return headers.find(([name]) => name === GROUP_HEADER)?.[1]?.toString() ?? null;
}

export function groupHeaders(group: string): readonly (readonly [string, Buffer])[] {
  return [[GROUP_HEADER, Buffer.from(group)]];
}

export function configRecord(connector: string, properties: Properties): ConfigRecord {
  return record(`${CONNECTOR}${connector}`, { properties });
}

/** Every task has the configuration of its connector. */
export function taskRecords(connector: string, properties: Properties, tasks: number): ConfigRecord[] {
  const each = Array.from({ length: tasks }, (_, task) =>
    record(`task-${connector}-${task}`, { properties }),
  );
  return [...each, record(`commit-${connector}`, { tasks })];
}

/** Under `state` is what versions of Connect know that have no STOPPED. */
export function targetRecord(connector: string, target: TargetState): ConfigRecord {
  const state = target === 'STARTED' ? 'STARTED' : 'PAUSED';
  return record(`${TARGET}${connector}`, { state, 'state.v2': target });
}

/** `tasks` and `files` are Headrace's own: Connect sends what concerns a task to the worker that has it. */
export function restartRecord(
  connector: string,
  { includesTasks, onlyFailed, tasks, files }: RestartCommand,
): ConfigRecord {
  return record(`${RESTART}${connector}`, {
    'include-tasks': includesTasks,
    'only-failed': onlyFailed,
    ...(tasks === null ? {} : { tasks }),
    ...(files === undefined ? {} : { files }),
  });
}

/** The restart that a record asks for, and of which connector; null where it is another record. */
export function restartIn({
  key,
  value,
}: Pick<ConfigTopicRecord, 'key' | 'value'>): (RestartCommand & { connector: string }) | null {
  const text = key?.toString() ?? '';
  const fields = text.startsWith(RESTART) ? parsed(value) : null;
  if (fields === null) return null;
  return {
    connector: text.slice(RESTART.length),
    includesTasks: fields['include-tasks'] === true,
    onlyFailed: fields['only-failed'] === true,
    tasks: Array.isArray(fields.tasks) ? fields.tasks.map(Number) : null,
    ...(Array.isArray(fields.files) ? { files: fields.files } : {}),
  };
}

export function tombstones(connector: string): ConfigRecord[] {
  return [`${CONNECTOR}${connector}`, `${TARGET}${connector}`].map((key) => ({
    key: Buffer.from(key),
    value: null,
  }));
}

function record(key: string, value: object): ConfigRecord {
  return { key: Buffer.from(key), value: Buffer.from(JSON.stringify(value)) };
}

function set<T>(map: Map<string, T>, name: string, value: T | null): void {
  if (value === null) map.delete(name);
  else map.set(name, value);
}

function propertiesIn(value: Buffer | null): Properties | null {
  const properties = parsed(value)?.properties;
  if (typeof properties !== 'object' || properties === null) return null;
  return Object.values(properties).every((text) => typeof text === 'string')
    ? (properties as Properties)
    : null;
}

function runIn(value: Buffer | null, version: number): ConnectorRun | null {
  const tasks = parsed(value)?.tasks;
  return typeof tasks === 'number' && Number.isInteger(tasks) && tasks >= 0 ? { tasks, version } : null;
}

function targetIn(value: Buffer | null): TargetState | null {
  const fields = parsed(value);
  const state = fields?.['state.v2'] ?? fields?.state;
  return state === 'STARTED' || state === 'PAUSED' || state === 'STOPPED' ? state : null;
}

function parsed(value: Buffer | null): Record<string, unknown> | null {
  try {
    return value === null ? null : JSON.parse(value.toString());
  } catch {
    return null;
  }
}

/** What a connector is told to be: Connect's TargetState. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';

type Properties = Readonly<Record<string, string>>;

interface ConfigRecord {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

const CONNECTOR = 'connector-';
const TARGET = 'target-state-';

/** Names the `group.id` whose a record is: groups may share a topic. One without is from Kafka Connect, and everybody's. */
const GROUP_HEADER = 'headrace.group';

export interface ConfigTopicRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: readonly (readonly [name: string, value: Buffer | null])[];
}

/**
 * The connectors of a group in a config topic, in Kafka Connect's form
 * (org.apache.kafka.connect.storage.KafkaConfigBackingStore).
 */
export class StoredConnectors {
  /** Properties by connector, in the order in which they were made. */
  readonly configs = new Map<string, Properties>();
  readonly targets = new Map<string, TargetState>();
  /** The groups of connectors that are others'. */
  readonly others = new Map<string, string>();
  readonly #group: string;

  constructor(group: string) {
    this.#group = group;
  }

  /** Takes a record of the topic, in its order; what is neither a configuration nor a target state is passed over. */
  apply({ key, value, headers = [] }: ConfigTopicRecord): void {
    const text = key?.toString() ?? '';
    const group = headers.find(([name]) => name === GROUP_HEADER)?.[1]?.toString() ?? this.#group;
    const own = group === this.#group ? value : null;
    if (text.startsWith(TARGET)) set(this.targets, text.slice(TARGET.length), targetIn(own));
    if (!text.startsWith(CONNECTOR)) return;
    const name = text.slice(CONNECTOR.length);
    set(this.configs, name, propertiesIn(own));
    set(this.others, name, own === null && value !== null ? group : null);
  }
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

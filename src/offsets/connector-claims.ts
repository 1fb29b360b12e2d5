import type { KafkaClient } from '../kafka/connection/client.ts';
import { readToEnd } from '../kafka/reader/topic-reader.ts';

/**
 * Who runs a connector, and with how many tasks: Connect's TaskCountRecord
 * (org.apache.kafka.connect.storage.KafkaConfigBackingStore, key `tasks-fencing-<connector>`, value `{"tasks":2}`)
 * with more fields.
 */
export interface ConnectorClaim {
  /** Transactional ids of tasks 0 up to this may be in use. */
  readonly tasks: number;
  /** The `group.id`, a part of these ids. */
  readonly group: string;
  /** One for each start of the connector in a worker: who has another one is not the holder any more. */
  readonly claim: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly at: string;
  readonly offsetsTopic: string;
  /** Kafka's id of that topic; null where the brokers have none. */
  readonly offsetsTopicId: string | null;
  /** Of the connector's run, where the workers of a group share it (`ConnectorRun.version`); null where one worker has it. */
  readonly run: number | null;
}

const FIELDS: Readonly<Record<Exclude<keyof ConnectorClaim, 'offsetsTopicId' | 'run'>, string>> = {
  tasks: 'number',
  group: 'string',
  claim: 'string',
  host: 'string',
  pid: 'number',
  at: 'string',
  offsetsTopic: 'string',
};

/** The claims in a config topic, the last of each key. */
export class ConnectorClaims {
  readonly #claims = new Map<string, ConnectorClaim | null>();

  /** Takes a record of the topic, in its order. */
  apply({ key, value }: { readonly key: Buffer | null; readonly value: Buffer | null }): void {
    if (key === null) return;
    // A map keeps the order in which keys came first; here it is that of their last records.
    this.#claims.delete(key.toString());
    if (value !== null) this.#claims.set(key.toString(), decode(value));
  }

  /** Under whichever key it is: earlier versions wrote one. */
  of(group: string, connector: string): ConnectorClaim | null {
    const keys = [keyOf(group, connector), connectsKey(connector)];
    const own = [...this.#claims].filter(([key, claim]) => keys.includes(key) && claim?.group === group);
    return own.at(-1)?.[1] ?? null;
  }

  /**
   * What a claim is written as, in one transaction: under a key of its group, since two groups that come at the same
   * time do not wait for each other; and under Connect's, for others to read, unless another group has that.
   */
  records(connector: string, claim: ConnectorClaim): { readonly key: Buffer; readonly value: Buffer }[] {
    const { group } = claim;
    const connects = connectsKey(connector);
    const isFree = !this.#claims.has(connects) || this.#claims.get(connects)?.group === group;
    const keys = [keyOf(group, connector), ...(isFree ? [connects] : [])];
    return keys.map((key) => ({ key: Buffer.from(key), value: Buffer.from(JSON.stringify(claim)) }));
  }
}

function connectsKey(connector: string): string {
  return `tasks-fencing-${connector}`;
}

/** With a slash, which no connector's name has. */
function keyOf(group: string, connector: string): string {
  return `tasks-fencing-${group}/${connector}`;
}

/** What is committed in a config topic now. Throws what `readToEnd` throws. */
export async function readClaims(
  client: KafkaClient,
  topic: string,
  signal?: AbortSignal,
): Promise<ConnectorClaims> {
  const claims = new ConnectorClaims();
  await readToEnd(client, topic, (record) => claims.apply(record), signal === undefined ? {} : { signal });
  return claims;
}

/** null for what is no claim of ours, such as a record of Connect's own. */
function decode(value: Buffer): ConnectorClaim | null {
  try {
    const claim = JSON.parse(value.toString());
    const isClaim = Object.entries(FIELDS).every(([name, type]) => typeof claim?.[name] === type);
    return isClaim ? { offsetsTopicId: null, run: null, ...claim } : null;
  } catch {
    return null;
  }
}

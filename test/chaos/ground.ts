import type { KafkaCluster } from '../../scripts/stack/cluster.ts';
import type { Random } from '../../src/testing/seeded-random.ts';
import type { SharedName } from '../support/shared-servers.ts';
import type { KafkaProxies } from './proxied-kafka.ts';
import type { SwitchGate } from './switch-gate.ts';

/** How much of a fault is wanted. */
export interface Wishes {
  readonly rows: number;
  /** How often the fault is played, where it can be played several times. */
  readonly times: number;
  /** How long it goes on, where that is not until all is delivered. */
  readonly minutes: number;
  /** Run `dist` instead of the sources. */
  readonly built: boolean;
}

/** How a cluster speaks of transactions: as since the second part of KIP-890, or as before. */
export type Protocol = 'TV2' | 'old';

/** Where a fault is played. */
export interface Ground {
  readonly protocol: Protocol;
  /** null: brokers that others use too, of which none may come to harm. */
  readonly cluster: KafkaCluster | null;
  /** How the daemon reaches the brokers. */
  readonly proxies: KafkaProxies;
  readonly gate: SwitchGate;
  /** What there is to know of a server that others use too, of which none may come to harm; started when first asked for. */
  server<T>(name: SharedName): Promise<T>;
  /** Of the environment of each worker. */
  readonly env?: Readonly<Record<string, string>>;
  /** An empty folder. */
  readonly folder: string;
  /** Of the feed; no other one on these brokers has it. */
  readonly name: string;
  readonly random: Random;
  readonly seed: number;
  readonly wishes: Wishes;
  readonly say: (words: string) => void;
}

/** What came of a fault. */
export interface Outcome {
  /** Each way in which the promise was broken; none when it was kept. */
  readonly wrong: readonly string[];
  /** Figures worth telling. */
  readonly facts: readonly (readonly [string, string | number])[];
}

/** Something that goes wrong around Headrace, and what must come of it. */
export interface Fault {
  readonly name: string;
  /** One line. */
  readonly doc: string;
  /** How many brokers it needs, where the number matters. */
  readonly brokers?: 1 | 3;
  /** Of the cluster; not set: it goes wrong with either. */
  readonly protocol?: Protocol;
  /** How often it is played, unless something else is wanted. */
  readonly times?: number;
  /** How long it goes on, unless something else is wanted. */
  readonly minutes?: number;
  /** Takes minutes: played by name only. */
  readonly long?: boolean;
  play(ground: Ground): Promise<Outcome>;
}

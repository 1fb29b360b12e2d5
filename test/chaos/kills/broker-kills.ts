import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaBroker, KafkaCluster } from '../../../scripts/stack/cluster.ts';
import type { Random } from '../../../src/testing/seeded-random.ts';
import { Leaders } from '../leaders.ts';
import { between } from '../random.ts';

const LOOK_MS = 200;

/** Waits until every replica of the topics is in sync, so that the next broker may go. */
export async function allInSync(addresses: string, topics: readonly string[]): Promise<void> {
  const leaders = new Leaders(addresses.split(','), topics);
  for (;;) {
    const states = await leaders.states();
    const isWhole = states.every(
      ({ leader, replicas, inSync }) => leader && inSync.length === replicas.length,
    );
    if (states.length > 0 && isWhole) break;
    await delay(LOOK_MS);
  }
  leaders.close();
}

export interface BrokerKillsOptions {
  readonly cluster: KafkaCluster;
  readonly topics: readonly string[];
  readonly random: Random;
  readonly times: number;
  readonly say: (words: string) => void;
}

/** Kills one broker after another with SIGKILL and starts it again, each time when all replicas are in sync. */
export class BrokerKills {
  readonly #options: BrokerKillsOptions;
  #done = 0;

  constructor(options: BrokerKillsOptions) {
    this.#options = options;
  }

  /** Brokers that were killed and are back. */
  get done(): number {
    return this.#done;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { cluster, random, say, times, topics } = this.#options;
    while (this.#done < times && !signal.aborted) {
      await allInSync(cluster.bootstrapServers, topics);
      await delay(between(random, 0, 3000));
      const broker = cluster.brokers[Math.floor(random() * cluster.brokers.length)] as KafkaBroker;
      await broker.kill();
      say(`broker ${broker.id} killed`);
      await delay(between(random, 0, 6000));
      await broker.start();
      this.#done++;
      say(`broker ${broker.id} is back, ${this.#done} of ${times}`);
    }
  }
}

import { seededRandom } from '../../src/testing/seeded-random.ts';
import type { Fault, Ground } from '../../test/chaos/ground.ts';
import { KafkaProxies } from '../../test/chaos/proxied-kafka.ts';
import { SwitchGate } from '../../test/chaos/switch-gate.ts';
import { SHARED_SERVERS, type SharedName, type SharedServer } from '../../test/support/shared-servers.ts';
import type { KafkaCluster, KafkaOptions } from '../stack/cluster.ts';
import { startKafka } from '../stack/kafka.ts';
import { makeTempFolder } from '../stack/temp-folder.ts';
import type { ChaosOptions } from './options.ts';

interface RunningCluster {
  readonly brokers: 1 | 3;
  readonly cluster: KafkaCluster;
}

/** Makes a ground for each fault, on a cluster that faults share for as long as it suits them. */
export class Grounds {
  readonly #options: ChaosOptions;
  readonly #say: (words: string) => void;
  #running: RunningCluster | null = null;
  readonly #servers = new Map<SharedName, Promise<SharedServer>>();
  #count = 0;

  constructor(options: ChaosOptions, say: (words: string) => void) {
    this.#options = options;
    this.#say = say;
  }

  async make(fault: Fault, seed: number): Promise<Ground & { close(): void }> {
    const { rows, built, protocol } = this.#options;
    const cluster = await this.#cluster(fault.brokers ?? this.#options.brokers ?? 1);
    const gate = new SwitchGate();
    const proxies = await KafkaProxies.before(cluster.bootstrapServers, gate);
    return {
      protocol,
      cluster,
      proxies,
      gate,
      server: (name) => this.#server(name),
      folder: await makeTempFolder('chaos'),
      name: `chaos-${++this.#count}`,
      random: seededRandom(seed),
      seed,
      wishes: {
        rows,
        times: this.#options.times ?? fault.times ?? 1,
        minutes: this.#options.minutes ?? fault.minutes ?? 1,
        built,
      },
      say: this.#say,
      close: () => proxies.close(),
    };
  }

  /** Ends the cluster, as nobody knows what a fault that was not survived has left in it. */
  async stop(): Promise<void> {
    await this.#running?.cluster.stop();
    this.#running = null;
    const servers = [...this.#servers.values()];
    this.#servers.clear();
    await Promise.allSettled(servers.map(async (server) => (await server).stop()));
  }

  async #server<T>(name: SharedName): Promise<T> {
    const starting = this.#servers.get(name) ?? SHARED_SERVERS[name]();
    this.#servers.set(name, starting);
    return (await starting).given as T;
  }

  get #features(): Pick<KafkaOptions, 'features'> {
    return this.#options.protocol === 'TV2' ? {} : { features: { 'transaction.version': 1 } };
  }

  async #cluster(brokers: 1 | 3): Promise<KafkaCluster> {
    if (this.#running?.brokers !== brokers) {
      await this.stop();
      this.#running = { brokers, cluster: await startKafka({ brokers, ...this.#features }) };
    }
    return this.#running.cluster;
  }
}

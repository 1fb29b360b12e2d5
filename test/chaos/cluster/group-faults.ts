import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaCluster } from '../../../scripts/stack/cluster.ts';
import { type Random, seededRandom } from '../../../src/testing/seeded-random.ts';
import { allInSync } from '../kills/broker-kills.ts';
import { between, pick } from '../random.ts';
import type { GroupWorker } from './group-worker.ts';
import type { HandOvers } from './hand-overs.ts';

/** A worker that is told to stop has left by then, its transactions committed. */
const DRAINED_MS = 2_000;
/** For one that may come to harm: as long as a worker takes to start on a machine without time for it. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 100;
/** How much longer than its session a worker is suspended. */
const PAST_SESSION_MS = [2_000, 8_000] as const;

export interface GroupFaultsOptions {
  readonly workers: readonly GroupWorker[];
  /** Of a worker that comes and goes beside them. */
  readonly extra: GroupWorker;
  readonly sessionMs: number;
  /** null: none of these brokers may come to harm. */
  readonly cluster: KafkaCluster | null;
  readonly topics: readonly string[];
  readonly handOvers: HandOvers;
  readonly seed: number;
  readonly say: (words: string) => void;
}

/** What is done to a group of workers and its brokers, each kind in its own rhythm. */
export class GroupFaults {
  readonly wrong: string[] = [];
  readonly #options: GroupFaultsOptions;
  readonly #counts = new Map<string, number>();
  readonly #drains: number[] = [];

  constructor(options: GroupFaultsOptions) {
    this.#options = options;
  }

  /** How often each was done. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** How long workers took that were told to stop, in milliseconds. */
  get drains(): readonly number[] {
    return this.#drains;
  }

  /** Until it is aborted; then everybody is well again. */
  async run(signal: AbortSignal): Promise<void> {
    const kinds: readonly [number, (random: Random) => Promise<void>][] = [
      [20_000, (random) => this.#kill(random)],
      [60_000, (random) => this.#suspend(random)],
      [45_000, (random) => this.#change(random)],
      [180_000, (random) => this.#killBroker(random)],
    ];
    await Promise.all(kinds.map(([everyMs, act], index) => this.#each(everyMs, act, index, signal)));
  }

  async #each(
    everyMs: number,
    act: (random: Random) => Promise<void>,
    index: number,
    signal: AbortSignal,
  ): Promise<void> {
    const random = seededRandom(this.#options.seed + index);
    // From one to the next, however long it takes until the worker or broker is back.
    let dueMs = performance.now() + (everyMs / 2) * between(random, 0.7, 1.3);
    for (;;) {
      await delay(Math.max(0, dueMs - performance.now()), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      dueMs += everyMs * between(random, 0.7, 1.3);
      await act(random);
    }
  }

  async #kill(random: Random): Promise<void> {
    const worker = await this.#victim(random);
    if (worker === undefined) return;
    const { handOvers } = this.#options;
    const { life } = worker;
    // Each at a random moment of its transactions.
    const killed = worker.kill();
    handOvers.gone('kill', life, performance.now());
    await killed;
    this.#count('workers killed', `${life} killed`);
    await delay(between(random, 500, 14_000));
    await worker.start();
  }

  async #suspend(random: Random): Promise<void> {
    const worker = await this.#victim(random);
    if (worker === undefined) return;
    const { handOvers, sessionMs } = this.#options;
    handOvers.gone('suspension', worker.life, performance.now());
    worker.suspend();
    this.#count('workers suspended', `${worker.life} suspended`);
    await delay(sessionMs + between(random, ...PAST_SESSION_MS));
    worker.resume();
  }

  /** One more, or one less; or one that is upgraded. */
  async #change(random: Random): Promise<void> {
    const { extra } = this.#options;
    if (!extra.isUp && random() < 0.6) {
      this.#options.handOvers.disturbed(performance.now());
      await extra.start();
      return this.#count('workers added', `${extra.life} added`);
    }
    const worker = extra.isWell ? extra : await this.#victim(random);
    if (worker === undefined) return;
    await this.#drain(worker);
    if (worker !== extra) await worker.start();
  }

  async #drain(worker: GroupWorker): Promise<void> {
    const { life } = worker;
    this.#options.handOvers.gone('drain', life, performance.now());
    const { code, ms } = await worker.stop();
    this.#drains.push(ms);
    this.#count('workers drained', `${life} drained in ${Math.round(ms)} ms`);
    if (code !== 0) this.wrong.push(`${life} ended with code ${code} when it was told to stop`);
    if (ms > 5 * DRAINED_MS) this.wrong.push(`${life} took ${Math.round(ms)} ms to stop`);
  }

  async #killBroker(random: Random): Promise<void> {
    const { cluster, topics, say } = this.#options;
    if (cluster === null) return;
    await allInSync(cluster.bootstrapServers, [...topics, '__transaction_state', '__consumer_offsets']);
    const broker = pick(random, cluster.brokers);
    if (broker === undefined) return;
    this.#options.handOvers.disturbed(performance.now());
    await broker.kill();
    this.#count('brokers killed', `broker ${broker.id} killed`);
    await delay(between(random, 2_000, 8_000));
    await broker.start();
    this.#options.handOvers.disturbed(performance.now());
    say(`broker ${broker.id} is back`);
  }

  /** One that is well, while another one is: waited for a while. */
  async #victim(random: Random): Promise<GroupWorker | undefined> {
    for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
      const well = this.#options.workers.filter(({ isWell }) => isWell);
      if (well.length >= 2) return pick(random, well);
      if (waitedMs >= PATIENCE_MS) return undefined;
      await delay(LOOK_MS);
    }
  }

  #count(what: string, words: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
    this.#options.say(words);
  }
}

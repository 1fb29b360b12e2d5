import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createTopics } from '../create-topics.ts';
import type { Ground, Outcome } from '../ground.ts';
import { GroupRest, isRunning, type Places, placesAt, unbalanced } from './group-rest.ts';
import { workerLines } from './group-trial.ts';
import { GroupWorker } from './group-worker.ts';

const LOOK_MS = 100;
const MADE_AT_ONCE = 16;
const STUCK_MS = 180_000;

/** What came of one change of a group. */
interface Change {
  readonly ms: number;
  readonly moved: number;
  /** Tasks that moved although their worker stayed, and was not relieved of more than its share. */
  readonly needless: number;
}

/** Feeds without files, of which a group of workers has a hundred each; one worker comes, one is killed, one is drained. */
export class ManyFeeds {
  readonly #ground: Ground;
  readonly #feeds: number;
  readonly #workers: readonly GroupWorker[];
  readonly #rest: GroupRest;
  readonly #changes = new Map<string, Change>();

  private constructor(ground: Ground, feeds: number, workers: number) {
    this.#ground = ground;
    this.#feeds = feeds;
    const { folder, wishes } = ground;
    this.#workers = Array.from({ length: workers }, (_, index) => {
      const lines = { ...workerLines(ground), 'log.level': 'info' };
      const onLine = () => {};
      return new GroupWorker({
        name: `worker-${index}`,
        folder,
        lines,
        env: {},
        built: wishes.built,
        onLine,
      });
    });
    this.#rest = new GroupRest(this.#workers, ground.random);
  }

  static async play(
    ground: Ground,
    { feeds, workers }: { readonly feeds: number; readonly workers: number },
  ): Promise<Outcome> {
    const trial = new ManyFeeds(ground, feeds, workers);
    try {
      return await trial.#play();
    } finally {
      await Promise.all(trial.#workers.map((worker) => worker.kill()));
    }
  }

  async #play(): Promise<Outcome> {
    const [added, ...first] = this.#workers as [GroupWorker, ...GroupWorker[]];
    const [killed, drained] = first as [GroupWorker, GroupWorker];
    await Promise.all(first.map((worker) => worker.start()));
    await this.#make();
    await this.#settled();
    this.#ground.say(`${this.#feeds} feeds are made`);
    await this.#change('a worker is added, from when it answers', () => added.start(), true);
    await this.#change('a worker is killed', () => killed.kill());
    await this.#change('a worker is drained', async () => void (await drained.stop()));
    const wrong = [...this.#changes].flatMap(([what, { needless }]) =>
      needless === 0 ? [] : [`${what}: ${needless} tasks moved without need`],
    );
    const facts = [...this.#changes].map(
      ([what, { ms, moved }]) => [what, `${(ms / 1000).toFixed(1)} s, ${moved} tasks moved`] as const,
    );
    return { wrong, facts: [['feeds', this.#feeds], ...facts] };
  }

  async #make(): Promise<void> {
    const { folder, name, proxies } = this.#ground;
    const config = {
      'connector.class': 'directory',
      transforms: 'parse,route',
      'transforms.parse.type': 'csv',
      'transforms.route.type': 'route',
      'transforms.route.topic': name,
    };
    await createTopics(proxies.behind, { [name]: 1 });
    const indexes = Array.from({ length: this.#feeds }, (_, index) => index).values();
    const makeSome = async () => {
      for (const index of indexes) {
        const path = join(folder, `drop-${index}`);
        await mkdir(path);
        await this.#rest.create(`${name}-${index}`, { ...config, 'input.path': path });
      }
    };
    await Promise.all(Array.from({ length: MADE_AT_ONCE }, makeSome));
  }

  /** Until all run again, and each worker has its share. */
  async #change(what: string, act: () => Promise<void>, isCountedAfter = false): Promise<void> {
    const before = await this.#settled();
    const beganBefore = performance.now();
    await act();
    const began = isCountedAfter ? performance.now() : beganBefore;
    const after = await this.#settled();
    const moves = [...after].filter(([task, place]) => place !== before.get(task));
    const left = new Set([...before.values()].filter((place) => ![...after.values()].includes(place)));
    const fromLiving = moves.filter(([task]) => !left.has(before.get(task) as string)).length;
    const arrived = [...after.values()].filter((place) => ![...before.values()].includes(place)).length;
    const ms = performance.now() - began;
    this.#changes.set(what, { ms, moved: moves.length, needless: Math.max(0, fromLiving - arrived) });
    this.#ground.say(what);
  }

  async #settled(): Promise<Places> {
    const giveUpAt = performance.now() + STUCK_MS;
    for (;;) {
      const up = this.#workers.filter(({ isWell }) => isWell);
      const [asked] = up;
      const places = asked === undefined ? new Map() : await placesAt(asked).catch(() => new Map());
      const isWhole = places.size === this.#feeds && [...places.values()].every(isRunning);
      if (isWhole && unbalanced(places, up.length).length === 0) return places;
      if (performance.now() > giveUpAt) {
        const states = Map.groupBy(places.values(), (place) => place);
        throw new Error(
          `it does not settle: ${[...states].map(([place, { length }]) => `${length} ${place}`).join(', ')}`,
        );
      }
      await delay(LOOK_MS);
    }
  }
}

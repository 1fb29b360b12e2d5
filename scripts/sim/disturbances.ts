import type { ConnectorConfig } from './kafka.ts';
import type { Surroundings, Worker, WorkerOptions } from './worker.ts';

export interface DisturbancesOptions extends Surroundings {
  readonly workers: readonly Worker[];
  readonly start: (options: WorkerOptions) => Worker;
  readonly members: number;
}

const ZONES = ['sydney', 'perth'];
const NO_LABELS: ReadonlyMap<string, string> = new Map();
const LONGEST_MS = 40_000;
const ASK_MS = 700;

/** What befalls workers, their coordinator and the network, and what people configure. */
export class Disturbances {
  readonly #at: DisturbancesOptions;
  #names = 0;
  #numbers = 0;
  #connectors = 0;
  readonly #wanted = new Map<string, number>();
  #endsAtMs = 0;

  constructor(options: DisturbancesOptions) {
    this.#at = options;
  }

  /** Workers and connectors as they are before anything happens. */
  begin(tasks: number): void {
    const { world, members } = this.#at;
    for (let member = 0; member < members; member++) this.#startNew();
    for (let left = tasks; left > 0; ) {
      const some = world.whole(1, Math.min(left, 6));
      this.#configure(`c${this.#connectors++}`, some);
      left -= some;
    }
  }

  /** Some of them, one after another; at the end all have ended. */
  play(steps: number): void {
    const { world } = this.#at;
    for (let step = 0; step < steps; step++) {
      world.playUntil(world.nowMs + world.between(0, world.chance(0.3) ? 500 : 9_000));
      this.#disturb();
    }
    world.playUntil(Math.max(world.nowMs, this.#endsAtMs));
  }

  #disturb(): void {
    const { world } = this.#at;
    const worker = world.pick(this.#running);
    const kinds: (readonly [number, () => void])[] = [
      [5, () => this.#kill(worker)],
      [5, () => this.#suspend(worker)],
      [3, () => this.#cut(worker)],
      [2, () => this.#moveCoordinator()],
      [2, () => this.#startNew()],
      [2, () => this.#drain(worker)],
      [4, () => this.#configureAny()],
      [1, () => this.#replace(worker)],
      [1, () => this.#killSome()],
    ];
    let at = world.between(
      0,
      kinds.reduce((sum, [weight]) => sum + weight, 0),
    );
    for (const [weight, happen] of kinds) {
      at -= weight;
      if (at < 0) return happen();
    }
  }

  get #running(): readonly Worker[] {
    const running = this.#at.workers.filter(({ isRunning }) => isRunning);
    return running.length > 0 ? running : this.#at.workers.filter(({ process }) => process.isAlive);
  }

  #startNew(): void {
    const { world, start, members } = this.#at;
    const alive = this.#at.workers.filter(({ process }) => process.isAlive).length;
    if (alive >= 2 * members) return;
    const name = `w${this.#names++}`;
    start({
      name,
      instanceId: world.chance(0.4) ? name : null,
      labels: world.chance(0.7) ? new Map([['zone', world.pick(ZONES)]]) : NO_LABELS,
    });
  }

  #kill(worker: Worker | undefined): void {
    if (worker === undefined) return;
    const { world, start } = this.#at;
    worker.die('is killed');
    this.#for(world.between(200, 25_000), () => {
      start(worker.options);
    });
  }

  #killSome(): void {
    for (const worker of this.#running) if (this.#at.world.chance(0.6)) this.#kill(worker);
  }

  #suspend(worker: Worker | undefined): void {
    if (worker === undefined) return;
    const { world } = this.#at;
    const forMs = world.chance(0.3) ? world.between(100, 6_000) : world.between(6_000, LONGEST_MS);
    world.tell(`${worker.options.name}: is suspended`);
    worker.process.isSuspended = true;
    this.#for(forMs, () => {
      world.tell(`${worker.options.name}: goes on`);
      worker.process.resume();
    });
  }

  #cut(worker: Worker | undefined): void {
    if (worker === undefined) return;
    const { world } = this.#at;
    const forMs = world.between(300, LONGEST_MS);
    world.tell(`${worker.options.name}: is cut off`);
    worker.process.cutUntilMs = world.nowMs + forMs;
    this.#for(forMs, () => world.tell(`${worker.options.name}: is reached again`));
  }

  #moveCoordinator(): void {
    const { world, coordinator } = this.#at;
    const forMs = world.between(50, 5_000);
    coordinator.move(forMs);
    this.#for(forMs, () => {});
  }

  #drain(worker: Worker | undefined): void {
    if (worker === undefined || this.#running.length < 2 || worker.process.isSuspended) return;
    worker.drain();
    this.#for(6_000, () => {});
  }

  /** Another under the same id, while the first one knows nothing of it. */
  #replace(worker: Worker | undefined): void {
    if (worker === undefined || worker.options.instanceId === null) return;
    this.#at.world.tell(`${worker.options.name}: another comes under its id`);
    this.#at.start(worker.options);
  }

  #configureAny(): void {
    const { world } = this.#at;
    const known = [...this.#wanted.keys()];
    if (known.length === 0 || world.chance(0.3)) {
      this.#configure(`c${this.#connectors++}`, world.whole(1, 6));
      return;
    }
    const name = world.pick(known);
    if (world.chance(0.2)) this.#configure(name, null);
    else this.#configure(name, world.whole(1, 6));
  }

  /** Asks who leads until it is done, or something else is wanted. */
  #configure(connector: string, tasks: number | null): void {
    const { world, workers, kafka } = this.#at;
    const number = ++this.#numbers;
    this.#wanted.set(connector, number);
    const labels = world.chance(0.35) ? new Map([['zone', world.pick([...ZONES, 'nowhere'])]]) : NO_LABELS;
    const config: ConnectorConfig | null = tasks === null ? null : { number, tasks, labels };
    const ask = (): void => {
      if (this.#wanted.get(connector) !== number) return;
      const leaders = workers.filter((worker) => worker.process.isAlive && worker.isLeader);
      const again = () => world.after(ASK_MS, ask);
      if (leaders.length === 0) return again();
      let isOver = false;
      const end = (isDone: boolean) => {
        if (isOver) return;
        isOver = true;
        const written = kafka.log.findLast(
          ({ record }) => record.type === 'config' && record.connector === connector,
        );
        const isWritten = written?.record.type === 'config' && written.record.config?.number === number;
        if (!isDone && !isWritten) again();
      };
      world.pick(leaders).put({ type: 'config', connector, config }, end);
      world.after(15_000, () => end(false));
    };
    ask();
  }

  /** Until then something is disturbed. */
  #for(forMs: number, end: () => void): void {
    const { world } = this.#at;
    this.#endsAtMs = Math.max(this.#endsAtMs, world.nowMs + forMs);
    world.after(forMs, end);
  }
}

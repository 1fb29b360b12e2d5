import { Coordinator } from './coordinator.ts';
import { Disturbances } from './disturbances.ts';
import { Invariants } from './invariants.ts';
import { Kafka } from './kafka.ts';
import { Network } from './network.ts';
import { type Plant, type Timing, Worker, type WorkerOptions } from './worker.ts';
import { Broken, World } from './world.ts';

export interface PlayOptions {
  readonly seed: number;
  /** Workers at first. */
  readonly members: number;
  /** Of all connectors at first, about. */
  readonly tasks: number;
  /** How many times something is disturbed. */
  readonly steps: number;
  readonly plant: Plant | null;
  /** Tells every event. */
  readonly keepsLines: boolean;
}

export interface Played {
  /** What did not hold; null: all did. */
  readonly broken: string | null;
  /** The same wherever the same is played. */
  readonly digest: string;
  readonly lines: readonly string[];
  readonly events: number;
  readonly rows: number;
  readonly begun: number;
  readonly moved: number;
}

/** As workers have it where nothing else is said. */
const TIMING: Timing = {
  sessionTimeoutMs: 6_000,
  heartbeatIntervalMs: 500,
  rebalanceTimeoutMs: 60_000,
};

const CALMS = 3;
/** In which all that can run is to run once nothing disturbs any more: a request that hangs is given up, a session ends. */
const ORDER_MS = TIMING.rebalanceTimeoutMs + 3 * TIMING.sessionTimeoutMs;
/** The leader writes of one connector after another, at first of all of them. */
const ORDER_MS_PER_TASK = 40;
const REST_MS = 20_000;

/** Plays one seed: workers and what befalls them, in three parts, after each of which there is to be order. */
export function play(options: PlayOptions): Played {
  const world = new World(options.seed, options);
  const workers: Worker[] = [];
  const kafka = new Kafka(world, () => {
    for (const worker of workers) worker.follow();
  });
  const network = new Network(world);
  const coordinator = new Coordinator(world);
  const watch = new Invariants(kafka, () => workers);
  const at = { world, network, coordinator, kafka, timing: TIMING, plant: options.plant, watch };
  const start = (how: WorkerOptions) => {
    const worker = new Worker(at, how);
    workers.push(worker);
    return worker;
  };
  const disturbances = new Disturbances({ ...at, workers, start, members: options.members });
  let broken: string | null = null;
  try {
    disturbances.begin(options.tasks);
    for (let calm = 0; calm < CALMS; calm++) {
      disturbances.play(Math.ceil(options.steps / CALMS));
      network.isCalm = true;
      world.playUntil(world.nowMs + ORDER_MS + ORDER_MS_PER_TASK * options.tasks);
      watch.requireOrder();
      watch.isAtRest = true;
      world.playUntil(world.nowMs + REST_MS);
      watch.requireOrder();
      watch.isAtRest = false;
      network.isCalm = false;
    }
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    broken = error.message;
    world.tell(`broken: ${broken}`);
  }
  const { digest, lines, events } = world;
  return { broken, digest, lines, events, rows: kafka.rows, begun: watch.begun, moved: watch.moved };
}

import type { World } from './world.ts';

/** No two clocks run alike: by how much one may be faster than another, both ways. */
const DRIFT = 0.02;

/** A process with a clock of its own, that may be suspended and killed. */
export class Process {
  readonly #world: World;
  readonly #rate: number;
  readonly #startedMs: number;
  readonly #epochMs: number;
  readonly #waiting: (() => void)[] = [];
  isAlive = true;
  isSuspended = false;
  /** Until then nothing that it sends arrives, and nothing that is sent to it. */
  cutUntilMs = 0;

  constructor(world: World) {
    this.#world = world;
    this.#rate = world.between(1 - DRIFT, 1 + DRIFT);
    this.#startedMs = world.nowMs;
    this.#epochMs = world.whole(0, 1_000_000);
  }

  get localMs(): number {
    return this.#epochMs + (this.#world.nowMs - this.#startedMs) * this.#rate;
  }

  get isCut(): boolean {
    return this.#world.nowMs < this.cutUntilMs;
  }

  /** @param delayMs by its own clock */
  after(delayMs: number, run: () => void): void {
    this.#world.after(Math.max(0, delayMs) / this.#rate, () => this.run(run));
  }

  /** Once it runs: what comes while it is suspended waits. */
  run(what: () => void): void {
    if (!this.isAlive) return;
    if (this.isSuspended) this.#waiting.push(what);
    else what();
  }

  resume(): void {
    this.isSuspended = false;
    for (const what of this.#waiting.splice(0)) this.#world.after(0, () => this.run(what));
  }
}

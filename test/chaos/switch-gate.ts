import type { Direction, FrameLink, Gate } from './kafka-proxy.ts';

/** Lets everything through. */
export const OPEN: Gate = { pass: () => {} };

/** A gate that is another one from time to time. */
export class SwitchGate implements Gate {
  current: Gate = OPEN;

  pass(direction: Direction, apiKey: number, link: FrameLink, frame: Buffer): Promise<void> | void {
    return this.current.pass(direction, apiKey, link, frame);
  }
}

/** Waits behind the gate until it is opened; new ones come to the same wait. */
export class Barrier {
  readonly #opened = Promise.withResolvers<void>();

  wait(): Promise<void> {
    return this.#opened.promise;
  }

  open(): void {
    this.#opened.resolve();
  }
}

/** Something that is done to the n-th frame of a kind, once. */
export class Strike implements Gate {
  readonly struck = Promise.withResolvers<void>();
  readonly #direction: Direction;
  readonly #apiKey: number;
  readonly #act: (link: FrameLink) => Promise<void> | void;
  #left: number;

  constructor(
    direction: Direction,
    apiKey: number,
    number: number,
    act: (link: FrameLink) => Promise<void> | void,
  ) {
    this.#direction = direction;
    this.#apiKey = apiKey;
    this.#left = number;
    this.#act = act;
  }

  pass(direction: Direction, apiKey: number, link: FrameLink): Promise<void> | void {
    if (direction !== this.#direction || apiKey !== this.#apiKey || --this.#left !== 0) return;
    this.struck.resolve();
    return this.#act(link);
  }
}

import type { GivenUpFile } from '../../plugin/index.ts';

type Taker = (files: readonly GivenUpFile[]) => void;

/** Keeps files that are to be tried again for the task's source until that is there. */
export class Retries {
  readonly #onTaken: (count: number) => void;
  readonly #waiting: GivenUpFile[] = [];
  #taker: Taker | null = null;

  /** @param onTaken called when the source has been told of so many, in the order of `ask` */
  constructor(onTaken: (count: number) => void) {
    this.#onTaken = onTaken;
  }

  ask(files: readonly GivenUpFile[]): void {
    this.#waiting.push(...files);
    this.#pass();
  }

  /** @returns has it told of no more */
  takenBy(taker: Taker): () => void {
    this.#taker = taker;
    this.#pass();
    return () => {
      this.#taker = null;
    };
  }

  #pass(): void {
    if (this.#taker === null || this.#waiting.length === 0) return;
    const files = this.#waiting.splice(0);
    this.#taker(files);
    this.#onTaken(files.length);
  }
}

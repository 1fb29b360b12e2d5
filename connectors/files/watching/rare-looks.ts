import { crc32 } from 'node:zlib';
import type { FileVersion } from '../file-version.ts';

/** So many files that are done with are looked at with one listing. */
const MOST_LOOKS = 1000;
/** Of more files that have changed at once no account is kept: all are looked at. */
const MOST_TOUCHED = 10_000;

/**
 * A tree may hold any number of files that are delivered and stay: to look at each of them with every listing is all that
 * an idle feed does. What the system tells to have changed is looked at with the next listing; of the others a part, so that
 * each has its turn where changes are not told, as on a network's disk.
 */
export class RareLooks {
  readonly #doneIn: (path: string) => FileVersion | undefined;
  /** Paths that have changed since the listing before began; null: any may have. */
  #touched: Set<string> | null = null;
  /** Those that this listing looks at. */
  #wanted: ReadonlySet<string> | null = null;
  #round = 0;
  #rounds = 1;

  /** @param doneIn the version in which nothing more is to do with a file */
  constructor(doneIn: (path: string) => FileVersion | undefined) {
    this.#doneIn = doneIn;
  }

  /** A listing begins. `done`: how many files are done with. */
  begin(done: number): void {
    this.#wanted = this.#touched;
    this.#touched = new Set();
    this.#round++;
    this.#rounds = Math.max(1, Math.ceil(done / MOST_LOOKS));
  }

  /** Something has happened to a file; null: nobody knows to which. */
  touched(path: string | null): void {
    if (path === null || (this.#touched?.size ?? 0) >= MOST_TOUCHED) this.#touched = null;
    else this.#touched?.add(path);
  }

  /** The version that a file is taken to be in; undefined where it is to be looked at. */
  versionOf(path: string): FileVersion | undefined {
    if (this.#rounds === 1 || this.#isTouched(path)) return undefined;
    const isItsTurn = crc32(path) % this.#rounds === this.#round % this.#rounds;
    return isItsTurn ? undefined : this.#doneIn(path);
  }

  #isTouched(path: string): boolean {
    const [now, before] = [this.#touched, this.#wanted];
    return now === null || before === null || now.has(path) || before.has(path);
  }
}

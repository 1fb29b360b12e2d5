import { readFileSync, statSync } from 'node:fs';
import { HeadraceError, messageOf } from '../../errors.ts';

/** A file that is read again when it has changed. What is wrong then is told, and what was right before it stays. */
export class ChangingFile<T> {
  readonly #key: string;
  readonly #path: string;
  readonly #parse: (text: string) => T;
  readonly #onMistake: (message: string) => void;
  #value: T;
  #seen: string;

  /**
   * @param key of the option that names the file
   * @param parse throws an error with a sentence that quotes nothing of the file: it may hold secrets
   * @throws HeadraceError CONFIG_INVALID when the file cannot be read or is wrong to begin with
   */
  constructor(key: string, path: string, parse: (text: string) => T, onMistake: (message: string) => void) {
    this.#key = key;
    this.#path = path;
    this.#parse = parse;
    this.#onMistake = onMistake;
    try {
      this.#seen = this.#stamp();
      this.#value = this.#read();
    } catch (error) {
      throw new HeadraceError('CONFIG_INVALID', this.#mistake(error), { cause: error });
    }
  }

  /** As the file is now. */
  get value(): T {
    this.refresh();
    return this.#value;
  }

  /** Whether the file has changed, and is right. */
  refresh(): boolean {
    try {
      const stamp = this.#stamp();
      if (stamp === this.#seen) return false;
      this.#seen = stamp;
      this.#value = this.#read();
      return true;
    } catch (error) {
      const isNews = !(error instanceof Gone) || this.#seen !== '';
      if (error instanceof Gone) this.#seen = '';
      if (isNews) this.#onMistake(`${this.#mistake(error)}; what was there before stays in force`);
      return false;
    }
  }

  #stamp(): string {
    try {
      const { mtimeNs, size, ino } = statSync(this.#path, { bigint: true });
      return `${mtimeNs} ${size} ${ino}`;
    } catch (error) {
      throw new Gone(`cannot be read: ${messageOf(error)}`);
    }
  }

  #read(): T {
    return this.#parse(readFileSync(this.#path, 'utf8'));
  }

  #mistake(error: unknown): string {
    return `${this.#key}: ${this.#path}: ${messageOf(error)}`;
  }
}

class Gone extends Error {}

import { hash } from 'node:crypto';
import type { ListedFile } from '../file-store.ts';

/** Of more files it tells their number only, which no listing has by which a task sleeps. */
export const MOST_FILES = 1000;

/** And so many pages of names, of a store that has pages: one thread lists for all that sleep. */
export const MOST_PAGES = 10;

const MASK = (1n << 128n) - 1n;

/** Tells one listing from another, in whatever order it comes, and keeps nothing of its files. */
export class ListingDigest {
  #sum = 0n;
  #files = 0;

  /** It has met more files than it can tell from others. */
  get isTooLong(): boolean {
    return this.#files > MOST_FILES;
  }

  add({ path, version }: ListedFile): void {
    this.#files++;
    if (this.isTooLong) return;
    const { size, mtimeNs, identity, change } = version;
    const text = JSON.stringify([path, size, String(mtimeNs), identity, change]);
    this.#sum = (this.#sum + BigInt(`0x${hash('sha256', text).slice(0, 32)}`)) & MASK;
  }

  get text(): string {
    return `${this.#files} ${this.isTooLong ? '' : this.#sum.toString(16)}`;
  }
}

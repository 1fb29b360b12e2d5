import type { FileHandle } from 'node:fs/promises';
import { appendFile, mkdir, readFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Random } from '../../../src/testing/seeded-random.ts';
import { FolderModel } from './folder-model.ts';
import type { WatchedPlace } from './folder-trial.ts';
import { HEADER, textOf } from './row-text.ts';

/** A drop folder on the disk and the model of it. Every write ends with a whole row. */
export class ChaosFolder implements WatchedPlace {
  readonly model = new FolderModel();
  readonly #path: string;
  readonly #random: Random;
  /** What was last written under a path: a file that was put away can be read nowhere else. */
  readonly #written = new Map<string, Buffer>();

  constructor(path: string, random: Random) {
    this.#path = path;
    this.#random = random;
  }

  async make(): Promise<void> {
    await mkdir(join(this.#path, 'drop'), { recursive: true });
  }

  at(path: string): string {
    return join(this.#path, 'drop', path);
  }

  /** Puts a new file into place at once, as a careful sender does. */
  async put(path: string, rows: number): Promise<void> {
    const numbers = this.model.newRows(rows);
    await this.#replace(path, this.#text(numbers));
    this.model.put(path, numbers);
  }

  /** A file that is written at the first of these paths and comes to the last by renames, each after a `step`. */
  async putThrough(paths: readonly string[], rows: number, step: () => Promise<void>): Promise<void> {
    const [first = '', ...others] = paths;
    const numbers = this.model.newRows(rows);
    await mkdir(dirname(this.at(first)), { recursive: true });
    await writeFile(this.at(first), this.#text(numbers));
    let from = first;
    for (const to of others) {
      await step();
      await mkdir(dirname(this.at(to)), { recursive: true });
      await rename(this.at(from), this.at(to));
      from = to;
    }
    this.model.put(from, numbers);
  }

  /** Puts a file into place that will be put away, and may come again. */
  async putForGood(path: string, rows: number, time: Date): Promise<void> {
    const numbers = this.model.newRows(rows);
    this.model.put(path, numbers);
    await this.#replace(path, this.#text(numbers), time);
  }

  /** Writes other rows into the file that is there, from its first byte on. */
  async rewrite(path: string, rows: number): Promise<void> {
    const numbers = this.model.newRows(rows);
    await writeFile(this.at(path), this.#text(numbers));
    this.model.put(path, numbers);
  }

  async append(path: string, rows: number): Promise<void> {
    const numbers = this.model.newRows(rows);
    this.model.append(path, numbers);
    await appendFile(this.at(path), this.#text(numbers).slice(HEADER.length));
  }

  /** Rows for a file that somebody holds open, wherever it is now. */
  async appendTo(handle: FileHandle, path: string, rows: number): Promise<void> {
    const numbers = this.model.newRows(rows);
    this.model.append(path, numbers);
    const text = this.#text(numbers).slice(HEADER.length);
    this.#written.set(path, Buffer.concat([this.#written.get(path) ?? Buffer.alloc(0), Buffer.from(text)]));
    await handle.appendFile(text);
  }

  /** Puts the file of before there once more, with its time; another digit in it where it is `changed`. */
  async putAgain(path: string, changed: boolean, time: Date): Promise<void> {
    const before = this.#written.get(path) as Buffer;
    const content = Buffer.from(before);
    if (changed) {
      // A quantity in the middle, of one digit.
      const end = before.indexOf('\n', Math.floor(before.length / 2)) - 1;
      content[end] = (before[end] as number) + 1;
      this.model.put(path, this.model.rows(path));
    }
    await this.#replace(path, content, time);
  }

  /** The bytes that must be delivered under a path. */
  async bytes(path: string): Promise<Buffer> {
    const written = this.#written.get(path) ?? null;
    return written ?? (await readFile(this.at(path)));
  }

  /** Cuts the file behind so many rows. */
  async truncate(path: string, rows: number): Promise<void> {
    const lines = (await readFile(this.at(path), 'utf8')).split('\n').slice(0, rows + 1);
    this.model.truncate(path, rows);
    await truncate(this.at(path), Buffer.byteLength(lines.join('\n')) + 1);
  }

  async remove(path: string): Promise<void> {
    await rm(this.at(path));
    this.model.remove(path);
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(this.at(from), this.at(to));
    this.model.rename(from, to);
  }

  /** A compressed file that ends too soon; `whole` puts the rest of it there. */
  async putCutGzip(path: string, rows: number): Promise<{ whole: () => Promise<void> }> {
    const numbers = this.model.newRows(rows);
    const bytes = gzipSync(this.#text(numbers));
    await this.#replace(path, bytes.subarray(0, bytes.length / 2));
    this.model.put(path, numbers);
    return { whole: () => this.#replace(path, bytes) };
  }

  async #replace(path: string, content: string | Buffer, time?: Date): Promise<void> {
    const staged = join(this.#path, `.${basename(path)}`);
    await writeFile(staged, content);
    if (time !== undefined) {
      this.#written.set(path, Buffer.from(content));
      await utimes(staged, time, time);
    }
    await mkdir(dirname(this.at(path)), { recursive: true });
    await rename(staged, this.at(path));
  }

  #text(numbers: readonly number[]): string {
    return textOf(numbers, this.#random);
  }
}

import { gzipSync } from 'node:zlib';
import type { Random } from '../../../src/testing/seeded-random.ts';
import { FolderModel } from '../folder/folder-model.ts';
import type { WatchedPlace } from '../folder/folder-trial.ts';
import { textOf } from '../folder/row-text.ts';
import type { RemotePlace } from './remote-place.ts';

/** Objects of a bucket, or files of a server, and the model of them. Each comes whole. */
export class ChaosObjects implements WatchedPlace {
  readonly model = new FolderModel();
  readonly #place: RemotePlace;
  readonly #random: Random;
  readonly #written = new Map<string, Buffer>();

  constructor(place: RemotePlace, random: Random) {
    this.#place = place;
    this.#random = random;
  }

  /** Writes an object with new rows, in place of what was there. */
  async put(path: string, rows: number): Promise<void> {
    const numbers = this.model.newRows(rows);
    const text = textOf(numbers, this.#random);
    await this.#write(path, path.endsWith('.gz') ? gzipSync(text) : Buffer.from(text));
    // Not before: until then the one before it may be delivered.
    this.model.put(path, numbers);
  }

  /** Writes an object once more as it is. */
  async putAgain(path: string): Promise<void> {
    await this.#write(path, await this.bytes(path));
  }

  async remove(path: string): Promise<void> {
    await this.#place.store.remove(`drop/${path}`);
    this.model.remove(path);
  }

  async bytes(path: string): Promise<Buffer> {
    const written = this.#written.get(path);
    if (written === undefined) throw new Error(`${path} was not written`);
    return written;
  }

  async #write(path: string, bytes: Buffer): Promise<void> {
    await this.#place.store.put(`drop/${path}`, bytes);
    this.#written.set(path, bytes);
  }
}

import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lines } from '../feed-lines.ts';
import type { LoadPlace } from '../load-place.ts';
import type { RemotePlace } from './remote-place.ts';

/** Lists so often at most: whoever waits asks many times a second. */
const LIST_EVERY_MS = 200;

/** Files of a load in a bucket or on a server. */
export class RemoteLoad implements LoadPlace {
  readonly feed: Lines;
  readonly env: LoadPlace['env'];
  readonly #place: RemotePlace;
  #listed: { readonly at: number; readonly names: Promise<string[]> } | null = null;

  constructor(place: RemotePlace) {
    this.#place = place;
    this.env = place.env;
    // Files come under their names when they are complete.
    const settle = place.kind === 'sftp' ? { 'settle.ms': 0 } : {};
    this.feed = { ...place.feed, ...place.finished, ...settle };
  }

  async drop(name: string, staged: string): Promise<void> {
    await this.#place.store.put(`drop/${name}`, await readFile(staged));
    this.#listed = null;
  }

  waiting(): Promise<string[]> {
    const now = performance.now();
    if (this.#listed === null || now - this.#listed.at > LIST_EVERY_MS) {
      this.#listed = { at: now, names: this.#below('drop') };
    }
    return this.#listed.names;
  }

  finished(): Promise<string[]> {
    return this.#below('done');
  }

  async #below(folder: string): Promise<string[]> {
    // A folder that the connector tries whether it may write goes away while it is looked into.
    const list = () => this.#place.store.list();
    const paths = await list().catch(list).catch(list);
    const names = paths.flatMap((path) =>
      path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : [],
    );
    return names.filter((name) => !name.startsWith('.'));
  }
}

/** Waits until nothing of what was dropped is left there. */
export async function putAway(load: LoadPlace, patienceMs = 120_000): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (let left = await load.waiting(); left.length > 0; left = await load.waiting()) {
    if (performance.now() > giveUpAt) throw new Error(`${left.join(', ')} is not put away`);
    await delay(LIST_EVERY_MS);
  }
}

import { SILENT } from '../../connectors/files/silent-log.ts';
import { connectionOf } from '../../connectors/inputs/connections.ts';
import { InputStore } from '../../connectors/inputs/input-store.ts';
import type { Feed } from '../runtime/worker/feed.ts';

/** Where the files of a load are looked for and looked at, before its tasks read them. */
export class LoadStores {
  readonly #stores = new Map<Feed | null, InputStore>();

  /** Reached as a feed says; null: as the environment does. */
  of(feed: Feed | null): InputStore {
    const store =
      this.#stores.get(feed) ?? new InputStore(connectionOf(feed?.config.source.values ?? {}), SILENT);
    this.#stores.set(feed, store);
    return store;
  }

  async close(): Promise<void> {
    for (const store of this.#stores.values()) await store.close();
  }
}

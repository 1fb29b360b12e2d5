import type { FSWatcher } from 'chokidar';
import { watch } from 'chokidar';
import type { PluginLog } from '../../src/plugin/index.ts';
import { messageOf } from '../../src/plugin/index.ts';

/** Calls when something happens below a folder. Only a help: what it misses, the next scan finds. */
export class FolderWatch {
  readonly #log: PluginLog;
  readonly #watcher: FSWatcher | undefined;
  #hasComplained = false;

  constructor(root: string, excluded: readonly string[], onChange: () => void, log: PluginLog) {
    this.#log = log;
    try {
      this.#watcher = watch(root, {
        ignoreInitial: true,
        followSymlinks: false,
        // Watching each file would cost a watch per file; the folders' own raw events tell of their files.
        ignored: (path, stats) => excluded.includes(path) || (stats !== undefined && !stats.isDirectory()),
      });
      this.#watcher.on('raw', onChange).on('all', onChange);
      this.#watcher.on('error', (error) => this.#complain(error));
    } catch (error) {
      this.#complain(error);
    }
  }

  async close(): Promise<void> {
    await this.#watcher?.close();
  }

  #complain(error: unknown): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#log.warn('folder cannot be watched; new files are found by the scan', { error: messageOf(error) });
  }
}

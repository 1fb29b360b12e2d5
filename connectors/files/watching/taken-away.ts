import type { PluginLog } from '../../../src/plugin/index.ts';

/** So many such files are told of; after that it is known. */
const MOST_LINES = 3;

/**
 * Notices that files go away before they are read: as when another worker, perhaps on another machine, runs a feed of
 * another name on the same folder. Whoever comes first has the rows, and the other one would say nothing.
 */
export class TakenAway {
  readonly #log: PluginLog;
  readonly #onGone: (path: string) => void;
  #unread: ReadonlySet<string> = new Set();
  #missed = new Set<string>();
  #root = '';
  #lines = 0;

  constructor(log: PluginLog, onGone: (path: string) => void) {
    this.#log = log;
    this.#onGone = onGone;
  }

  /** A listing begins. */
  begin(): void {
    this.#missed = new Set(this.#unread);
  }

  /** It has met a file. */
  met(path: string): void {
    this.#missed.delete(path);
  }

  /** It was complete. `unread`: what of it is still to be read. */
  end(root: string, unread: Iterable<string>): void {
    for (const file of root === this.#root ? this.#missed : []) {
      this.#onGone(file);
      if (this.#lines === MOST_LINES) continue;
      this.#lines++;
      this.#log.warn(
        'file went away before it was read; unless its sender renamed or removed it, another feed or worker watches ' +
          'this folder and takes files out of it: give each a folder of its own',
        { file },
      );
    }
    this.#root = root;
    this.#unread = new Set(unread);
  }
}

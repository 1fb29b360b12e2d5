import { posix } from 'node:path';
import type { PluginLog } from '../../../src/plugin/index.ts';
import type { ListFilter } from '../file-store.ts';
import { filePattern } from '../glob/file-pattern.ts';
import { SILENT } from '../silent-log.ts';
import { PassedOver } from './passed-over.ts';
import { WorkInProgress } from './work-in-progress.ts';

export interface WantedFilesOptions {
  /** What `input.file.pattern` says. */
  readonly pattern: string;
  /** Which files that match are this task's; others cost nothing. */
  isOwn(place: string): boolean;
  /** Folders, by their places, that are not looked into and not told of. */
  readonly excluded?: readonly string[];
  /** Whether to tell what is passed over; of several tasks one does. */
  readonly tellsPassedOver: boolean;
  readonly log: PluginLog;
}

/** Which of the files of a store a feed wants: not hidden ones, not what other programs are at work on. */
export class WantedFiles implements ListFilter {
  readonly #options: WantedFilesOptions;
  readonly #matches: (place: string) => boolean;
  readonly #progress: WorkInProgress;
  readonly #passedOver: PassedOver;

  constructor(options: WantedFilesOptions) {
    this.#options = options;
    this.#matches = filePattern(options.pattern);
    this.#progress = new WorkInProgress(options.pattern);
    this.#passedOver = new PassedOver(options.log, options.pattern);
  }

  /** What a feed wants of all of its tasks, for whoever looks at files and loads none. */
  static ofFeed(pattern: string, excluded: readonly string[] = []): WantedFiles {
    return new WantedFiles({ pattern, excluded, isOwn: () => true, tellsPassedOver: false, log: SILENT });
  }

  isFolderWanted(place: string): boolean {
    const name = posix.basename(place);
    if (name.startsWith('.') || this.#options.excluded?.includes(place)) return false;
    if (!this.#progress.isFolder(name)) return true;
    if (name !== 'lost+found') this.#passedOver.folder(place);
    return false;
  }

  isFileWanted(place: string): boolean {
    const name = posix.basename(place);
    if (name.startsWith('.')) return false;
    const why = this.#progress.whyNot(name);
    if (!this.#matches(place)) {
      if (why === null) this.#passedOver.unmatched(place);
      return false;
    }
    if (why !== null) this.#passedOver.inProgress(place, why);
    return why === null && this.#options.isOwn(place);
  }

  metLink(place: string): void {
    if (!posix.basename(place).startsWith('.')) this.#passedOver.link(place, this.#matches(place));
  }

  /** A listing has come to its end: says what of it was passed over and is new. */
  tell(): void {
    if (this.#options.tellsPassedOver) this.#passedOver.tell();
  }
}

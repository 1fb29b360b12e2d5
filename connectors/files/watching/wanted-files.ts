import { posix } from 'node:path';
import type { PluginLog } from '../../../src/plugin/index.ts';
import type { ListFilter } from '../file-store.ts';
import type { FileVersion } from '../file-version.ts';
import { filePattern } from '../glob/file-pattern.ts';
import { type CompanionOptions, Companions } from '../ready/companions.ts';
import { LoneCompanions } from '../ready/lone-companions.ts';
import { SILENT } from '../silent-log.ts';
import { PassedOver, type PassedOverMemory } from './passed-over.ts';
import type { RareLooks } from './rare-looks.ts';
import { WorkInProgress } from './work-in-progress.ts';

/** What a feed says of the names that it wants. */
export interface WantedNames extends CompanionOptions {
  readonly inputFilePattern: string;
  readonly inputFileIgnore: readonly string[];
}

/** What was told of a store's files, as plain data. */
export interface ToldMemory {
  readonly passedOver: PassedOverMemory;
  readonly alone: readonly string[];
}

export interface WantedFilesOptions {
  readonly names: WantedNames;
  /** Which files that match are this task's; others cost nothing. */
  isOwn(place: string): boolean;
  /** Folders, by their places, that are not looked into and not told of. */
  readonly excluded?: readonly string[];
  /** Whether to tell what is passed over; of several tasks one does. */
  readonly tellsPassedOver: boolean;
  /** Which files need not be looked at. */
  readonly looks?: RareLooks;
  readonly log: PluginLog;
  /** Of the one that looked at the same files before. */
  readonly told?: ToldMemory | undefined;
}

/** Which of the files of a store a feed wants: not hidden ones, not what other programs are at work on. */
export class WantedFiles implements ListFilter {
  readonly #options: WantedFilesOptions;
  readonly #matches: (place: string) => boolean;
  readonly #progress: WorkInProgress;
  readonly #companions: Companions;
  readonly #passedOver: PassedOver;
  readonly #alone: LoneCompanions;

  constructor(options: WantedFilesOptions) {
    const { inputFilePattern: pattern, inputFileIgnore } = options.names;
    this.#options = options;
    this.#matches = filePattern(pattern);
    this.#progress = new WorkInProgress(pattern, inputFileIgnore);
    this.#companions = new Companions(options.names);
    this.#passedOver = new PassedOver(options.log, pattern, options.told?.passedOver);
    this.#alone = new LoneCompanions(options.log, options.told?.alone);
  }

  /** What a feed wants of all of its tasks, for whoever looks at files and loads none. */
  static ofFeed(names: WantedNames, excluded: readonly string[] = []): WantedFiles {
    return new WantedFiles({ names, excluded, isOwn: () => true, tellsPassedOver: false, log: SILENT });
  }

  isFolderWanted(place: string): boolean {
    const name = posix.basename(place);
    if (name.startsWith('.') || this.#options.excluded?.includes(place)) return false;
    if (!this.#progress.isFolder(name)) return true;
    if (name !== 'lost+found') this.#passedOver.folder(place);
    return false;
  }

  versionOf(place: string): FileVersion | undefined {
    const version = this.#options.looks?.versionOf(place);
    if (version !== undefined && this.#options.tellsPassedOver && !this.#companions.isEmpty)
      this.#expectCompanions(place);
    return version;
  }

  isFileWanted(place: string): boolean {
    const name = posix.basename(place);
    if (this.#companions.isOne(name)) {
      if (this.#options.tellsPassedOver) this.#alone.met(place);
      return false;
    }
    if (name.startsWith('.')) return false;
    const why = this.#progress.whyNot(name);
    if (!this.#matches(place)) {
      if (why === null) this.#passedOver.unmatched(place);
      return false;
    }
    if (why !== null) this.#passedOver.inProgress(place, why);
    if (why !== null) return false;
    if (this.#options.tellsPassedOver && !this.#companions.isEmpty) this.#expectCompanions(place);
    return this.#options.isOwn(place);
  }

  metLink(place: string): void {
    if (!posix.basename(place).startsWith('.')) this.#passedOver.link(place, this.#matches(place));
  }

  /** A listing has come to its end: says what of it was passed over and is new. */
  tell(): void {
    if (!this.#options.tellsPassedOver) return;
    this.#passedOver.tell();
    this.#alone.tell();
  }

  get told(): ToldMemory {
    return { passedOver: this.#passedOver.memory, alone: this.#alone.told };
  }

  #expectCompanions(place: string): void {
    for (const { file } of this.#companions.of({ path: place, absolute: place, place }))
      this.#alone.expected(file.place);
  }
}

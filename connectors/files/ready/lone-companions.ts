import type { PluginLog } from '../../../src/plugin/index.ts';

/** So many names without their other half are kept at most; a folder in which more are says nothing. */
const MOST_NAMES = 100_000;
/** So many are told of at a time. */
const MOST_LINES = 20;

/** Tells of markers and checksum files whose files are not there: each once, in the second listing that finds it so. */
export class LoneCompanions {
  readonly #log: PluginLog;
  /** Names of this listing that are there without a file, or that a file wants and that are not there. */
  #halves = new Map<string, 'met' | 'expected'>();
  #isTooMany = false;
  #before = new Set<string>();
  readonly #told: Set<string>;

  /** @param told those of which the one before this one has told */
  constructor(log: PluginLog, told: readonly string[] = []) {
    this.#log = log;
    this.#told = new Set(told);
  }

  get told(): readonly string[] {
    return [...this.#told];
  }

  met(place: string): void {
    this.#pair(place, 'met');
  }

  /** A file is there that has one of this name. */
  expected(place: string): void {
    this.#pair(place, 'expected');
  }

  /** A listing has come to its end. */
  tell(): void {
    const alone = this.#isTooMany ? [] : [...this.#halves].filter(([, half]) => half === 'met');
    const now = new Set(alone.map(([place]) => place));
    for (const file of this.#before) if (now.has(file)) this.#tellOf(file);
    for (const file of this.#told) if (!now.has(file) && !this.#isTooMany) this.#told.delete(file);
    this.#before = now;
    this.#halves = new Map();
    this.#isTooMany = false;
  }

  #tellOf(file: string): void {
    if (this.#told.has(file) || this.#told.size === MOST_LINES) return;
    this.#told.add(file);
    this.#log.warn(
      'marker or checksum file without its file; send the file, or take it away: it stands for the next of its name',
      { file },
    );
  }

  /** Most pairs lie side by side, so that few halves are kept. */
  #pair(place: string, half: 'met' | 'expected'): void {
    const other = this.#halves.get(place);
    if (other !== undefined && other !== half) this.#halves.delete(place);
    else if (this.#halves.size < MOST_NAMES) this.#halves.set(place, half);
    else this.#isTooMany = true;
  }
}

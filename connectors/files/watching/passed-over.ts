import type { PluginLog } from '../../../src/plugin/index.ts';
import { filePattern } from '../glob/file-pattern.ts';

/** So many files of one kind are told of by name; where more come together, these are the first of them. */
const NAMED = 5;
/** And so many lines are there of one kind, as long as a task runs: a folder may be full of other people's files. */
const MOST_LINES = 20;

/** So many of what was told are remembered over a sleep. */
const MOST_REMEMBERED = 200;

/** What was told, as plain data. */
export interface PassedOverMemory {
  readonly told: readonly string[];
  readonly lines: readonly (readonly [kind: Kind, lines: number])[];
}

type Kind = 'link' | 'unmatched link' | 'unmatched' | 'case' | 'progress' | 'folder';

const LINK = 'link passed over; put the files themselves here, or watch the folder that it leads to';
const MESSAGES: Readonly<Record<Kind, string>> = {
  link: LINK,
  'unmatched link': LINK,
  unmatched: 'file does not match input.file.pattern; passed over',
  case: 'file passed over; input.file.pattern tells upper from lower case',
  folder:
    'folder passed over, as jobs keep in such what is not done (input.file.ignore); to read it, name it in input.file.pattern',
  progress:
    'work in progress of another program passed over (input.file.ignore); to load it, name its ending in input.file.pattern',
};

/** Tells what lies in a folder and is not read: each once, while it is there, and never a flood. */
export class PassedOver {
  readonly #log: PluginLog;
  readonly #pattern: string;
  readonly #matchesAnyCase: (place: string) => boolean;
  readonly #lines: Map<Kind, number>;
  #told: Set<string>;
  #present: Set<string>;
  #fresh = new Map<Kind, string[]>();

  /** @param memory of the one that told before this one */
  constructor(log: PluginLog, pattern: string, memory: PassedOverMemory = { told: [], lines: [] }) {
    this.#lines = new Map(memory.lines);
    this.#told = new Set(memory.told);
    this.#present = lasting(this.#told);
    this.#log = log;
    this.#pattern = pattern;
    this.#matchesAnyCase = filePattern(pattern.toLowerCase());
  }

  link(place: string, isMatch: boolean): void {
    this.#note(isMatch ? 'link' : 'unmatched link', place, place);
  }

  folder(place: string): void {
    this.#note('folder', place, place);
  }

  unmatched(place: string): void {
    this.#note(this.#matchesAnyCase(place.toLowerCase()) ? 'case' : 'unmatched', place, place);
  }

  /** Told once for each reason: such files come and go all day. */
  inProgress(place: string, why: string): void {
    this.#note('progress', place, why);
  }

  /** Everything was noted that a scan has met: says what is new. */
  tell(): void {
    for (const [kind, places] of this.#fresh) this.#tellOf(kind, places);
    this.#told = this.#present;
    this.#present = lasting(this.#told);
    this.#fresh = new Map();
  }

  get memory(): PassedOverMemory {
    return { told: [...this.#told].slice(0, MOST_REMEMBERED), lines: [...this.#lines] };
  }

  #note(kind: Kind, place: string, what: string): void {
    if ((this.#lines.get(kind) ?? 0) >= MOST_LINES) return;
    const key = `${kind}\n${what}`;
    if (!this.#told.has(key) && !this.#present.has(key)) {
      const fresh = this.#fresh.get(kind) ?? [];
      fresh.push(place);
      this.#fresh.set(kind, fresh);
    }
    this.#present.add(key);
  }

  #tellOf(kind: Kind, places: readonly string[]): void {
    const level = kind === 'link' || kind === 'case' ? 'warn' : 'info';
    const meant = kind === 'case' ? { meant: `input.file.pattern: ${this.#inBothCases()}` } : {};
    const more = places.length - NAMED;
    for (const [index, file] of places.slice(0, NAMED).entries()) {
      const lines = (this.#lines.get(kind) ?? 0) + 1;
      this.#lines.set(kind, lines);
      const rest = index === NAMED - 1 && more > 0 ? { andMore: more } : {};
      const last = lines === MOST_LINES ? { note: 'further ones are not told' } : {};
      if (lines <= MOST_LINES) this.#log[level](MESSAGES[kind], { file, ...meant, ...rest, ...last });
    }
  }

  #inBothCases(): string {
    const [lower, upper] = [this.#pattern.toLowerCase(), this.#pattern.toUpperCase()];
    return JSON.stringify(`{${[...new Set([this.#pattern, lower, upper])].join(',')}}`);
  }
}

/** Told once for good, not each time that it comes. */
function lasting(told: ReadonlySet<string>): Set<string> {
  return new Set([...told].filter((what) => what.startsWith('progress\n')));
}

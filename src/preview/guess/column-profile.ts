import { isLikelyNullWord } from './null-words.ts';
import { NumberProfile } from './number-profile.ts';
import { TimeProfile } from './time-profile.ts';

/** Cells of different text that are kept before they are looked at. */
const MOST_KEPT = 2000;
/** Words of a column that are counted each. */
const MOST_WORDS = 64;
const LONGEST_WORD = 40;
const MISFITS = 4;
const EXAMPLES = 3;

/** What a column's cells are like, in memory that does not grow with them. */
export class ColumnProfile {
  readonly name: string;
  readonly numbers = new NumberProfile();
  readonly times: TimeProfile;
  /** Cells that are text alone, with how many there are; no more than some. */
  readonly texts = new Map<string, number>();
  /** Each word of the column; null when there are too many. */
  words: Map<string, number> | null = new Map();
  /** Words that may mean nothing, as they stand there. */
  readonly nullWords = new Map<string, number>();
  readonly examples: string[] = [];
  /** All cells. */
  seen = 0;
  /** Cells with something in them. */
  filled = 0;
  empty = 0;
  /** With white space at an end. */
  padded = 0;
  /** Nothing but white space. */
  blank = 0;
  /** Cells that are neither a number nor a time. */
  textCount = 0;
  readonly #kept = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
    this.times = new TimeProfile(name);
  }

  see(text: string): void {
    this.seen++;
    if (text === '') {
      this.empty++;
      return;
    }
    this.#kept.set(text, (this.#kept.get(text) ?? 0) + 1);
    if (this.#kept.size >= MOST_KEPT) this.look();
  }

  /** Looks at what was kept. Counts are those of all cells from then on. */
  look(): void {
    for (const [text, times] of this.#kept) this.#look(text, times);
    this.#kept.clear();
  }

  #look(text: string, times: number): void {
    const trimmed = text.trim();
    this.filled += times;
    if (this.examples.length < EXAMPLES) this.examples.push(text);
    if (trimmed.length < text.length) this.padded += times;
    if (trimmed === '') {
      this.blank += times;
      return;
    }
    this.#count(trimmed, times);
    if (isLikelyNullWord(trimmed)) {
      this.nullWords.set(trimmed, (this.nullWords.get(trimmed) ?? 0) + times);
      return;
    }
    const isNumber = this.numbers.see(trimmed, times);
    const isTime = this.times.see(trimmed, times);
    if (isNumber || isTime) return;
    this.textCount += times;
    if (this.texts.size < MISFITS || this.texts.has(trimmed))
      this.texts.set(trimmed, (this.texts.get(trimmed) ?? 0) + times);
  }

  #count(text: string, times: number): void {
    if (this.words === null) return;
    if (text.length <= LONGEST_WORD) this.words.set(text, (this.words.get(text) ?? 0) + times);
    if (text.length > LONGEST_WORD || this.words.size > MOST_WORDS) this.words = null;
  }
}

/** The rows of a file as they were looked at. */
export interface RowsSeen {
  readonly profiles: readonly ColumnProfile[];
  readonly rows: number;
  readonly isWhole: boolean;
}

import { type CellParser, cellParser } from '../../../transforms/schema/cell-parsers.ts';
import { proposals, type TimeFormat } from './time-proposals.ts';

interface Candidate extends TimeFormat {
  readonly parser: CellParser;
  readonly bit: number;
  min: string;
  max: string;
  /** A cell of it names no zone. */
  isLocal: boolean;
}

const MOST_CANDIDATES = 28;
/** After so many cells that are no times nobody asks any more. */
const ENOUGH_MISSES = 40;
const LONGEST = 48;
const ZONE = /(?:Z|[+-]\d\d:\d\d)$/;
const DAY_MS = 86_400_000;

/** Which formats of times the cells of a column have. */
export class TimeProfile {
  readonly #candidates: Candidate[] = [];
  readonly #known = new Set<string>();
  readonly #masks = new Map<number, number>();
  /** Whether the column is called as if it held times. */
  readonly #isNamed: boolean;
  #misses = 0;
  count = 0;

  constructor(name: string) {
    this.#isNamed = isTimeName(name);
  }

  /** Whether the cell is a time that is more than a number. */
  see(text: string, times: number): boolean {
    if (this.#misses > ENOUGH_MISSES && this.#misses > this.count) return false;
    if (text.length > LONGEST || !/\d/.test(text)) return this.#miss(times);
    let mask = this.#maskOf(text);
    if (mask === 0 || this.#candidates.length < MOST_CANDIDATES / 2) {
      for (const format of proposals(text, this.#isNamed)) this.#add(format);
      mask = this.#maskOf(text);
    }
    if (mask === 0) return this.#miss(times);
    this.count += times;
    this.#masks.set(mask, (this.#masks.get(mask) ?? 0) + times);
    return true;
  }

  /** Single formats that all but so many of the cells have, the plainest first. */
  fitting(misfits: number): TimeFormat[] {
    return this.#candidates.filter(({ bit }) => this.#lacking(bit) <= misfits);
  }

  /** Some formats that all cells have together; null when there are none, or too many. */
  together(): TimeFormat[] | null {
    const chosen: Candidate[] = [];
    for (let mask = 0; this.#lacking(mask) > 0; ) {
      const left = this.#candidates.filter((one) => !chosen.includes(one) && goesWith(one, chosen));
      const [best] = left.sort(
        (one, other) => this.#lacking(mask | one.bit) - this.#lacking(mask | other.bit),
      );
      if (best === undefined || this.#lacking(mask | best.bit) === this.#lacking(mask)) return null;
      chosen.push(best);
      mask |= best.bit;
    }
    return chosen.length === 0 ? null : chosen;
  }

  /** The format with the day, or the month, first that most of the cells have; undefined where none has. */
  most(order: 'day' | 'month'): TimeFormat | undefined {
    const found = this.#candidates.filter((one) => one.order === order && one.max !== '');
    return found.sort((one, other) => this.#lacking(one.bit) - this.#lacking(other.bit))[0];
  }

  /** Days between the first and the last time, as a format has them. */
  days({ format, type }: TimeFormat): number {
    const found = this.#candidates.find((one) => one.format === format && one.type === type);
    if (found === undefined || type === 'time') return 0;
    return (Date.parse(found.max.slice(0, 10)) - Date.parse(found.min.slice(0, 10))) / DAY_MS;
  }

  /** Whether cells of a format are times on clocks of which nobody says where they are. */
  isLocal({ format, type }: TimeFormat): boolean {
    return this.#candidates.some((one) => one.format === format && one.type === type && one.isLocal);
  }

  #miss(times: number): boolean {
    this.#misses += times;
    return false;
  }

  #maskOf(text: string): number {
    let mask = 0;
    for (const candidate of this.#candidates) {
      const value = candidate.parser.parse(text);
      if (typeof value !== 'string' || !isPlausible(value, candidate)) continue;
      mask |= candidate.bit;
      if (candidate.min === '' || value < candidate.min) candidate.min = value;
      if (value > candidate.max) candidate.max = value;
      candidate.isLocal ||= candidate.type === 'timestamp' && !ZONE.test(value);
    }
    return mask;
  }

  #add(proposal: TimeFormat): void {
    const { type, format } = proposal;
    const key = `${type} ${format}`;
    if (this.#known.has(key) || this.#candidates.length === MOST_CANDIDATES) return;
    this.#known.add(key);
    const parser = cellParser({ type, format });
    if (typeof parser === 'string') return;
    this.#candidates.push({
      ...proposal,
      parser,
      bit: 1 << this.#candidates.length,
      min: '',
      max: '',
      isLocal: false,
    });
  }

  /** Cells that none of the formats of a mask has. */
  #lacking(formats: number): number {
    let lacking = 0;
    for (const [mask, count] of this.#masks) if ((mask & formats) === 0) lacking += count;
    return lacking;
  }
}

/** Days and months that change places within a column are for nobody to tell apart. */
function goesWith({ order, type, isNumber }: TimeFormat, others: readonly TimeFormat[]): boolean {
  return others.every(
    (other) =>
      (order === null || other.order === null || order === other.order) &&
      (type === 'time') === (other.type === 'time') &&
      !isNumber &&
      !other.isNumber,
  );
}

/** Dates of people's files; a number is only one where it is of our time. */
function isPlausible(value: string, { type, isNumber }: TimeFormat): boolean {
  if (type === 'time') return true;
  const year = value.slice(0, 4);
  return isNumber ? year >= '1990' && year <= '2049' : year >= '1600';
}

/** Whether a column is called as if it held times. */
export function isTimeName(name: string): boolean {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  return (
    /(?:^|[^a-z])(?:time|date|datetime|timestamp|ts|epoch|day|at|when|zeit|uhrzeit|datum|heure|fecha|hora|created|updated)(?:$|[^a-z])/.test(
      words,
    ) || /(?:time|date|datum|zeit|stamp)(?:[^a-z]|$)/.test(words)
  );
}

import { isTimeZone, TimeZone } from '../../../src/values/time-zone.ts';
import type { FieldDeclaration } from '../field-declaration.ts';
import type { Tell } from '../tell.ts';

/** What becomes of times that clocks show twice, and of those that they leave out. */
export interface ClockChoices extends Required<Pick<FieldDeclaration, 'ambiguous' | 'nonexistent'>> {
  readonly tell: Tell;
}

/** Where the seconds of ISO 8601 begin. Clocks change with a minute. */
const MINUTE_END = 16;
const A_MINUTE = 60;
const MAX_MINUTES = 10_000;
/** Where the fraction of ISO 8601 begins, and the date and time end. */
const SECOND_END = 19;
const FOUR_DIGIT_YEAR = '2026-01-31T09:30:00.000Z'.length;

/** Makes UTC of what clocks of a zone show. */
export class Clocks {
  readonly #name: string;
  readonly #zone: TimeZone;
  readonly #choices: ClockChoices;
  /** What minutes are in UTC; the times of a file are mostly of one day. */
  readonly #minutes = new Map<string, string>();

  constructor(name: string, choices: ClockChoices) {
    this.#name = name;
    this.#zone = new TimeZone(name);
    this.#choices = choices;
  }

  /** Of a timestamp in ISO 8601 that names no zone; undefined for one that is not to be taken. */
  utc(timestamp: string): string | undefined {
    const minute = timestamp.slice(0, MINUTE_END);
    const known = this.#minutes.get(minute);
    if (known !== undefined) return `${known}${timestamp.slice(MINUTE_END)}Z`;
    const shown = Date.parse(`${timestamp.slice(0, SECOND_END)}Z`) / 1000;
    const instant = this.#instantOf(shown);
    if (instant === null) return undefined;
    const text = new Date(instant * 1000).toISOString();
    // Other years have a sign and more digits.
    if (text.length !== FOUR_DIGIT_YEAR || text.startsWith('0000')) return undefined;
    if ((shown - instant) % A_MINUTE === 0) this.#remember(minute, text.slice(0, MINUTE_END));
    return `${text.slice(0, SECOND_END)}${timestamp.slice(SECOND_END)}Z`;
  }

  #remember(minute: string, utc: string): void {
    if (this.#minutes.size >= MAX_MINUTES) this.#minutes.clear();
    this.#minutes.set(minute, utc);
  }

  #instantOf(shown: number): number | null {
    const reading = this.#zone.readingOf(shown);
    if (reading.times === 1) return reading.earliest;
    const { ambiguous, nonexistent, tell } = this.#choices;
    const taken = reading.times === 2 ? ambiguous : nonexistent;
    if (taken === 'reject') return null;
    const zone = this.#name;
    if (reading.times === 2)
      tell('times that clocks show twice are taken for one of the two', { zone, taken });
    else tell('times that clocks leave out are moved', { zone, taken });
    return taken === 'latest' || taken === 'forward' ? reading.latest : reading.earliest;
  }
}

/** Far more than there are: a column of anything else must not fill the memory. */
const MAX_REGIONS = 1000;

/** The clocks of the regions that texts name. */
export class Regions {
  readonly #choices: ClockChoices;
  readonly #clocks = new Map<string, Clocks | null>();

  constructor(choices: ClockChoices) {
    this.#choices = choices;
  }

  /** null for a name that is none. */
  clocksOf(name: string): Clocks | null {
    let clocks = this.#clocks.get(name);
    if (clocks === undefined) {
      clocks = isTimeZone(name) ? new Clocks(name, this.#choices) : null;
      if (this.#clocks.size >= MAX_REGIONS) this.#clocks.clear();
      this.#clocks.set(name, clocks);
    }
    return clocks;
  }
}

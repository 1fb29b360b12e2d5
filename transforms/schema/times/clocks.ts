import { isTimeZone, TimeZone } from '../../../src/values/time-zone.ts';
import type { FieldDeclaration } from '../field-declaration.ts';
import type { Tell } from '../tell.ts';

/** What becomes of times that clocks show twice, and of those that they leave out. */
export interface ClockChoices extends Required<Pick<FieldDeclaration, 'ambiguous' | 'nonexistent'>> {
  readonly tell: Tell;
}

/** Where the fraction of ISO 8601 begins, and the date and time end. */
const SECOND_END = 19;
const FOUR_DIGIT_YEAR = '2026-01-31T09:30:00.000Z'.length;

/** Makes UTC of what clocks of a zone show. */
export class Clocks {
  readonly #name: string;
  readonly #zone: TimeZone;
  readonly #choices: ClockChoices;

  constructor(name: string, choices: ClockChoices) {
    this.#name = name;
    this.#zone = new TimeZone(name);
    this.#choices = choices;
  }

  /** Of a timestamp in ISO 8601 that names no zone; undefined for one that is not to be taken. */
  utc(timestamp: string): string | undefined {
    const shown = Date.parse(`${timestamp.slice(0, SECOND_END)}Z`) / 1000;
    const instant = this.#instantOf(shown);
    if (instant === null) return undefined;
    const text = new Date(instant * 1000).toISOString();
    // Other years have a sign and more digits.
    return text.length === FOUR_DIGIT_YEAR && !text.startsWith('0000')
      ? `${text.slice(0, SECOND_END)}${timestamp.slice(SECOND_END)}Z`
      : undefined;
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

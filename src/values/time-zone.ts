const DAY = 86_400;
/** More days than a load holds usually; beyond it the cache begins anew. */
const CACHED_DAYS = 10_000;

/** Offsets from UTC in seconds around one day. */
interface Offsets {
  readonly before: number;
  readonly after: number;
  /** Seconds since 1970 from which `after` holds. */
  readonly change: number;
}

/** When clocks show a time, in seconds since 1970. */
export interface Reading {
  /** How many times: two when clocks go back, none when they go forward. */
  readonly times: 0 | 1 | 2;
  /**
   * Of two instants the first and the last. Of a time that is left out those at which clocks show as much less as they
   * go forward, and as much more.
   */
  readonly earliest: number;
  readonly latest: number;
}

/** The clocks of a time zone of the IANA database. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;
  readonly #days = new Map<number, Offsets>();

  /** @throws RangeError for a zone that there is not */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /**
   * The instant at which clocks show a time, both in seconds since 1970. Of the two instants of an hour that clocks show
   * twice, it is the first; null for a time that they leave out.
   */
  instantOf(shown: number): number | null {
    const { times, earliest } = this.readingOf(shown);
    return times === 0 ? null : earliest;
  }

  readingOf(shown: number): Reading {
    const { before, after, change } = this.#offsets(Math.floor(shown / DAY));
    const [byBefore, byAfter] = [shown - before, shown - after];
    const [isBefore, isAfter] = [byBefore < change, byAfter >= change];
    if (before === after || isBefore !== isAfter) {
      const instant = isBefore || before === after ? byBefore : byAfter;
      return { times: 1, earliest: instant, latest: instant };
    }
    const times = isBefore ? 2 : 0;
    return { times, earliest: Math.min(byBefore, byAfter), latest: Math.max(byBefore, byAfter) };
  }

  /** The same, and for a time that clocks leave out the instant at which they do. */
  instantAt(shown: number): number {
    return this.instantOf(shown) ?? this.#offsets(Math.floor(shown / DAY)).change;
  }

  /** What clocks show at an instant, both in seconds since 1970. */
  shownAt(instant: number): number {
    return instant + this.#offsetAt(instant);
  }

  #offsets(day: number): Offsets {
    const cached = this.#days.get(day);
    if (cached !== undefined) return cached;
    // Clocks are less than a day from UTC.
    const offsets = this.#offsetsBetween((day - 1) * DAY, (day + 2) * DAY);
    if (this.#days.size >= CACHED_DAYS) this.#days.clear();
    this.#days.set(day, offsets);
    return offsets;
  }

  #offsetsBetween(start: number, end: number): Offsets {
    const before = this.#offsetAt(start);
    const after = this.#offsetAt(end);
    let low = start;
    let change = end;
    while (before !== after && change - low > 1) {
      const middle = Math.floor((low + change) / 2);
      if (this.#offsetAt(middle) === before) low = middle;
      else change = middle;
    }
    return { before, after, change };
  }

  #offsetAt(instant: number): number {
    const match = OFFSET.exec(this.#format.format(instant * 1000));
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = match ?? [];
    const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return sign === '-' ? -offset : offset;
  }
}

/** `GMT`, `GMT+10:00`, and before clocks were set by zones `GMT+10:04:52`. */
const OFFSET = /GMT(?:([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?$/;

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

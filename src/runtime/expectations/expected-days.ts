import type { HandOver } from '../../config/define/hand-over.ts';
import { DAY_MS } from '../../values/calendar.ts';
import { TimeZone } from '../../values/time-zone.ts';

/** A day on which files are expected. Instants are milliseconds since 1970. */
export interface ExpectedDay {
  /** As clocks of the zone show it: `2026-01-31`. */
  readonly day: string;
  /** Its midnight. */
  readonly beginMs: number;
  /** When the files must be there. */
  readonly byMs: number;
  /** The midnight at which the next such day begins. */
  readonly endMs: number;
}

/**
 * The days of a hand-over, by the clocks of its zone. A time that clocks leave out is the moment at which they go forward,
 * one that they show twice the first of the two.
 */
export class ExpectedDays {
  readonly #seconds: number;
  readonly #zone: TimeZone;
  readonly #weekdays: ReadonlySet<number>;

  constructor({ time, days }: Pick<HandOver, 'time' | 'days'>) {
    this.#seconds = time.seconds;
    this.#zone = new TimeZone(time.zone);
    this.#weekdays = new Set(days);
  }

  /** Whether files are expected on this day of the calendar. */
  has(day: string): boolean {
    return this.#weekdays.has(new Date(`${day}T00:00:00Z`).getUTCDay());
  }

  at(day: string): ExpectedDay {
    return {
      day,
      beginMs: this.#instant(day, 0),
      byMs: this.#instant(day, this.#seconds),
      endMs: this.#instant(this.#dayAfter(day), 0),
    };
  }

  /** The first after a day of the calendar. */
  after(day: string): ExpectedDay {
    return this.at(this.#dayAfter(day));
  }

  /** The first whose time is after an instant. */
  from(ms: number): ExpectedDay {
    const today = this.today(ms);
    const first = this.has(today) ? this.at(today) : this.after(today);
    return first.byMs > ms ? first : this.after(first.day);
  }

  /** The day that clocks show at an instant. */
  today(ms: number): string {
    return dayOf(this.#zone.shownAt(Math.floor(ms / 1000)) * 1000);
  }

  #dayAfter(day: string): string {
    let after = day;
    do after = dayOf(Date.parse(`${after}T00:00:00Z`) + DAY_MS);
    while (!this.has(after));
    return after;
  }

  #instant(day: string, seconds: number): number {
    return this.#zone.instantAt(Date.parse(`${day}T00:00:00Z`) / 1000 + seconds) * 1000;
  }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

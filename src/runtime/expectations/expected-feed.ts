import { filePattern } from '../../../connectors/files/glob/file-pattern.ts';
import type { HandOver } from '../../config/define/hand-over.ts';
import { DAY_MS } from '../../values/calendar.ts';
import { namesDay, withDay } from '../../values/dated-text.ts';
import type { DayState, DayStatus, NamedFile } from './expectation-status.ts';
import { type ExpectedDay, ExpectedDays } from './expected-days.ts';

/** Days told of at most that are late: who waits for more has other ways to know. */
const MOST_LATE = 7;
/** Days before now of which a worker that was down for long tells nothing any more. */
const MOST_DAYS_BACK = 14;
/** Files of a day that are known by name, unless more are expected. */
const MOST_NAMED = 100;

/** A file that was delivered to its end. */
export interface CameFile {
  readonly file: string;
  readonly rows: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

export type DayChange = 'late' | 'tooSmall' | 'came' | 'cameLate';

/** What is to be told. */
export interface Told {
  readonly change: DayChange;
  readonly day: DayStatus;
  /** Of `tooSmall`. */
  readonly file?: NamedFile;
  /** Whether somebody was told that something is wrong with the day, or is now. */
  readonly isTrouble: boolean;
}

/** What of it outlives a worker. */
export interface KeptExpectation {
  /** The last day whose time has passed. */
  readonly upTo: string;
  /** Days told as late whose files are not there yet. */
  readonly late: readonly string[];
  /** Days whose time is still to come and whose files are there: their offsets may be forgotten by then. */
  readonly met: readonly string[];
  /** Files told as too small, by day. */
  readonly small: Readonly<Record<string, readonly string[]>>;
}

interface OpenDay extends ExpectedDay {
  readonly pattern: string | null;
  readonly accepts: (file: CameFile) => boolean;
  readonly came: Map<string, CameFile>;
  readonly small: Map<string, CameFile>;
  readonly toldSmall: Set<string>;
  isLate: boolean;
  /** All were there in time, as is known from before. */
  wasMet: boolean;
}

/**
 * What is expected of one feed, and what came of it. Knows neither Kafka nor a clock: it is told of files that came and of
 * what time it is, and tells what there is to tell, each thing once.
 */
export class ExpectedFeed {
  readonly #handOver: HandOver;
  readonly #days: ExpectedDays;
  readonly #isDated: boolean;
  /** Those that are late, the one whose time passed last, those whose time passes now, the next one. */
  #open: OpenDay[] = [];
  #upTo: string;

  /** @param kept null for one that was never looked at: what was due before is nobody's */
  constructor(handOver: HandOver, kept: KeptExpectation | null, nowMs: number) {
    this.#handOver = handOver;
    this.#days = new ExpectedDays(handOver);
    this.#isDated = handOver.pattern !== null && namesDay(handOver.pattern);
    this.#upTo = kept === null ? this.#dayBefore(nowMs) : this.#notTooOld(kept.upTo, nowMs);
    if (kept !== null) this.#openKept(kept);
    this.openTo(nowMs);
    for (const open of this.#open) {
      open.wasMet = kept?.met.includes(open.day) ?? false;
      for (const file of kept?.small[open.day] ?? []) open.toldSmall.add(file);
    }
  }

  /** Whether the time of a day has passed that was not looked at. */
  isDue(nowMs: number): boolean {
    return (this.#open.at(-1) as OpenDay).byMs <= nowMs;
  }

  /** Opens the days up to now, so that they take the files that came for them. */
  openTo(nowMs: number): void {
    while (this.#isBehind(nowMs)) {
      const last = this.#open.at(-1)?.day ?? '';
      this.#open.push(this.#opened(this.#days.after(last > this.#upTo ? last : this.#upTo)));
    }
  }

  /** @param isNews false: it came before, and what is well is not told once more */
  came(file: CameFile, isNews = true): readonly Told[] {
    const day = this.#open.find(({ accepts }) => accepts(file));
    if (day === undefined) return [];
    return file.rows < this.#handOver.minRows ? this.#tooSmall(day, file) : this.#rightOne(day, file, isNews);
  }

  /** What is late by now. */
  look(nowMs: number): readonly Told[] {
    this.openTo(nowMs);
    const told: Told[] = [];
    for (const day of this.#open) {
      if (day.day <= this.#upTo || day.byMs > nowMs) continue;
      this.#upTo = day.day;
      if (this.#wasMetInTime(day)) continue;
      // What came meanwhile is there: nobody waits for it any more.
      const change = this.#isMet(day) ? 'cameLate' : 'late';
      day.isLate = change === 'late';
      told.push({ change, day: this.#statusOf(day), isTrouble: true });
    }
    this.#letGo();
    return told;
  }

  /** How many files lack of the day whose time passed last. */
  get missing(): number {
    const last = this.#open.findLast(({ day }) => day <= this.#upTo);
    return last?.isLate ? Math.max(1, this.#handOver.files - last.came.size) : 0;
  }

  /** Those that are late, the one whose time passed last, and the next one. */
  get statuses(): readonly DayStatus[] {
    return this.#open.map((day) => this.#statusOf(day));
  }

  get kept(): KeptExpectation {
    const small = this.#open.filter(({ toldSmall }) => toldSmall.size > 0);
    return {
      upTo: this.#upTo,
      late: this.#open.filter(({ isLate }) => isLate).map(({ day }) => day),
      met: this.#open.filter((one) => one.day > this.#upTo && this.#isMet(one)).map(({ day }) => day),
      small: Object.fromEntries(small.map(({ day, toldSmall }) => [day, [...toldSmall]])),
    };
  }

  #openKept({ upTo, late }: KeptExpectation): void {
    const days = new Set([...late, upTo]);
    for (const day of [...days].sort()) {
      if (this.#days.has(day))
        this.#open.push({ ...this.#opened(this.#days.at(day)), isLate: late.includes(day) });
    }
  }

  #tooSmall(day: OpenDay, small: CameFile): Told[] {
    const { file, rows } = small;
    if (day.came.has(file)) return [];
    if (day.small.size < MOST_NAMED) day.small.set(file, small);
    if (day.toldSmall.has(file) || day.toldSmall.size >= MOST_NAMED) return [];
    day.toldSmall.add(file);
    return [{ change: 'tooSmall', day: this.#statusOf(day), file: { file, rows }, isTrouble: true }];
  }

  #rightOne(day: OpenDay, right: CameFile, isNews: boolean): Told[] {
    const wasMet = this.#isMet(day);
    day.small.delete(right.file);
    const isWanted = day.came.size < Math.max(MOST_NAMED, this.#handOver.files);
    if (isWanted && !day.came.has(right.file)) day.came.set(right.file, right);
    if (wasMet || !this.#isMet(day)) return [];
    const { isLate } = day;
    day.isLate = false;
    if (!isLate && !isNews) return [];
    const isTrouble = isLate || day.toldSmall.size > 0;
    return [{ change: isLate ? 'cameLate' : 'came', day: this.#statusOf(day), isTrouble }];
  }

  #isMet({ came, wasMet }: OpenDay): boolean {
    return wasMet || came.size >= this.#handOver.files;
  }

  #wasMetInTime({ came, byMs, wasMet }: OpenDay): boolean {
    return wasMet || [...came.values()].filter(({ atMs }) => atMs <= byMs).length >= this.#handOver.files;
  }

  /** Whether the last day that is open is not the next one. */
  #isBehind(nowMs: number): boolean {
    const last = this.#open.at(-1);
    return last === undefined || last.byMs <= nowMs || last.day <= this.#upTo;
  }

  #opened(day: ExpectedDay): OpenDay {
    const { pattern } = this.#handOver;
    const ofDay = pattern === null ? null : withDay(pattern, day.day);
    const matches = ofDay === null ? () => true : filePattern(ofDay);
    const isWithin = ({ atMs }: CameFile) => this.#isDated || (atMs >= day.beginMs && atMs < day.endMs);
    return {
      ...day,
      pattern: ofDay,
      accepts: (file) => isWithin(file) && matches(file.file),
      ...{ came: new Map(), small: new Map(), toldSmall: new Set(), isLate: false, wasMet: false },
    };
  }

  /** Of days that have passed, those whose files may still come. */
  #letGo(): void {
    const late = this.#open.filter(({ day, isLate }) => isLate && day < this.#upTo && this.#isDated);
    const kept = new Set(late.slice(-MOST_LATE));
    this.#open = this.#open.filter((day) => day.day >= this.#upTo || kept.has(day));
  }

  #statusOf(day: OpenDay): DayStatus {
    const { files, minRows } = this.#handOver;
    return {
      day: day.day,
      at: new Date(day.byMs).toISOString(),
      state: this.#stateOf(day),
      pattern: day.pattern,
      files,
      minRows,
      came: day.came.size,
      cameFiles: named(day.came),
      tooSmall: named(day.small),
    };
  }

  #stateOf(day: OpenDay): DayState {
    if (day.isLate) return 'LATE';
    if (this.#isMet(day) || day.day <= this.#upTo) return 'CAME';
    return day.small.size > 0 ? 'TOO_SMALL' : 'WAITING';
  }

  /** The day before the first that is still to come. */
  #dayBefore(nowMs: number): string {
    const { day } = this.#days.from(nowMs);
    return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
  }

  #notTooOld(upTo: string, nowMs: number): string {
    const oldest = this.#days.today(nowMs - MOST_DAYS_BACK * DAY_MS);
    return upTo < oldest ? oldest : upTo;
  }
}

function named(files: ReadonlyMap<string, CameFile>): readonly NamedFile[] {
  return [...files.values()].slice(0, MOST_NAMED).map(({ file, rows }) => ({ file, rows }));
}

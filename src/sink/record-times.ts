import { type Show, shown } from '../values/shown.ts';
import type { KnownTopic } from './record-encoder.ts';

/** What becomes of a time so old that the topic would soon delete its record, or does not take it: `expired.timestamps`. */
export type ExpiredTimestamps = 'now' | 'keep' | 'reject';

/** The times that a topic's records may have at some moment, in milliseconds since 1970. */
export interface TimeWindow {
  /** A row is rejected whose time is before this. */
  readonly earliest: number;
  /** Or after this. */
  readonly latest: number;
  /** One whose time is before this is expired: its record would be deleted soon, or is not taken. */
  readonly keptFrom: number;
}

/** The largest that a Date holds. */
const DATE_MAX_MS = 8.64e15;

/** Judges the times that rows give their records, by what is known of the topics. */
export class RecordTimes {
  readonly choice: ExpiredTimestamps;
  readonly #tell: (topic: KnownTopic, oldest: number) => void;
  readonly #told = new Set<string>();
  #expired = 0;

  /** @param tell is called with the first expired rows of each topic, before they are sent, and the oldest of their times */
  constructor(choice: ExpiredTimestamps, tell: (topic: KnownTopic, oldest: number) => void) {
    this.choice = choice;
    this.#tell = tell;
  }

  window({ rules }: KnownTopic, now: number): TimeWindow {
    const { maxAheadMs, maxBehindMs, retentionMs } = rules;
    const latest = now + maxAheadMs;
    const keptFrom = now - Math.min(maxBehindMs, retentionMs);
    if (this.choice === 'now') return { earliest: 0, latest, keptFrom };
    return { earliest: this.choice === 'keep' ? now - maxBehindMs : keptFrom, latest, keptFrom };
  }

  /** The time to write for the time that a row gives; what tells why it cannot be. */
  judge(topic: KnownTopic, time: number, now: number): number | ((show: Show) => string) {
    if (!Number.isSafeInteger(time) || time < 0)
      return (show) => `expected whole milliseconds since 1970, or null, got ${show(time)}`;
    const { earliest, latest, keptFrom } = this.window(topic, now);
    if (time < keptFrom) this.addExpired(topic, 1, time);
    if (time < earliest) return this.#tooOld(topic, time);
    if (time > latest) return tooFarAhead(topic, time);
    return time < keptFrom && this.choice === 'now' ? now : time;
  }

  /** Counts rows whose times are expired. */
  addExpired(topic: KnownTopic, rows: number, oldest: number): void {
    this.#expired += rows;
    if (this.#told.has(topic.name)) return;
    this.#told.add(topic.name);
    this.#tell(topic, oldest);
  }

  /** How many there were since the last call. */
  takeExpired(): number {
    const expired = this.#expired;
    this.#expired = 0;
    return expired;
  }

  #tooOld({ name, rules }: KnownTopic, time: number): (show: Show) => string {
    const { maxBehindMs, retentionMs } = rules;
    if (this.choice === 'keep' || maxBehindMs <= retentionMs) {
      return otherTime(`${maxBehindMs} ms ago (message.timestamp.before.max.ms of ${name})`, time);
    }
    return otherTime(`${retentionMs} ms ago (retention.ms of ${name})`, time);
  }
}

function tooFarAhead({ name, rules }: KnownTopic, time: number): (show: Show) => string {
  return otherTime(`${rules.maxAheadMs} ms ahead (message.timestamp.after.max.ms of ${name})`, time);
}

function otherTime(most: string, time: number): (show: Show) => string {
  return (show) => `expected a time at most ${most}, got ${show === shown ? timeText(time) : 'another'}`;
}

function timeText(time: number): string {
  const text = time <= DATE_MAX_MS ? new Date(time).toISOString() : `${time}`;
  // A time in milliseconds has 13 digits until 2286.
  return time >= 1e14 ? `${text}; milliseconds since 1970 are expected, not ${time}` : text;
}

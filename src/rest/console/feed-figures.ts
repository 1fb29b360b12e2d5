import type { CommittedEvent, RejectedEvent, RowCounts, RuntimeEvent } from '../../runtime/events/events.ts';
import { CURVE_SECONDS, type RejectionShown } from './messages.ts';

/** A commit may come a while after the second before it: a rate is of the last few seconds. */
const RATE_SECONDS = 5;
export const MOST_REJECTIONS = 50;

/** What has happened to a feed since the worker began, and how fast it goes. */
export class FeedFigures {
  /** Rows read in each second, at its number modulo their length. */
  readonly #curve = new Float64Array(CURVE_SECONDS);
  /** The second up to which `#curve` is clean, in seconds since 1970. */
  #second = 0;
  #rows: RowCounts = { read: 0, produced: 0, filtered: 0, rejected: 0 };
  readonly #topics: Record<string, number> = Object.create(null);
  readonly #rejectedBy: Record<string, number> = Object.create(null);
  readonly #rejections: RejectionShown[] = [];

  get rows(): RowCounts {
    return this.#rows;
  }

  get topics(): Readonly<Record<string, number>> {
    return this.#topics;
  }

  /** Newest first. */
  get rejections(): readonly RejectionShown[] {
    return this.#rejections;
  }

  /** Rows, by the plugin that rejected them. */
  get rejectedBy(): Readonly<Record<string, number>> {
    return this.#rejectedBy;
  }

  /** @param nowMs milliseconds since 1970 */
  apply(event: RuntimeEvent, nowMs: number): void {
    if (event.type === 'transaction.committed') this.#onCommitted(event, nowMs);
    else if (event.type === 'rows.rejected') this.#onRejected(event, nowMs);
  }

  /** Rows read in each of the last seconds that are over, the oldest first. */
  curve(nowMs: number): readonly number[] {
    this.#goTo(nowMs);
    return Array.from({ length: CURVE_SECONDS - 1 }, (_, index) => this.#at(this.#second + 1 + index));
  }

  rowsPerSecond(nowMs: number): number {
    const last = this.curve(nowMs).slice(-RATE_SECONDS);
    return Math.round(last.reduce((sum, rows) => sum + rows, 0) / RATE_SECONDS);
  }

  /** Rows of a transaction are spread over the seconds that it took. */
  #onCommitted({ rows, topics, durationMs }: CommittedEvent, nowMs: number): void {
    this.#goTo(nowMs);
    const seconds = Math.min(Math.max(1, Math.round(durationMs / 1000)), CURVE_SECONDS - 1);
    for (let back = 0; back < seconds; back++) {
      const index = (this.#second - back) % CURVE_SECONDS;
      this.#curve[index] = (this.#curve[index] as number) + rows.read / seconds;
    }
    const { read, produced, filtered, rejected } = this.#rows;
    this.#rows = {
      read: read + rows.read,
      produced: produced + rows.produced,
      filtered: filtered + rows.filtered,
      rejected: rejected + rows.rejected,
    };
    for (const [topic, records] of Object.entries(topics))
      this.#topics[topic] = (this.#topics[topic] ?? 0) + records;
  }

  #onRejected({ plugins, examples }: RejectedEvent, nowMs: number): void {
    for (const [plugin, rows] of Object.entries(plugins))
      this.#rejectedBy[plugin] = (this.#rejectedBy[plugin] ?? 0) + rows;
    for (const { file, row, line, plugin, reason } of examples)
      this.#rejections.unshift({ at: nowMs, file, row, line, plugin, reason });
    this.#rejections.length = Math.min(this.#rejections.length, MOST_REJECTIONS);
  }

  #at(second: number): number {
    return this.#curve[second % CURVE_SECONDS] as number;
  }

  /** Seconds in which nothing came have no rows. */
  #goTo(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    if (second - this.#second >= CURVE_SECONDS) this.#curve.fill(0);
    else for (let one = this.#second + 1; one <= second; one++) this.#curve[one % CURVE_SECONDS] = 0;
    this.#second = Math.max(second, this.#second);
  }
}

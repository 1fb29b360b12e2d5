import { logEvent } from '../../runtime/events/event-log.ts';
import type { RuntimeEvent } from '../../runtime/events/events.ts';
import type { LogLine } from './messages.ts';

/** What is kept for whoever opens the page later. */
const MOST_LINES = 500;

/** The last lines that a worker's log has of events, from `info` on. */
export class ToldLines {
  readonly #lines: LogLine[] = [];
  /** Lines that are no longer kept. */
  #dropped = 0;

  apply(event: RuntimeEvent, nowMs: number): void {
    const connector = 'connector' in event ? event.connector : null;
    const lines: LogLine[] = [];
    const write = (level: LogLine['level']) => (fields: LogLine['fields'], message: string) =>
      lines.push({
        ...{ at: nowMs, level, message, connector, workerId: null },
        fields: without(fields, 'connector'),
      });
    logEvent({ debug: () => {}, info: write('info'), warn: write('warn'), error: write('error') }, event);
    if (lines.length > 0) this.take(lines);
  }

  take(lines: readonly LogLine[]): void {
    this.#lines.push(...lines);
    const surplus = this.#lines.length - MOST_LINES;
    if (surplus <= 0) return;
    this.#lines.splice(0, surplus);
    this.#dropped += surplus;
  }

  /** The lines from a number on that are kept, and the number of the one after the last. */
  from(number: number): { readonly lines: readonly LogLine[]; readonly next: number } {
    const lines = this.#lines.slice(Math.max(0, number - this.#dropped));
    return { lines, next: this.#dropped + this.#lines.length };
  }
}

function without(fields: LogLine['fields'], name: string): LogLine['fields'] {
  const { [name]: _, ...others } = fields;
  return others;
}

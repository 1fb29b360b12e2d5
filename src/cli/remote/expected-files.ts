import type { ExpectationStatus } from '../../runtime/expectations/expectations.ts';
import { expectedText } from '../../runtime/expectations/expected-text.ts';
import { duration } from '../../terminal/figures.ts';
import { printable } from '../../terminal/text.ts';
import type { WorkerClient } from './worker-client.ts';

/** What a worker's feeds expect; nothing of one that does not know of it, as Kafka Connect's. @param connector null for all */
export async function expectationsOf(
  worker: WorkerClient,
  connector: string | null,
): Promise<readonly ExpectationStatus[]> {
  const all = ((await worker.find('expectations')) ?? []) as readonly ExpectationStatus[];
  return all.filter((one) => connector === null || one.connector === connector);
}

export function isLate({ days }: ExpectationStatus): boolean {
  return days.some(({ state }) => state === 'LATE');
}

/** A line for each day that is late, and for the next one: `trades: expected 1 file by 18:00 …: not there (2 h 13 min late)`. */
export function expectationText(expected: readonly ExpectationStatus[]): string {
  const lines = expected.flatMap((one) => {
    const shown = one.days.filter(({ state }, index) => state === 'LATE' || index === one.days.length - 1);
    return shown.map((day) => printable(expectedText({ ...one, day }, lateness(day.at, Date.now()))));
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** null where this machine's clock is behind the worker's. */
function lateness(at: string, nowMs: number): string | null {
  const ms = nowMs - Date.parse(at);
  return ms < 0 ? null : `${duration(ms)} late`;
}

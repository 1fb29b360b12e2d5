import type { ExpectedFilesEvent } from '../events/events.ts';
import type { DayStatus } from './expectation-status.ts';

type Expected = Pick<ExpectedFilesEvent, 'connector' | 'by' | 'target'> & { readonly day: DayStatus };

/**
 * What is expected and how it stands, for people: `trades: expected 1 file by 18:00 Australia/Sydney: not there`.
 *
 * @param late words about its being late, where it is or was; null for none
 */
export function expectedText({ connector, by, target, day }: Expected, late: string | null): string {
  const files = `${day.files} file${day.files === 1 ? '' : 's'}`;
  const pattern = day.pattern === null ? '' : ` (${day.pattern})`;
  const paused = target === 'STARTED' ? '' : `; the feed is ${target}`;
  const isOver = day.state === 'LATE' || day.state === 'CAME';
  const since = isOver && late !== null ? ` (${late})` : '';
  return `${connector}: expected ${files}${pattern} by ${by} on ${day.day}: ${standing(day)}${since}${small(day)}${paused}`;
}

function standing({ state, came, files }: DayStatus): string {
  if (state === 'CAME') return 'there';
  const yet = state === 'LATE' ? '' : ' yet';
  return came === 0 ? `not there${yet}` : `${came} of ${files} there${yet === '' ? '' : ' so far'}`;
}

function small({ tooSmall, minRows }: DayStatus): string {
  const [first] = tooSmall;
  if (first === undefined) return '';
  const others = tooSmall.length === 1 ? '' : ` and ${tooSmall.length - 1} more`;
  const rows = `${first.rows} row${first.rows === 1 ? '' : 's'}`;
  return `; ${first.file} has ${rows} of at least ${minRows}${others}`;
}

import type { Arrival, Arrivals } from './arrivals.ts';
import type { LogLine } from './daemon.ts';
import { paint, say, shown } from './screen.ts';

/** Where the example feed writes. */
export const TOPIC = 'trades';
const DEAD_LETTER_TOPIC = 'trades.dlq';
export const TOPICS = [TOPIC, DEAD_LETTER_TOPIC] as const;

/** What a line of the log says became of a file's rows. */
interface RowCounts {
  readonly rows: number;
  readonly produced: number;
  readonly rejected: number;
}

/** A file is done with, as the daemon's log tells: the line of its last state. */
export function isFileEnd({ state }: LogLine): boolean {
  return state === 'COMPLETED' || state === 'SKIPPED' || state === 'FAILED';
}

/** Shows what became of a file: its rows and dead letters as a consumer reads them, and where it is now. */
export async function reportFile(line: LogLine, arrivals: Arrivals): Promise<void> {
  const file = String(line.file);
  if (line.state === 'FAILED')
    say(`${paint('bold', shown(file))} was given up: ${shown(String(line.error), 500)}`);
  else if (line.state === 'SKIPPED') {
    say(`${paint('bold', shown(file))} has the content that was delivered before; nothing is sent again`);
  } else await reportRows(file, line as unknown as RowCounts, arrivals);
  say();
  say(
    line.target === undefined
      ? 'The file stays where it is.'
      : `The file is now in ${shown(String(line.target))}`,
  );
}

async function reportRows(
  file: string,
  { rows, produced, rejected }: RowCounts,
  arrivals: Arrivals,
): Promise<void> {
  const name = file.slice(file.lastIndexOf('/') + 1);
  say(
    `${paint('bold', shown(file))}: ${rows} ${rows === 1 ? 'row' : 'rows'} = ${produced} delivered + ` +
      `${rejected} in the dead-letter queue`,
  );
  showRows(await arrivals.take(TOPIC, name, produced), produced);
  showRejected(await arrivals.take(DEAD_LETTER_TOPIC, name, rejected), rejected);
}

function showRows(rows: readonly Arrival[], count: number): void {
  if (count === 0) return;
  say();
  say(paint('dim', `topic ${TOPIC}`));
  say(paint('dim', 'partition  offset  key    value'));
  for (const { partition, offset, key, value } of rows.toSorted(byPlace)) {
    const place = `${String(partition).padStart(9)}  ${offset.padStart(6)}  `;
    say(`${place}${paint('cyan', shown(key, 5).padEnd(5))}  ${shown(value, 70)}`);
  }
  showRest(count - rows.length);
}

function showRejected(rows: readonly Arrival[], count: number): void {
  if (count === 0) return;
  say();
  say(paint('dim', `topic ${DEAD_LETTER_TOPIC}: the row as it stands in the file, and why`));
  for (const { value, headers } of rows) {
    say(`row ${headers['file.row']}, line ${headers['file.line']}:  ${shown(value, 70)}`);
    say(paint('red', shown(headers['__connect.errors.exception.message'] ?? '')));
  }
  showRest(count - rows.length);
}

function byPlace(one: Arrival, other: Arrival): number {
  return one.partition - other.partition || Number(one.offset) - Number(other.offset);
}

function showRest(count: number): void {
  if (count > 0) say(`… and ${count} more`);
}

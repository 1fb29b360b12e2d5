import type { DeadLetter } from './dead-letter.ts';

export interface ReasonCount {
  readonly rows: number;
  readonly stage: string;
  readonly error: string | null;
  /** Messages that differ in what they quote alone are one reason. */
  readonly reason: string;
}

export interface FileCount {
  readonly rows: number;
  readonly file: string;
  readonly firstRow: number;
  readonly lastRow: number;
}

/** The most frequent first. */
export function countByReason(letters: readonly DeadLetter[]): ReasonCount[] {
  const groups = Map.groupBy(letters, ({ stage, error, message }) =>
    JSON.stringify([stage, error, reasonOf(message)]),
  );
  const counts = [...groups].map(([key, group]) => {
    const [stage, error, reason] = JSON.parse(key) as [string, string | null, string];
    return { rows: group.length, stage, error, reason };
  });
  return counts.sort((one, other) => other.rows - one.rows);
}

/** The file with the most first. */
export function countByFile(letters: readonly DeadLetter[]): FileCount[] {
  const counts = [...Map.groupBy(letters, ({ file }) => file)].map(([file, group]) => ({
    rows: group.length,
    file,
    firstRow: group.reduce((least, { row }) => Math.min(least, row), Number.POSITIVE_INFINITY),
    lastRow: group.reduce((most, { row }) => Math.max(most, row), 0),
  }));
  return counts.sort((one, other) => other.rows - one.rows);
}

/** What a message quotes may be as long as a row; what it says is in its beginning. */
const REASON_LENGTH = 1000;

/** `quantity: expected a long, got "1O0"` is `quantity: expected a long, got …`. */
function reasonOf(message: string): string {
  return message.slice(0, REASON_LENGTH).replaceAll(/"(?:[^"\\]|\\.)*"/g, '…');
}

import type { RowTrace } from '../dry-run/row-trace.ts';
import type { ExpectedDeadLetter } from './expected.ts';
import type { Failure } from './run-case.ts';

/** Rejected rows that no case expects, expected ones that are not rejected, and those rejected for another reason. */
export function deadLetterFailures(
  expected: readonly ExpectedDeadLetter[],
  rows: readonly RowTrace[],
): Failure[] {
  const byRow = new Map(expected.map((one) => [one.row, one]));
  const failures = rows.flatMap((row) => {
    const wanted = byRow.get(row.origin.row);
    byRow.delete(row.origin.row);
    return failureOf(row, wanted);
  });
  const missing = [...byRow.keys()].map((row) =>
    failure(row, `expected a dead letter, but the file has ${rows.length} rows`),
  );
  return [...failures, ...missing];
}

function failureOf({ origin, outcome }: RowTrace, wanted: ExpectedDeadLetter | undefined): Failure[] {
  const { row } = origin;
  if (outcome.kind !== 'rejected') {
    if (wanted === undefined) return [];
    const became = outcome.kind === 'sent' ? 'the row is sent' : `${outcome.stage.label} takes the row out`;
    return [failure(row, `expected a dead letter, but ${became}`)];
  }
  const { message } = outcome.rejection;
  if (wanted === undefined) {
    return [failure(row, `is not expected among the dead letters: ${outcome.stage.label}: ${message}`)];
  }
  if (wanted.error === null || message.includes(wanted.error)) return [];
  const difference = { path: 'error', expected: wanted.error, got: message };
  return [{ about: `dead letter of row ${row}`, message: null, differences: [difference] }];
}

function failure(row: number, message: string): Failure {
  return { about: `row ${row}`, message, differences: [] };
}

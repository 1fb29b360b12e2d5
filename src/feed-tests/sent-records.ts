import type { RowTrace } from '../dry-run/row-trace.ts';
import type { ShownRecord } from '../dry-run/shown-record.ts';

export interface SentRecord {
  readonly row: number;
  readonly record: ShownRecord;
}

/** The records of rows, in their order. */
export function sentRecords(rows: readonly RowTrace[]): SentRecord[] {
  return rows.flatMap(({ origin, outcome }) =>
    outcome.kind === 'sent' ? outcome.records.map((record) => ({ row: origin.row, record })) : [],
  );
}

import type { EncodedRecord } from '../dry-run/record-encoder.ts';
import type { RowTrace } from '../dry-run/row-trace.ts';

export interface SentRecord {
  readonly row: number;
  readonly record: EncodedRecord;
}

/** The records of rows, in their order. */
export function sentRecords(rows: readonly RowTrace[]): SentRecord[] {
  return rows.flatMap(({ origin, outcome }) =>
    outcome.kind === 'sent' ? outcome.records.map((record) => ({ row: origin.row, record })) : [],
  );
}

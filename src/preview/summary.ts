import type { RowTrace } from '../dry-run/row-trace.ts';

/** What would become of the rows, in numbers. */
export interface Summary {
  readonly rows: number;
  readonly sent: number;
  readonly rejected: number;
  readonly filtered: number;
  /** Records by topic. */
  readonly topics: Readonly<Record<string, number>>;
}

export function summaryOf(rows: readonly RowTrace[]): Summary {
  const count = (kind: RowTrace['outcome']['kind']) =>
    rows.filter(({ outcome }) => outcome.kind === kind).length;
  const topics: Record<string, number> = Object.create(null);
  for (const { outcome } of rows) {
    if (outcome.kind !== 'sent') continue;
    for (const { topic } of outcome.records) topics[topic] = (topics[topic] ?? 0) + 1;
  }
  return {
    rows: rows.length,
    sent: count('sent'),
    rejected: count('rejected'),
    filtered: count('filtered'),
    topics,
  };
}

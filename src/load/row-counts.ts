import type { RowCounts } from '../runtime/events/events.ts';

export const NO_ROWS: RowCounts = { read: 0, produced: 0, filtered: 0, rejected: 0 };

export function addedUp(counts: readonly RowCounts[]): RowCounts {
  return counts.reduce(
    (sum, { read, produced, filtered, rejected }) => ({
      read: sum.read + read,
      produced: sum.produced + produced,
      filtered: sum.filtered + filtered,
      rejected: sum.rejected + rejected,
    }),
    NO_ROWS,
  );
}

export function less(one: RowCounts, other: RowCounts): RowCounts {
  return {
    read: one.read - other.read,
    produced: one.produced - other.produced,
    filtered: one.filtered - other.filtered,
    rejected: one.rejected - other.rejected,
  };
}

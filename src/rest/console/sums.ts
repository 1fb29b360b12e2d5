import type { RowCounts } from '../../runtime/events/events.ts';
import { MOST_REJECTIONS } from './feed-figures.ts';
import type { DetailCounted, FeedCounted } from './messages.ts';

/* What the workers of a group count of a feed, taken together. */

type Counts = Pick<FeedCounted, 'rows' | 'rowsPerSecond'>;

export function sumOfCounts(counts: readonly Counts[]): Counts {
  return {
    rows: counts.map(({ rows }) => rows).reduce(sumOfRows),
    rowsPerSecond: counts.reduce((sum, { rowsPerSecond }) => sum + rowsPerSecond, 0),
  };
}

export function sumOfDetails(
  details: readonly Omit<DetailCounted, 'reading'>[],
): Omit<DetailCounted, 'reading'> {
  const rejections = details.flatMap((detail) => detail.rejections);
  return {
    topics: sumByName(details.map(({ topics }) => topics)),
    rejectedBy: sumByName(details.map(({ rejectedBy }) => rejectedBy)),
    rejections: rejections.sort((one, other) => other.at - one.at).slice(0, MOST_REJECTIONS),
  };
}

/** Of curves that end now; as long as the first. */
export function sumOfCurves([own = [], ...others]: readonly (readonly number[])[]): readonly number[] {
  if (others.length === 0) return own;
  return own.map((rows, index) =>
    others.reduce((sum, other) => sum + (other[other.length - own.length + index] ?? 0), rows),
  );
}

function sumOfRows(one: RowCounts, other: RowCounts): RowCounts {
  return {
    read: one.read + other.read,
    produced: one.produced + other.produced,
    filtered: one.filtered + other.filtered,
    rejected: one.rejected + other.rejected,
  };
}

function sumByName(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}

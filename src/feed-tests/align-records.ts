/** An expected and a found item that belong together; null where there is no other. */
export type Pair = readonly [expected: number | null, found: number | null];

/** An item without another weighs as much as so many differences between two. */
const GAP = 4;
/** Two items that differ in all are still rather one item gone wrong than one missing and one too many. */
const MOST = 2 * GAP - 3;

/**
 * Brings two lists together, in order and with as little difference as possible (Needleman and Wunsch, 1970), so that
 * one missing item does not make all that follow differ.
 */
export function align<E, F>(
  expected: readonly E[],
  found: readonly F[],
  differences: (one: E, other: F) => number,
): Pair[] {
  const pairing = expected.map((one) => found.map((other) => Math.min(MOST, differences(one, other))));
  const costs = costsFrom(pairing, expected.length, found.length);
  const pairs: Pair[] = [];
  let [e, f] = [0, 0];
  while (e < expected.length || f < found.length) {
    const cost = at(costs, e, f);
    if (cost === at(pairing, e, f) + at(costs, e + 1, f + 1)) pairs.push([e++, f++]);
    else if (cost === GAP + at(costs, e + 1, f)) pairs.push([e++, null]);
    else pairs.push([null, f++]);
  }
  return pairs;
}

/** For each beginning `[e, f]`, the least that bringing together the rest costs. */
function costsFrom(pairing: readonly number[][], rows: number, columns: number): number[][] {
  const costs: number[][] = Array.from({ length: rows + 1 }, () => []);
  for (let e = rows; e >= 0; e--) {
    const row = costs[e] as number[];
    for (let f = columns; f >= 0; f--) {
      const paired = at(pairing, e, f) + at(costs, e + 1, f + 1);
      const least = Math.min(paired, GAP + at(costs, e + 1, f), GAP + at(costs, e, f + 1));
      row[f] = e === rows && f === columns ? 0 : least;
    }
  }
  return costs;
}

function at(table: readonly (readonly number[])[], e: number, f: number): number {
  return table[e]?.[f] ?? Number.POSITIVE_INFINITY;
}

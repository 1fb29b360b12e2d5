/** The candidate that was probably meant, or null when none is near. */
export function closestName(given: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = distanceIfNear(given, candidate);
    if (distance !== null && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `; did you mean …?`, or nothing. `spelled` writes the name where it may hold anything. */
export function didYouMean(
  given: string,
  candidates: Iterable<string>,
  spelled = (name: string) => name,
): string {
  const meant = closestName(given, candidates);
  return meant === null ? '' : `; did you mean ${spelled(meant)}?`;
}

/** Segments that both keys begin with do not count: otherwise any two keys below one long prefix were alike. */
function distanceIfNear(given: string, candidate: string): number | null {
  if (given === candidate) return null;
  if (plain(given) === plain(candidate)) return 0;
  const shared = sharedSegments(given, candidate);
  const a = given.slice(shared);
  const b = candidate.slice(shared);
  const allowed = Math.min(3, Math.max(1, Math.floor(a.length / 3)));
  if (Math.abs(a.length - b.length) > allowed) return null;
  const distance = editDistance(a, b);
  return distance <= allowed && distance < b.length ? distance : null;
}

/** `settle_ms` and `settleMs` are both `settle.ms` in another habit's spelling. */
function plain(key: string): string {
  return key.replaceAll(/[._-]/g, '').toLowerCase();
}

function sharedSegments(a: string, b: string): number {
  let shared = 0;
  for (let at = 0; at < Math.min(a.length, b.length) && a[at] === b[at]; at++) {
    if (a[at] === '.') shared = at + 1;
  }
  return shared;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let cost = Math.min(replaced, at(last, column) + 1, at(current, column - 1) + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] as number;
}

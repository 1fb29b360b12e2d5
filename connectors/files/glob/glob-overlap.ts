import type { GlobPart } from './glob-pattern.ts';
import { parseGlob } from './glob-pattern.ts';

/** One character of a glob, or what stands for any number of them. */
type Step =
  | {
      readonly kind: 'character';
      readonly isIn: (character: string) => boolean;
      readonly only: string | null;
    }
  | { readonly kind: 'any'; readonly slashes: boolean };

const ANYTHING: Step = { kind: 'any', slashes: true };
/** Globs with more ways to choose between options are taken to match anything there. */
const MOST_WAYS = 256;

/**
 * Whether some path may match both globs. False is a proof that none does; true may be wrong, for globs that say what a
 * name must not be or repeat groups.
 */
export function mayOverlap(one: string, other: string): boolean {
  const others = waysOf(other);
  return waysOf(one).some((way) => others.some((another) => meet(way, another)));
}

/** A glob for a path that holds what would be special in one. */
export function asText(path: string): string {
  return path.replaceAll(/[*?[\]{}()!+@\\]/g, '\\$&');
}

function waysOf(glob: string): Step[][] {
  if (glob.startsWith('!')) return [[ANYTHING]];
  // A name is matched by itself too, whatever its stars mean.
  const itself = glob.split('**/').map(asText).join('**/');
  return [...ways(parseGlob(glob)), ...ways(parseGlob(itself))];
}

function ways(parts: readonly GlobPart[]): Step[][] {
  let all: Step[][] = [[]];
  for (const part of parts) {
    const next = stepsOf(part);
    all = all.length * next.length > MOST_WAYS ? all.map((way) => [...way, ANYTHING]) : product(all, next);
  }
  return all;
}

function product(all: readonly Step[][], next: readonly Step[][]): Step[][] {
  return all.flatMap((way) => next.map((steps) => [...way, ...steps]));
}

function stepsOf(part: GlobPart): Step[][] {
  if (part.kind === 'text') return [[...part.text].map(characterOf)];
  if (part.kind === 'one') return [[{ kind: 'character', isIn: part.isIn, only: null }]];
  if (part.kind === 'star') return [[{ kind: 'any', slashes: false }]];
  if (part.kind === 'folders') return part.isLast ? [[ANYTHING]] : [[], [ANYTHING, characterOf('/')]];
  if (part.isNot || part.most > 1) return [[ANYTHING]];
  const options = part.options.flatMap(ways);
  return part.least === 0 ? [[], ...options] : options;
}

function characterOf(only: string): Step {
  return { kind: 'character', isIn: (character) => character === only, only };
}

/** Whether a text can be read by both ways, each pair of places in them looked at once. */
function meet(one: readonly Step[], other: readonly Step[]): boolean {
  const seen = new Set<number>();
  const pairs: [number, number][] = [[0, 0]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [i, j] = pair;
    const key = i * (other.length + 1) + j;
    if (seen.has(key)) continue;
    seen.add(key);
    if (i === one.length && j === other.length) return true;
    const [a, b] = [one[i], other[j]];
    if (a?.kind === 'any') pairs.push([i + 1, j]);
    if (b?.kind === 'any') pairs.push([i, j + 1]);
    if (a === undefined || b === undefined || !haveOneInCommon(a, b)) continue;
    pairs.push([a.kind === 'any' ? i : i + 1, b.kind === 'any' ? j : j + 1]);
  }
  return false;
}

function haveOneInCommon(one: Step, other: Step): boolean {
  if (one.kind === 'any') return other.kind === 'any' || one.slashes || other.only !== '/';
  if (other.kind === 'any') return haveOneInCommon(other, one);
  if (one.only !== null) return other.isIn(one.only);
  return other.only === null || one.isIn(other.only);
}

import { closestName } from '../../values/closest-name.ts';
import type { KnownKeys } from '../define/scope.ts';
import type { ConfigEntry } from '../read/config-entry.ts';
import { problemAt } from '../read/config-entry.ts';
import type { Problem } from '../read/problem.ts';

/** How the message of a key begins that nobody knows. */
export const UNKNOWN_KEY = 'unknown key';

/** Problems for the keys that no scope knows, each with the known key it was probably meant to be. */
export function unknownKeys(entries: ReadonlyMap<string, ConfigEntry>, known: KnownKeys): Problem[] {
  const keys = new Set(known.keys);
  const problems: Problem[] = [];
  for (const [key, entry] of entries) {
    if (keys.has(key) || known.maps.some((map) => isBelow(key, map))) continue;
    const meant = meantKey(key, known);
    const message = known.maps.includes(key)
      ? `expected keys below it, ${key}.NAME, got a value`
      : `${UNKNOWN_KEY}${meant === null ? '' : `; did you mean ${meant}?`}`;
    problems.push({ ...problemAt(entry, key, message), code: 'unknown-key' });
  }
  return problems;
}

/** The known key that an unknown one was probably meant to be. */
export function meantKey(key: string, known: KnownKeys): string | null {
  return closestName(key, [...known.keys, ...known.maps.map((map) => likeMapKey(map, key))]);
}

function isBelow(key: string, map: string): boolean {
  return key.startsWith(`${map}.`) && key.length > map.length + 1;
}

/** The given key as if its beginning were the map's: any key below a map is allowed, so only the beginning can err. */
function likeMapKey(map: string, key: string): string {
  return [map, ...key.split('.').slice(map.split('.').length)].join('.');
}

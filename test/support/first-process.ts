import { globSync, readFileSync } from 'node:fs';

/** The process that counts as the first one where `unshare --pid --fork` has put it, as it is known here. */
export function firstProcess(unshare: number): number {
  const stats = globSync('/proc/[0-9]*/stat').flatMap((path) => {
    try {
      return [readFileSync(path, 'utf8').split(' ')];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
  const first = stats.find(([, , , parent]) => Number(parent) === unshare);
  return Number(first?.[0]);
}

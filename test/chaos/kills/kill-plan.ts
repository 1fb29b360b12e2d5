import type { Random } from '../../../src/testing/seeded-random.ts';
import type { Hold } from './pace.ts';

/** Where a kill falls: at an instant, into a commit before it has reached the broker or after, or behind one that came late. */
export type KillMoment = 'instant' | Exclude<Hold, 'rows'>;

/** So many kills in an order that chance gives, `inCommit` of them in the commit window, half of those after it is done. */
export function killPlan(kills: number, inCommit: number, random: Random): KillMoment[] {
  const moments = Array.from({ length: kills }, (_, index): KillMoment => {
    if (index >= inCommit) return 'instant';
    return index % 2 === 0 ? 'commit' : 'answer';
  });
  for (let last = moments.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [moments[last], moments[other]] = [moments[other] as KillMoment, moments[last] as KillMoment];
  }
  return moments;
}

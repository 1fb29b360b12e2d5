import { fetchLinters, type Linters } from '../../scripts/stack/linters.ts';
import { unlessLacking } from './unless-lacking.ts';

/** What files for containers are checked with; null, and said so, where this machine cannot have it. */
export function linters(): Promise<Linters | null> {
  return unlessLacking(fetchLinters);
}

import { fetchLinters, type Linters, lintersMissing } from '../../scripts/stack/linters.ts';

/** What files for containers are checked with; null, and said so, where this machine cannot have it. */
export async function linters(): Promise<Linters | null> {
  const missing = await lintersMissing();
  if (missing === undefined) return fetchLinters();
  process.stderr.write(`tests not run: ${missing}\n`);
  return null;
}

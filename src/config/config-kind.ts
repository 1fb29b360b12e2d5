import { dottedName } from '../values/dotted-name.ts';
import { WORKER_OPTIONS } from './define/worker-definition.ts';
import type { ConfigEntries } from './read/config-entry.ts';

const WORKER_KEYS = Object.keys(WORKER_OPTIONS).map(dottedName);

/** Whether entries are a feed or a worker's configuration; null when no key of theirs tells. */
export function configKind({ entries }: ConfigEntries): 'feed' | 'worker' | null {
  if (entries.has('connector.class')) return 'feed';
  if (entries.has('bootstrap.servers')) return 'worker';
  // Neither is there: what else is tells which of the two is missing.
  if (['name', 'transforms', 'tasks.max'].some((key) => entries.has(key))) return 'feed';
  return WORKER_KEYS.some((key) => entries.has(key)) ? 'worker' : null;
}

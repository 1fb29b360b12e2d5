import { dottedName } from '../values/dotted-name.ts';
import { WORKER_OPTIONS } from './define/worker-definition.ts';
import { type ConfigEntries, problemAt, wholeOf } from './read/config-entry.ts';
import type { ConfigFile } from './read/config-file.ts';

const WORKER_KEYS = Object.keys(WORKER_OPTIONS).map(dottedName);

/** Whether entries are a feed or a worker's configuration; null when no key of theirs tells. */
export function configKind({ entries }: ConfigEntries): 'feed' | 'worker' | null {
  if (entries.has('connector.class')) return 'feed';
  if (entries.has('bootstrap.servers')) return 'worker';
  // Neither is there: what else is tells which of the two is missing.
  if (['name', 'transforms', 'tasks.max'].some((key) => entries.has(key))) return 'feed';
  return WORKER_KEYS.some((key) => entries.has(key)) ? 'worker' : null;
}

const OTHER_KIND = {
  feed: {
    own: 'connector.class',
    message: "is a worker's configuration; expected a feed, and the worker after --worker",
  },
  worker: {
    own: 'bootstrap.servers',
    message: "is a feed; expected a worker's configuration (with bootstrap.servers)",
  },
};

/** The file, as long as it is of that kind. Of one that is plainly of the other this is told, and not each of its keys. */
export function ofKind(kind: keyof typeof OTHER_KIND, file: ConfigFile): ConfigFile {
  const { entries, origin } = file.config;
  const other = OTHER_KIND[kind === 'feed' ? 'worker' : 'feed'].own;
  const { own, message } = OTHER_KIND[kind];
  if (entries.has(own) || !entries.has(other)) return file;
  const problem = { ...problemAt(wholeOf(origin), null, message), code: 'unreadable' } as const;
  return { config: { origin, entries: new Map() }, problems: [problem] };
}

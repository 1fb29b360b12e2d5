import { storedEntries } from '../../config/read/config-entry.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { reportOf } from '../events/error-report.ts';
import { feedOutlinesOf } from '../plugins/feed-outline.ts';
import type { FeedOutline } from './feed.ts';
import type { BrokenFeed } from './managed-connector.ts';
import { SideBySide } from './side-by-side.ts';

type Properties = Readonly<Record<string, string>>;

/**
 * The feeds in a config topic that are in no file. One that cannot be understood any more, or cannot run beside those in
 * files or those before it, is there all the same, with the reason: it can be mended or deleted.
 *
 * @param configs properties by connector
 */
export async function storedFeeds(
  configs: ReadonlyMap<string, Properties>,
  inFiles: readonly FeedOutline[],
  worker: WorkerConfig,
): Promise<readonly (FeedOutline | BrokenFeed)[]> {
  const taken = new Set(inFiles.map(({ config }) => config.name));
  const stored = [...configs].filter(([name]) => !taken.has(name));
  const entries = stored.map(([, properties]) => storedEntries(properties));
  const understood = await feedOutlinesOf(entries, worker);
  const running = new SideBySide(inFiles);
  return stored.map(([name, properties], at) => {
    const result = understood[at] as PromiseSettledResult<FeedOutline>;
    if (result.status === 'rejected') return broken(name, properties, result.reason);
    const [conflict] = running.conflictsOf(result.value);
    if (conflict !== undefined)
      return broken(name, properties, new HeadraceError('CONFIG_INVALID', conflict.message));
    running.add(result.value);
    return result.value;
  });
}

function broken(name: string, raw: Properties, error: unknown): BrokenFeed {
  // Without its plugins nobody knows which of its values are secrets.
  const sensitiveKeys = Object.keys(raw).filter((key) => key !== 'name' && key !== 'connector.class');
  return { shown: { name, raw, sensitiveKeys }, error: reportOf(error) };
}

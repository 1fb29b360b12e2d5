import { storedEntries } from '../../config/read/config-entry.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { reportOf } from '../events/error-report.ts';
import { type Feed, feedOf } from './feed.ts';
import type { BrokenFeed } from './managed-connector.ts';
import { conflictsOf } from './side-by-side.ts';

/**
 * The feeds in a config topic that are in no file. One that cannot be understood any more, or cannot run beside those
 * before it, is there all the same, with the reason: it can be mended or deleted.
 *
 * @param configs properties by connector
 */
export async function storedFeeds(
  configs: ReadonlyMap<string, Readonly<Record<string, string>>>,
  inFiles: ReadonlySet<string>,
  worker: WorkerConfig,
): Promise<readonly (Feed | BrokenFeed)[]> {
  const feeds: (Feed | BrokenFeed)[] = [];
  for (const [name, properties] of configs) {
    if (inFiles.has(name)) continue;
    try {
      const feed = await feedOf(storedEntries(properties), worker);
      const others = feeds.filter((one): one is Feed => !('shown' in one));
      const [conflict] = conflictsOf([...others, feed]);
      if (conflict !== undefined) throw new HeadraceError('CONFIG_INVALID', conflict.message);
      feeds.push(feed);
    } catch (error) {
      // Without its plugins nobody knows which of its values are secrets.
      const sensitiveKeys = Object.keys(properties).filter(
        (key) => key !== 'name' && key !== 'connector.class',
      );
      feeds.push({ shown: { name, raw: properties, sensitiveKeys }, error: reportOf(error) });
    }
  }
  return feeds;
}

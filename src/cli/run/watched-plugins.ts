import { sep } from 'node:path';
import { watch } from 'chokidar';
import type { Logger } from 'pino';
import { pluginPathsOf } from '../../config/connector-outline.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError, messageOf } from '../../errors.ts';
import { feedOutlinesOf } from '../../runtime/plugins/feed-outline.ts';
import type { Herder } from '../../runtime/worker/herder.ts';

/** Editors write in several steps: it is over when nothing has happened for so long. */
const SETTLE_MS = 200;

interface WatchedPluginsOptions {
  readonly worker: WorkerConfig;
  readonly herder: Herder;
  readonly log: Logger;
}

/** @throws HeadraceError CONFIG_INVALID when there is no folder to watch */
export function requirePluginPath({ pluginPath }: WorkerConfig): void {
  if (pluginPath.length > 0) return;
  const message =
    '--watch: expected plugin.path in the worker configuration, whose folders are watched; it is not set';
  throw new HeadraceError('CONFIG_INVALID', message);
}

/**
 * Has feeds go on with plugins as they are now, whenever a file in a folder of `plugin.path` changes: their tasks commit what
 * they have and begin again, each in a new thread, which loads them anew. Gives what ends that.
 */
export function followPlugins({ worker, herder, log }: WatchedPluginsOptions): () => Promise<void> {
  const folders = worker.pluginPath;
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();
  const follow = () => {
    const paths = [...changed];
    changed.clear();
    turn = turn
      .then(() => renewFeeds(herder, worker, foldersWith(paths, folders), log))
      .catch((error) => log.error({ reason: messageOf(error) }, 'plugins could not be followed'));
  };
  const watcher = watch([...folders], { ignoreInitial: true, ignored: /node_modules|\/\.git$/ });
  watcher.on('all', (_, path) => {
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(follow, SETTLE_MS);
  });
  watcher.on('error', (error) => log.warn({ reason: messageOf(error) }, 'plugins could not be followed'));
  return async () => {
    clearTimeout(timer);
    await watcher.close();
    await turn;
  };
}

/** Which module a plugin imports nobody knows: what changes in its folder may be a part of it. */
function foldersWith(paths: readonly string[], folders: readonly string[]): readonly string[] {
  return folders.filter((folder) => paths.some((path) => path.startsWith(folder + sep)));
}

/** A feed that cannot be understood with them goes on as it was, unless it was just beginning. */
async function renewFeeds(
  herder: Herder,
  worker: WorkerConfig,
  folders: readonly string[],
  log: Logger,
): Promise<void> {
  const running = [...herder.connectors.values()].flatMap(({ feed, file }) =>
    feed !== null &&
    pluginPathsOf(feed.config).some((path) => folders.some((folder) => path.startsWith(folder + sep)))
      ? [{ feed, file }]
      : [],
  );
  const outlines = await feedOutlinesOf(
    running.map(({ feed }) => feed.entries),
    worker,
  );
  for (const [at, { feed, file }] of running.entries()) {
    const outline = outlines[at];
    const { name: connector } = feed.config;
    if (outline?.status !== 'fulfilled') {
      // A task that was just beginning has loaded them as they are.
      const hasFailed = herder.connectors.get(connector)?.tasks.some(({ state }) => state === 'FAILED');
      log.error(
        { connector, reason: messageOf(outline?.reason) },
        hasFailed
          ? 'changed plugins refused, the feed has failed and begins again once they are mended'
          : 'changed plugins refused, the feed goes on as it was',
      );
      continue;
    }
    log.info({ connector }, 'plugins changed, the feed begins again');
    await herder.put(outline.value, { file });
  }
}

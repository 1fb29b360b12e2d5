import type { ConfigEntries } from '../../config/read/config-entry.ts';
import { readConfigFile } from '../../config/read/config-file.ts';
import { invalidConfig, withOthers } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { type Feed, feedOf, problemsOf } from './feed.ts';

/**
 * Reads feed files. Every mistake in any of them is told at once.
 *
 * @param change what a command does about them before they are understood
 * @throws HeadraceError CONFIG_INVALID with every mistake, one a line.
 */
export async function readFeeds(
  paths: readonly string[],
  worker: WorkerConfig,
  change: (entries: ConfigEntries) => ConfigEntries = (entries) => entries,
): Promise<readonly Feed[]> {
  const feeds: Feed[] = [];
  const mistakes: string[] = [];
  for (const path of paths) {
    try {
      feeds.push(await readFeed(path, worker, change));
    } catch (error) {
      if (!(error instanceof HeadraceError) || error.code !== 'CONFIG_INVALID') throw error;
      mistakes.push(error.message);
    }
  }
  mistakes.push(...repeatedNames(feeds));
  if (mistakes.length > 0) throw new HeadraceError('CONFIG_INVALID', mistakes.join('\n'));
  return feeds;
}

async function readFeed(
  path: string,
  worker: WorkerConfig,
  change: (entries: ConfigEntries) => ConfigEntries,
): Promise<Feed> {
  const { config, problems } = readConfigFile(path);
  if (problems.length === 0) return feedOf(change(config), worker);
  const said = config.entries.size === 0 ? [] : await problemsOf(change(config), worker);
  throw invalidConfig(withOthers(problems, said));
}

function repeatedNames(feeds: readonly Feed[]): string[] {
  const first = new Map<string, string>();
  const mistakes: string[] = [];
  for (const { config, entries } of feeds) {
    const { source } = entries.origin;
    const other = first.get(config.name);
    if (other === undefined) first.set(config.name, source);
    else
      mistakes.push(
        `${source}: name: ${config.name} is the name of ${other} already; offsets are kept by name, so each feed needs its own`,
      );
  }
  return mistakes;
}

import type { ConfigEntries } from '../../config/read/config-entry.ts';
import { readConfigFile } from '../../config/read/config-file.ts';
import { invalidConfig, type Problem, withOthers } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { feedOutlineOf, problemsThere } from '../plugins/feed-outline.ts';
import { type Feed, type FeedOutline, feedOf, problemsOf } from './feed.ts';

/** Who understands what is in a file. */
interface Reader<F extends FeedOutline> {
  readonly feedOf: (written: ConfigEntries, worker: WorkerConfig) => Promise<F>;
  readonly problemsOf: (written: ConfigEntries, worker: WorkerConfig) => Promise<readonly Problem[]>;
}

/**
 * Reads feed files. Every mistake in any of them is told at once.
 *
 * @param change what a command does about them before they are understood
 * @throws HeadraceError CONFIG_INVALID with every mistake, one a line.
 */
export function readFeeds(
  paths: readonly string[],
  worker: WorkerConfig,
  change: (entries: ConfigEntries) => ConfigEntries = (entries) => entries,
): Promise<readonly Feed[]> {
  const reader: Reader<Feed> = {
    feedOf: (written, own) => feedOf(change(written), own),
    problemsOf: (written, own) => problemsOf(change(written), own),
  };
  return readWith(reader, paths, worker);
}

/** The same for a worker that goes on whatever a plugin does: one of a user's is not run in this thread. */
export function readFeedOutlines(
  paths: readonly string[],
  worker: WorkerConfig,
): Promise<readonly FeedOutline[]> {
  return readWith({ feedOf: feedOutlineOf, problemsOf: problemsThere }, paths, worker);
}

async function readWith<F extends FeedOutline>(
  reader: Reader<F>,
  paths: readonly string[],
  worker: WorkerConfig,
): Promise<readonly F[]> {
  const feeds: F[] = [];
  const mistakes: string[] = [];
  for (const path of paths) {
    try {
      feeds.push(await readFeed(reader, path, worker));
    } catch (error) {
      if (!(error instanceof HeadraceError)) throw error;
      // Which plugin it was is told, not in which file.
      if (error.code === 'PLUGIN_FAILED') mistakes.push(`${path}: ${error.message}`);
      else if (error.code === 'CONFIG_INVALID') mistakes.push(error.message);
      else throw error;
    }
  }
  mistakes.push(...repeatedNames(feeds));
  if (mistakes.length > 0) throw new HeadraceError('CONFIG_INVALID', mistakes.join('\n'));
  return feeds;
}

async function readFeed<F>(
  { feedOf, problemsOf }: Reader<F & FeedOutline>,
  path: string,
  worker: WorkerConfig,
): Promise<F> {
  const { config, problems } = readConfigFile(path);
  if (problems.length === 0) return feedOf(config, worker);
  const said = config.entries.size === 0 ? [] : await problemsOf(config, worker);
  throw invalidConfig(withOthers(problems, said));
}

function repeatedNames(feeds: readonly FeedOutline[]): string[] {
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

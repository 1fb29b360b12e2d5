import { ofKind } from '../../config/config-kind.ts';
import type { ConfigEntries } from '../../config/read/config-entry.ts';
import { type ConfigFile, readConfigFile } from '../../config/read/config-file.ts';
import { invalidConfig, type Problem, withOthers } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { feedOutlinesOf, problemsThere } from '../plugins/feed-outline.ts';
import { type Feed, type FeedOutline, feedOf, problemsOf } from './feed.ts';

/** Who understands what is in files. */
interface Reader<F extends FeedOutline> {
  /** What becomes of each. */
  readonly feedsOf: (
    written: readonly ConfigEntries[],
    worker: WorkerConfig,
  ) => Promise<readonly PromiseSettledResult<F>[]>;
  readonly problemsOf: (written: ConfigEntries, worker: WorkerConfig) => Promise<readonly Problem[]>;
}

const OUTLINES: Reader<FeedOutline> = { feedsOf: feedOutlinesOf, problemsOf: problemsThere };

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
    async feedsOf(written, own) {
      const results: PromiseSettledResult<Feed>[] = [];
      for (const one of written) results.push(...(await Promise.allSettled([feedOf(change(one), own)])));
      return results;
    },
    problemsOf: (written, own) => problemsOf(change(written), own),
  };
  return readAll(reader, paths, worker);
}

/** The same for a worker that goes on whatever a plugin does: one of a user's is not run in this thread. */
export function readFeedOutlines(
  paths: readonly string[],
  worker: WorkerConfig,
): Promise<readonly FeedOutline[]> {
  return readAll(OUTLINES, paths, worker);
}

/** What becomes of each file: its feed, or CONFIG_INVALID with every mistake in it. */
export async function readFeedOutlinesEach(
  paths: readonly string[],
  worker: WorkerConfig,
): Promise<ReadonlyMap<string, PromiseSettledResult<FeedOutline>>> {
  const results = await readEach(OUTLINES, paths, worker);
  return new Map(paths.map((path, at) => [path, results[at] as PromiseSettledResult<FeedOutline>]));
}

async function readAll<F extends FeedOutline>(
  reader: Reader<F>,
  paths: readonly string[],
  worker: WorkerConfig,
): Promise<readonly F[]> {
  const feeds: F[] = [];
  const mistakes: string[] = [];
  for (const result of await readEach(reader, paths, worker)) {
    if (result.status === 'fulfilled') feeds.push(result.value);
    else if (isInvalid(result.reason)) mistakes.push(result.reason.message);
    else throw result.reason;
  }
  mistakes.push(...repeatedNames(feeds));
  if (mistakes.length > 0) throw new HeadraceError('CONFIG_INVALID', mistakes.join('\n'));
  return feeds;
}

async function readEach<F extends FeedOutline>(
  reader: Reader<F>,
  paths: readonly string[],
  worker: WorkerConfig,
): Promise<readonly PromiseSettledResult<F>[]> {
  const files = paths.map((path) => ({ path, ...ofKind('feed', readConfigFile(path)) }));
  const wellWritten = files.filter(({ problems }) => problems.length === 0);
  const understood = await reader.feedsOf(
    wellWritten.map(({ config }) => config),
    worker,
  );
  const results: PromiseSettledResult<F>[] = [];
  for (const file of files) {
    const at = wellWritten.indexOf(file);
    const result = understood[at];
    if (result === undefined)
      results.push({ status: 'rejected', reason: await mistakesIn(file, reader, worker) });
    else
      results.push(
        result.status === 'fulfilled' ? result : { ...result, reason: inFile(file.path, result.reason) },
      );
  }
  return results;
}

async function mistakesIn(
  { config, problems }: ConfigFile,
  { problemsOf }: Pick<Reader<FeedOutline>, 'problemsOf'>,
  worker: WorkerConfig,
): Promise<HeadraceError> {
  const said = config.entries.size === 0 ? [] : await problemsOf(config, worker);
  return invalidConfig(withOthers(problems, said));
}

/** Of a plugin that does not come back it is told which one it is, not in which file. */
function inFile(path: string, error: unknown): unknown {
  if (!(error instanceof HeadraceError) || error.code !== 'PLUGIN_FAILED') return error;
  return new HeadraceError('CONFIG_INVALID', `${path}: ${error.message}`);
}

function isInvalid(error: unknown): error is HeadraceError {
  return error instanceof HeadraceError && error.code === 'CONFIG_INVALID';
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

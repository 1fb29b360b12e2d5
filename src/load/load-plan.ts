import { basename, join, resolve } from 'node:path';
import type { WorkerConfig } from '../config/worker-config.ts';
import { HeadraceError } from '../errors.ts';
import type { Feed } from '../runtime/feed.ts';
import { readFeeds } from '../runtime/feed-files.ts';
import { jobFeed } from './load-feed.ts';
import { findInFolder, type LoadFile } from './load-files.ts';
import { feedsOf, type LoadOptions } from './load-options.ts';
import { requireWritable } from './rejected-file.ts';

const MOST_TOLD = 10;

/** Some files on their way through one feed, under one name. */
export interface JobPlan {
  /** The name by which progress is kept. */
  readonly job: string;
  readonly feed: Feed;
  readonly files: readonly LoadFile[];
  readonly worker: WorkerConfig;
}

/**
 * What a load has to do, in order; nothing is done yet.
 *
 * @param files what was found for `options.files`; empty with `dataDir`
 * @throws HeadraceError CONFIG_INVALID with every mistake, a line each.
 */
export async function planJobs(
  options: LoadOptions,
  worker: WorkerConfig,
  files: readonly LoadFile[],
): Promise<JobPlan[]> {
  const feeds = await readFeeds(feedsOf(options), worker);
  const plans: JobPlan[] = [];
  if (options.dataDir !== undefined) {
    const picked = new Map<Feed, readonly LoadFile[]>();
    for (const feed of referenceFirst(feeds)) picked.set(feed, await filesForFeed(feed, options.dataDir));
    requireOneEach(picked);
    for (const [feed, own] of picked) {
      if (own.length > 0) plans.push(await planJob(options, worker, own, feed, feeds.length > 1));
    }
    if (plans.length === 0) throw nothingIn(options.dataDir, feeds);
  } else plans.push(await planJob(options, worker, files, feeds[0] ?? null, false));
  for (const { feed } of plans) {
    const { deadLetterFile } = feed.config.errors;
    if (deadLetterFile !== null) await requireWritable(deadLetterFile);
  }
  return plans;
}

async function planJob(
  options: LoadOptions,
  worker: WorkerConfig,
  files: readonly LoadFile[],
  feed: Feed | null,
  isOneOfSeveral: boolean,
): Promise<JobPlan> {
  const from = feed?.config.name ?? (options.topic ?? '').replaceAll(/[^\w.-]+/g, '-');
  const job = jobName(options.job, from, isOneOfSeveral);
  return { job, files, worker, feed: await jobFeed({ job, files, options, worker }, feed) };
}

/** Not the feed's own name: a daemon may be running the feed, and each would fence the other. */
function jobName(given: string | undefined, from: string, isOneOfSeveral: boolean): string {
  if (given === undefined) return `${from}-load`;
  return isOneOfSeveral ? `${given}-${from}` : given;
}

/** Trades and quotes may be looked up against reference data; that it is such a feed, its name or topic says. */
function referenceFirst(feeds: readonly Feed[]): Feed[] {
  const isReference = ({ config, entries }: Feed) => {
    const topics = [...entries.entries].filter(([key]) => /^transforms\..+\.topic$/.test(key));
    return [config.name, ...topics.map(([, { text }]) => text)].some((text) => /reference/i.test(text));
  };
  return [...feeds.filter(isReference), ...feeds.filter((feed) => !isReference(feed))];
}

/** Rows of one kind in the topic of another are worse than none. */
function requireOneEach(picked: ReadonlyMap<Feed, readonly LoadFile[]>): void {
  const owners = new Map<string, Feed>();
  const mistakes: string[] = [];
  for (const [feed, files] of picked) {
    for (const { path, shown } of files) {
      const other = owners.get(path);
      if (other === undefined) owners.set(path, feed);
      else mistakes.push(`${shown}: is picked by ${wanting(other)} and ${wanting(feed)}`);
    }
  }
  if (mistakes.length === 0) return;
  const more = mistakes.length > MOST_TOLD ? [`and ${mistakes.length - MOST_TOLD} more`] : [];
  const mend = "give each feed an input.file.pattern that no other feed's files match, such as 'trades*.csv'";
  throw new HeadraceError('CONFIG_INVALID', [...mistakes.slice(0, MOST_TOLD), ...more, mend].join('\n'));
}

function wanting({ config }: Feed): string {
  return `${config.name} (${patternOf(config.source.values)})`;
}

function filesForFeed({ config }: Feed, folder: string): Promise<LoadFile[]> {
  return findInFolder(folder, patternOf(config.source.values));
}

function patternOf(source: Readonly<Record<string, unknown>>): string {
  if (typeof source.inputFilePattern === 'string') return source.inputFilePattern;
  return typeof source.inputPath === 'string' ? basename(source.inputPath) : '*';
}

function nothingIn(folder: string, feeds: readonly Feed[]): HeadraceError {
  const wanted = feeds.map(wanting).join(', ');
  return new HeadraceError(
    'SOURCE_UNREADABLE',
    `no file in ${join(resolve(folder), '/')} is wanted by a feed: expected ${wanted}`,
    { retriable: false },
  );
}

import { basename, extname, join, resolve } from 'node:path';
import type { ConfigEntries } from '../config/read/config-entry.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import { HeadraceError } from '../errors.ts';
import { withLetterFile } from '../runtime/dead-letter-file/letter-place.ts';
import type { Feed } from '../runtime/worker/feed.ts';
import { readFeeds } from '../runtime/worker/feed-files.ts';
import { isUrl } from '../values/url.ts';
import { lookAtRows } from './file-columns.ts';
import { COMMAND_LINE, jobFeed, topicName } from './job-feed.ts';
import { findInFolder, type LoadFile } from './load-files.ts';
import { feedsOf, type LoadOptions, type TopicOptions } from './load-options.ts';
import type { LoadStores } from './load-stores.ts';
import { requireWritable } from './rejected-file.ts';
import { requireColumns, withFormat } from './topic-load.ts';

const MOST_TOLD = 10;

/** Some files on their way through one feed, under one name. */
export interface JobPlan {
  /** The name by which progress is kept. */
  readonly job: string;
  readonly feed: Feed;
  readonly files: readonly LoadFile[];
  readonly worker: WorkerConfig;
}

/** Files that are to go through a feed; null: the command line alone says how. */
interface Draft {
  readonly files: readonly LoadFile[];
  readonly feed: Feed | null;
}

/** What jobs are planned from. */
export interface JobGrounds {
  readonly worker: WorkerConfig;
  readonly feeds: readonly Feed[];
  readonly stores: LoadStores;
  /** Is told what was guessed of a file. */
  readonly tell: (file: string, reason: string) => void;
}

/**
 * The feeds of a load.
 *
 * @throws HeadraceError CONFIG_INVALID with every mistake, a line each.
 */
export function readJobFeeds(options: LoadOptions, worker: WorkerConfig): Promise<readonly Feed[]> {
  const letters = options.deadLetterFile ?? './rejected.csv';
  const change = (feed: ConfigEntries) => withLetterFile(feed, letters, COMMAND_LINE);
  return readFeeds(feedsOf(options), worker, change);
}

/**
 * What a load has to do, in order; nothing is done yet but looking at the beginnings of files.
 *
 * @param files what was found for `options.files`; empty with `dataDir`
 * @throws HeadraceError CONFIG_INVALID with every mistake, a line each.
 */
export async function planJobs(
  given: LoadOptions,
  { worker, feeds, stores, tell }: JobGrounds,
  files: readonly LoadFile[],
): Promise<JobPlan[]> {
  const options: TopicOptions = given.topic === undefined ? given : await withFormat(given, files, tell);
  const drafts =
    options.dataDir === undefined
      ? [{ files, feed: feeds[0] ?? null }]
      : await draftsOf(feeds, options.dataDir, stores);
  const plan = (draft: Draft) => planJob(options, worker, draft, feeds.length > 1);
  const plans: JobPlan[] = [];
  for (const draft of drafts) plans.push(await plan(draft));
  if (options.topic !== undefined) for (const one of plans) await requireColumns(one, options);
  const wanted = options.limit === undefined ? plans : await upTo(options.limit, plans, drafts, plan);
  for (const { feed } of wanted) {
    const { deadLetterFile } = feed.config.errors;
    if (deadLetterFile !== null && options.dryRun !== true) await requireWritable(deadLetterFile);
  }
  return wanted;
}

async function draftsOf(feeds: readonly Feed[], folder: string, stores: LoadStores): Promise<Draft[]> {
  const picked = new Map<Feed, readonly LoadFile[]>();
  for (const feed of referenceFirst(feeds)) {
    const pattern = patternOf(feed.config.source.values);
    picked.set(feed, await findInFolder(folder, pattern, stores.of(feed)));
  }
  requireOneEach(picked);
  const drafts = [...picked]
    .map(([feed, files]) => ({ feed, files }))
    .filter(({ files }) => files.length > 0);
  if (drafts.length === 0) throw nothingIn(folder, feeds);
  return drafts;
}

/** The first rows of the files in their order: the last of these files may be wanted in part, those behind it not at all. */
async function upTo(
  limit: number,
  plans: readonly JobPlan[],
  drafts: readonly Draft[],
  plan: (draft: Draft) => Promise<JobPlan>,
): Promise<JobPlan[]> {
  const wanted: JobPlan[] = [];
  let left = limit;
  for (const [index, { feed, files }] of plans.entries()) {
    const own: LoadFile[] = [];
    for (const file of files) {
      if (left === 0) break;
      const { rows } = await lookAtRows(file, feed.config, left + 1);
      own.push(rows > left ? { ...file, rowLimit: left } : file);
      left -= Math.min(left, rows);
    }
    if (own.length > 0) wanted.push(await plan({ ...(drafts[index] as Draft), files: own }));
  }
  return wanted;
}

async function planJob(
  options: TopicOptions,
  worker: WorkerConfig,
  { files, feed }: Draft,
  isOneOfSeveral: boolean,
): Promise<JobPlan> {
  const from = feed?.config.name ?? topicName(options);
  const job = jobName(options.job, from, isOneOfSeveral);
  const own = isOneOfSeveral ? { ...options, ...ownLetterFile(options, from) } : options;
  return { job, files, worker, feed: await jobFeed({ job, files, options: own, worker }, feed) };
}

/** Jobs would set aside what the others have written: of one name that is given, each has a file with its own in it. */
function ownLetterFile({ deadLetterFile }: LoadOptions, feed: string): Pick<LoadOptions, 'deadLetterFile'> {
  if (deadLetterFile === undefined) return {};
  const ending = extname(deadLetterFile);
  const stem = deadLetterFile.slice(0, deadLetterFile.length - ending.length);
  return { deadLetterFile: `${stem}.${feed}${ending}` };
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
  return `${patternOf(config.source.values)} (${config.name})`;
}

function patternOf(source: Readonly<Record<string, unknown>>): string {
  if (typeof source.inputFilePattern === 'string') return source.inputFilePattern;
  return typeof source.inputPath === 'string' ? basename(source.inputPath) : '*';
}

function nothingIn(folder: string, feeds: readonly Feed[]): HeadraceError {
  const wanted = feeds.map(wanting).join(', ');
  return new HeadraceError(
    'SOURCE_UNREADABLE',
    `no file in ${isUrl(folder) ? folder : join(resolve(folder), '/')} is wanted by a feed: expected ${wanted}`,
    { retriable: false },
  );
}

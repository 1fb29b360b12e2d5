import { dryLoad } from './dry-load.ts';
import { planJobs, readJobFeeds } from './job-plan.ts';
import { findLoadFiles, type LoadFile } from './load-files.ts';
import { checkOptions, type LoadOptions } from './load-options.ts';
import type { LoadResult } from './load-result.ts';
import { LoadRun, type Planner } from './load-run.ts';
import { LoadStores } from './load-stores.ts';
import { workerOf } from './load-worker.ts';
import { removeSpool, reserveSpool, spool } from './standard-input.ts';

/**
 * Loads files into Kafka, each row exactly once, with the daemon's own engine. Progress is kept in the offsets topic
 * under the job's name, so the same call goes on where an earlier one has ended, however it did.
 *
 * @returns What became of the files. A load that was stopped, or that failed once it had begun, is a result as well:
 *   see `state` and `error`.
 * @throws HeadraceError for mistakes that are found before anything is read: CONFIG_INVALID, PLUGIN_INVALID,
 *   SOURCE_UNREADABLE.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  checkOptions(options);
  const worker = await workerOf(options);
  const feeds = await readJobFeeds(options, worker);
  const standardInput = options.files?.includes('-') ? await reserveSpool() : null;
  const stores = new LoadStores();
  try {
    const store = stores.of(feeds[0] ?? null);
    const files =
      options.dataDir === undefined ? await findLoadFiles(options.files ?? [], standardInput, store) : [];
    const grounds = { worker, feeds, stores, tell: tellerOf(options) };
    const plan: Planner = (found) => planJobs(options, grounds, found);
    if (options.dryRun === true)
      return await dryLoad(await plan(await spooled(files, standardInput, options)), options);
    const plans = await plan(files);
    const result = await new LoadRun(options, plans, standardInput, plan).run();
    return await withoutSpool(result, standardInput);
  } catch (error) {
    if (standardInput !== null) await removeSpool(standardInput);
    throw error;
  } finally {
    await stores.close();
    if (standardInput !== null && options.dryRun === true) await removeSpool(standardInput);
  }
}

/** The files, with standard input among them where it is one. */
async function spooled(
  files: readonly LoadFile[],
  standardInput: LoadFile | null,
  { standardInput: input = process.stdin, signal = new AbortController().signal }: LoadOptions,
): Promise<readonly LoadFile[]> {
  if (standardInput === null) return files;
  const bytes = await spool(input, standardInput, () => {}, signal);
  return files.map((file) => (file.path === standardInput.path ? { ...file, bytes } : file));
}

/** What could not be delivered of a stream is nowhere else: it is kept. */
async function withoutSpool(result: LoadResult, standardInput: LoadFile | null): Promise<LoadResult> {
  if (standardInput === null || (result.spool !== null && result.state !== 'COMPLETED')) return result;
  await removeSpool(standardInput);
  return { ...result, spool: null };
}

/** What was guessed is told as a task tells of a file. */
function tellerOf({ onEvent, job = 'load' }: LoadOptions): (file: string, reason: string) => void {
  return (file, reason) =>
    onEvent?.({
      ...{ type: 'log', connector: job, task: 0, level: 'warn', message: 'guessed' },
      fields: { file, reason },
    });
}

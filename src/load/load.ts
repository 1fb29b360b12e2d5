import { findLoadFiles, type LoadFile } from './load-files.ts';
import { checkOptions, type LoadOptions } from './load-options.ts';
import { planJobs } from './load-plan.ts';
import type { LoadResult } from './load-result.ts';
import { LoadRun } from './load-run.ts';
import { workerOf } from './load-worker.ts';
import { removeSpool, reserveSpool } from './standard-input.ts';

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
  const worker = workerOf(options);
  const standardInput = options.files?.includes('-') ? await reserveSpool() : null;
  try {
    const files =
      options.dataDir === undefined ? await findLoadFiles(options.files ?? [], standardInput) : [];
    const plans = await planJobs(options, worker, files);
    const result = await new LoadRun(options, plans, standardInput).run();
    return await withoutSpool(result, standardInput);
  } catch (error) {
    if (standardInput !== null) await removeSpool(standardInput);
    throw error;
  }
}

/** What could not be delivered of a stream is nowhere else: it is kept. */
async function withoutSpool(result: LoadResult, standardInput: LoadFile | null): Promise<LoadResult> {
  if (standardInput === null || (result.spool !== null && result.state !== 'COMPLETED')) return result;
  await removeSpool(standardInput);
  return { ...result, spool: null };
}

import type { ConnectorConfig } from '../config/connector-config.ts';
import { problemLines } from '../config/read/problem.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import { HeadraceError } from '../errors.ts';
import { readFeeds } from '../runtime/worker/feed-files.ts';
import { type CaseFile, readCaseFile } from './case-file.ts';
import type { FeedCase } from './expected.ts';
import { type CaseRun, runCase } from './run-case.ts';

export interface CaseResult extends Pick<FeedCase, 'name' | 'line'>, CaseRun {}

export interface FileResult {
  readonly file: string;
  readonly feed: string;
  readonly cases: readonly CaseResult[];
}

interface ReadyFile extends CaseFile {
  readonly feed: string;
  readonly config: ConnectorConfig;
}

/**
 * Runs the cases of files, each on its own, after every file and feed is found to be right.
 *
 * @throws HeadraceError CONFIG_INVALID with every mistake in them, one a line
 */
export async function runCaseFiles(paths: readonly string[], worker: WorkerConfig): Promise<FileResult[]> {
  const ready = await readAll([...new Set(paths)], worker);
  const results: FileResult[] = [];
  for (const { file, feed, cases, config } of ready) {
    const run: CaseResult[] = [];
    for (const one of cases) {
      run.push({ name: one.name, line: one.line, ...(await runCase(config, one)) });
    }
    results.push({ file, feed, cases: run });
  }
  return results;
}

async function readAll(paths: readonly string[], worker: WorkerConfig): Promise<ReadyFile[]> {
  const mistakes = new Set<string>();
  const ready: ReadyFile[] = [];
  for (const path of paths) {
    const read = readCaseFile(path);
    for (const line of problemLines(read.problems)) mistakes.add(line);
    if (read.feed === null) continue;
    const config = await readFeed(read.feed, worker, mistakes);
    if (config !== null) ready.push({ ...read, feed: read.feed, config });
  }
  if (mistakes.size > 0) throw new HeadraceError('CONFIG_INVALID', [...mistakes].join('\n'));
  return ready;
}

async function readFeed(
  path: string,
  worker: WorkerConfig,
  mistakes: Set<string>,
): Promise<ConnectorConfig | null> {
  try {
    const [feed] = await readFeeds([path], worker);
    return feed?.config ?? null;
  } catch (error) {
    if (!(error instanceof HeadraceError && error.code === 'CONFIG_INVALID')) throw error;
    for (const line of error.message.split('\n')) mistakes.add(line);
    return null;
  }
}

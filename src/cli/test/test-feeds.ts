import { offlineWorker } from '../../dry-run/offline-worker.ts';
import { countsOf, drawResults, resultsJson } from '../../feed-tests/report.ts';
import { runCaseFiles } from '../../feed-tests/run-files.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { EXIT } from '../exit-codes.ts';
import { print } from '../print.ts';

export interface TestOptions {
  readonly worker: string | null;
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** Runs files of cases. Gives the exit code. */
export async function testFeeds(
  files: readonly string[],
  { worker, json, terminal }: TestOptions,
): Promise<number> {
  const results = await runCaseFiles(files, await offlineWorker(worker, process.env));
  print(json ? `${resultsJson(results)}\n` : drawResults(results, terminal));
  return countsOf(results).failed === 0 ? EXIT.ok : EXIT.incomplete;
}

import type { ConfigEntries } from '../../config/read/config-entry.ts';
import { invalidConfig, type Problem } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import type { FeedOutline, TaskSplit } from '../worker/feed.ts';
import { askAbout, askAboutAll } from './ask-plugins.ts';
import { unsplit } from './source-answers.ts';

/**
 * Understands feeds that were written already; no plugin of a user's is run in this thread. An error is CONFIG_INVALID with
 * every mistake, one a line, or PLUGIN_FAILED when a plugin does not come back.
 */
export async function feedOutlinesOf(
  feeds: readonly ConfigEntries[],
  worker: WorkerConfig,
): Promise<readonly PromiseSettledResult<FeedOutline>[]> {
  const answers = await askAboutAll('feed', feeds, worker);
  return answers.map((answer) => {
    if (answer.status === 'rejected') return answer;
    const { feed, problems } = answer.value;
    return feed === null
      ? { status: 'rejected', reason: invalidConfig(problems) }
      : { status: 'fulfilled', value: feed };
  });
}

/** What is wrong with a feed, in the same way. */
export async function problemsThere(
  entries: ConfigEntries,
  worker: WorkerConfig,
): Promise<readonly Problem[]> {
  return (await askAbout('check', entries, worker)).problems;
}

/** How the source of a feed that was understood before would split its work now. */
export async function taskSplitNow({ entries }: FeedOutline, worker: WorkerConfig): Promise<TaskSplit> {
  return await askAbout('tasks', entries, worker).catch(unsplit);
}

/** How many files the source of a feed would read if none were delivered; null when it cannot tell. */
export async function filesThere(entries: ConfigEntries, worker: WorkerConfig): Promise<number | null> {
  return await askAbout('files', entries, worker).catch(() => null);
}

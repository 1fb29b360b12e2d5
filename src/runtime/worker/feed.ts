import { type ConnectorConfig, loadConnectorConfig } from '../../config/connector-config.ts';
import type { ConnectorOutline } from '../../config/connector-outline.ts';
import type { ConfigEntries } from '../../config/read/config-entry.ts';
import { invalidConfig, type Problem } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { createPluginLoader } from '../../loader/plugin-loader.ts';

/** How a source splits its work. */
export interface TaskSplit {
  /** At least 1. */
  readonly count: number;
  /** Why none of them can begin; null when nothing is wrong. */
  readonly mistake: string | null;
}

/**
 * A feed that is ready to run, as it was written and as it was understood: as much of it as the main thread of a worker
 * has, in which no plugin of a user's is run.
 */
export interface FeedOutline {
  readonly entries: ConfigEntries;
  readonly config: ConnectorOutline;
  /** The source is asked when it begins, where this is not given. */
  readonly tasks?: TaskSplit;
}

/** A feed with its plugins in this thread. */
export interface Feed extends FeedOutline {
  readonly config: ConnectorConfig;
}

/**
 * Understands a feed that was written already.
 *
 * @throws HeadraceError CONFIG_INVALID with every mistake, one a line.
 */
export async function feedOf(written: ConfigEntries, worker: WorkerConfig): Promise<Feed> {
  const { config, entries, problems } = await loadConnectorConfig(
    written,
    createPluginLoader(worker),
    worker,
  );
  if (config === null) throw invalidConfig(problems);
  return { entries, config };
}

/** What is wrong with a feed. */
export async function problemsOf(entries: ConfigEntries, worker: WorkerConfig): Promise<readonly Problem[]> {
  return (await loadConnectorConfig(entries, createPluginLoader(worker), worker)).problems;
}

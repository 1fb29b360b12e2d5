import { type ConnectorConfig, loadConnectorConfig } from '../../config/connector-config.ts';
import type { ConfigEntries } from '../../config/read/config-entry.ts';
import { invalidConfig, type Problem } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { createPluginLoader } from '../../loader/plugin-loader.ts';

/** A feed that is ready to run: as it was written, and as it was understood. */
export interface Feed {
  readonly entries: ConfigEntries;
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

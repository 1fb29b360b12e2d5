import { loadConnectorConfig } from '../../config/connector-config.ts';
import { type ConfigEntries, entriesOf } from '../../config/read/config-entry.ts';
import { type Problem, sortProblems } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { createPluginLoader } from '../../loader/plugin-loader.ts';
import type { ConfigMap } from '../config-request.ts';
import { RestError } from '../rest-error.ts';
import { errorText, invalidConfigMessage, type OptionsByKey } from './config-errors.ts';

/** What is wrong with a configuration that was sent, and what it could have. */
export interface FeedCheck {
  readonly problems: readonly Problem[];
  readonly options: OptionsByKey;
}

/**
 * The entries of a configuration that was sent, when nothing is wrong with it. Relative paths are relative to the folder
 * that the worker runs in.
 *
 * @throws RestError 400 with every mistake, in Kafka Connect's words
 */
export async function goodEntries(config: ConfigMap, worker: WorkerConfig): Promise<ConfigEntries> {
  const { problems, options } = await checkFeed(config, worker);
  if (problems.length === 0) return sentEntries(config);
  throw new RestError(
    400,
    invalidConfigMessage(problems.map((problem) => errorText(problem, config, options))),
  );
}

/**
 * Checks a configuration that was sent.
 *
 * @throws RestError 400 when it does not say which connector it is for
 */
export async function checkFeed(config: ConfigMap, worker: WorkerConfig): Promise<FeedCheck> {
  const { 'connector.class': name } = config;
  if (name === undefined) {
    // Without their values: which of them are secret, only the connector would tell.
    const keys = Object.keys(config).join(', ');
    throw new RestError(400, `Connector config {${keys}} contains no connector type`);
  }
  const loader = createPluginLoader(worker);
  const { problems, options } = await loadConnectorConfig(sentEntries(config), loader, worker);
  const isUnknown = problems.some(
    ({ key, message }) => key === 'connector.class' && message.includes(`is called "${name}"`),
  );
  if (isUnknown) throw unknownConnector(name, loader.names('source'));
  return { problems: sortProblems(problems), options };
}

function sentEntries(config: ConfigMap): ConfigEntries {
  return entriesOf(config, 'config');
}

function unknownConnector(name: string, known: readonly string[]): RestError {
  const message = `Failed to find any class that implements Connector and which name matches ${name}`;
  return new RestError(400, `${message}, available connectors are: ${known.join(', ')}`);
}

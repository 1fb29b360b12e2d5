import { type ConfigEntries, storedEntries } from '../../config/read/config-entry.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { builtInPlugin, type PluginKind } from '../../loader/built-in.ts';
import { createPluginLoader, pluginModule } from '../../loader/plugin-loader.ts';
import type { ConfigMap } from '../config-request.ts';
import { RestError } from '../rest-error.ts';
import { askInThread } from './ask-plugins.ts';
import { errorText, invalidConfigMessage } from './config-errors.ts';
import { type FeedCheck, PLUGIN_ANSWERS } from './plugin-answers.ts';

/**
 * The entries of a configuration that was sent, when nothing is wrong with it. Relative paths are relative to the folder
 * that the worker runs in.
 *
 * @throws RestError 400 with every mistake, in Kafka Connect's words
 */
export async function goodEntries(config: ConfigMap, worker: WorkerConfig): Promise<ConfigEntries> {
  const { problems, options } = await checkFeed(config, worker);
  if (problems.length === 0) return storedEntries(config);
  throw new RestError(
    400,
    invalidConfigMessage(problems.map((problem) => errorText(problem, config, options))),
  );
}

/**
 * Checks a configuration that was sent. A plugin that does not come back is a problem like others.
 *
 * @throws RestError 400 when it does not say which connector it is for, or there is none of that name
 */
export async function checkFeed(config: ConfigMap, worker: WorkerConfig): Promise<FeedCheck> {
  const { 'connector.class': name } = config;
  if (name === undefined) {
    // Without their values: which of them are secret, only the connector would tell.
    const keys = Object.keys(config).join(', ');
    throw new RestError(400, `Connector config {${keys}} contains no connector type`);
  }
  const check = await checked(config, worker);
  const isUnknown = check.problems.some(
    ({ key, message }) => key === 'connector.class' && message.includes(`is called "${name}"`),
  );
  if (isUnknown) throw unknownConnector(name, createPluginLoader(worker).names('source'));
  return check;
}

async function checked(config: ConfigMap, worker: WorkerConfig): Promise<FeedCheck> {
  // What a config provider gives is not known yet, and for a name that is misspelt the plugin is asked that was meant.
  const isForeign = ([kinds, name]: [readonly PluginKind[], string]) =>
    !kinds.some((kind) => builtInPlugin(kind, name) !== null) &&
    (worker.pluginPath.length > 0 || name.includes('${') || pluginModule([], name) !== null);
  if (!pluginsOf(config, worker).some(isForeign)) return PLUGIN_ANSWERS.check(config, worker);
  try {
    return await askInThread('check', config, worker);
  } catch (error) {
    if (!(error instanceof HeadraceError)) throw error;
    const problem = { file: null, line: null, column: null, key: null, message: error.message };
    return { problems: [problem], options: new Map() };
  }
}

/** The plugins that a configuration names, or the worker for it. */
function pluginsOf(config: ConfigMap, worker: WorkerConfig): [readonly PluginKind[], string][] {
  return [
    [['source'], config['connector.class'] ?? ''],
    [['converter'], config['key.converter'] ?? worker.keyConverter],
    [['converter'], config['value.converter'] ?? worker.valueConverter],
    ...Object.entries(config).flatMap(([key, name]): [readonly PluginKind[], string][] => {
      const [, scope] = /^(transforms|predicates)\.[^.]+\.type$/.exec(key) ?? [];
      if (scope === undefined) return [];
      return [[scope === 'predicates' ? ['predicate'] : ['parser', 'transformation'], name]];
    }),
  ];
}

function unknownConnector(name: string, known: readonly string[]): RestError {
  const message = `Failed to find any class that implements Connector and which name matches ${name}`;
  return new RestError(400, `${message}, available connectors are: ${known.join(', ')}`);
}

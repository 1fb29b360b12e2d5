import type { FastifyRequest } from 'fastify';
import { versionMistake } from '../../config/check/plugin-version.ts';
import { CONNECTOR_OPTIONS } from '../../config/define/connector-definition.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { builtInPlugin, type PluginKind } from '../../loader/built-in.ts';
import { PLUGIN_KINDS } from '../../loader/plugin-kind.ts';
import { createPluginLoader, pluginModule } from '../../loader/plugin-loader.ts';
import type { ConfigDefinition } from '../../plugin/index.ts';
import { askInThread } from '../../runtime/plugins/ask-plugins.ts';
import {
  builtInPlugins,
  PLUGIN_ANSWERS,
  type PluginDescription,
  type PluginQuestions,
} from '../../runtime/plugins/plugin-answers.ts';
import { dottedName } from '../../values/dotted-name.ts';
import { isInRange, versionRange } from '../../values/version-range.ts';
import { configMap } from '../config-request.ts';
import { jsonObject } from '../json-body.ts';
import type { RestApp } from '../rest-app.ts';
import { RestError } from '../rest-error.ts';
import type { OptionsByKey } from './config-errors.ts';
import { configInfos, connectorKeys } from './config-infos.ts';
import { type ConfigKey, pluginKey } from './config-key.ts';
import { checkFeed } from './feed-check.ts';

/** As Kafka Connect orders and calls them; a parser is one of `transforms`. */
const TYPES = {
  source: 'source',
  parser: 'transformation',
  transformation: 'transformation',
  predicate: 'predicate',
  converter: 'converter',
} as const satisfies Record<PluginKind, string>;

const KINDS = Object.keys(PLUGIN_KINDS) as PluginKind[];

/** Kafka Connect's `/connector-plugins`. */
export function addPluginRoutes(app: RestApp, worker: WorkerConfig): void {
  app.json('GET', '/connector-plugins', async ({ query }) => {
    const { connectorsOnly = 'true' } = query as { connectorsOnly?: string | string[] };
    const all = await installed(worker);
    // As Java reads it: what is not true is false.
    const isAll = [connectorsOnly].flat()[0]?.toLowerCase() !== 'true';
    const listed = isAll ? all : all.filter(({ kind }) => kind === 'source');
    return listed.map(({ name, kind, version }) => ({
      class: name,
      type: TYPES[kind],
      ...(version === null ? {} : { version }),
    }));
  });
  app.json('GET', '/connector-plugins/:type/config', async (request) => {
    const type = typeOf(request);
    const plugin = await pluginNamed(type, worker);
    const { version: asked } = request.query as { version?: string };
    if (asked !== undefined) requireVersion(type, asked, plugin.version);
    return keysOf(plugin);
  });
  app.json('PUT', '/connector-plugins/:type/config/validate', async (request) => {
    const type = typeOf(request);
    const config = configMap(jsonObject(request));
    const { 'connector.class': own = type } = config;
    if (own !== type) {
      throw new RestError(400, `Included connector type ${own} does not match request type ${type}`);
    }
    request.waitingFor = 'the plugins that the configuration names';
    return configInfos(config, await checkFeed(config, worker), createPluginLoader(worker).names);
  });
}

function typeOf({ params }: FastifyRequest): string {
  return (params as { type: string }).type;
}

async function installed(worker: WorkerConfig): Promise<readonly PluginDescription[]> {
  const builtIn = await builtInPlugins();
  if (worker.pluginPath.length === 0) return builtIn;
  const own = await askOthers('own', null, worker);
  return KINDS.flatMap((wanted) => [...builtIn, ...own].filter(({ kind }) => kind === wanted));
}

async function pluginNamed(name: string, worker: WorkerConfig): Promise<PluginDescription> {
  const isBuiltIn = KINDS.some((kind) => builtInPlugin(kind, name) !== null);
  if (!isBuiltIn && pluginModule(worker.pluginPath, name) === null) throw unknownPlugin(name);
  const [plugin] = isBuiltIn
    ? await PLUGIN_ANSWERS.named(name, { ...worker, pluginPath: [] })
    : await askOthers('named', name, worker);
  if (plugin === undefined) throw unknownPlugin(name);
  return plugin;
}

function unknownPlugin(name: string): RestError {
  return new RestError(404, `Unknown plugin ${name}.`);
}

/** @throws RestError 500 that names the plugin which does not come back */
async function askOthers<Q extends keyof PluginQuestions>(
  question: Q,
  about: PluginQuestions[Q]['about'],
  worker: WorkerConfig,
): Promise<PluginQuestions[Q]['answer']> {
  try {
    return await askInThread(question, about, worker);
  } catch (error) {
    throw error instanceof HeadraceError ? new RestError(500, error.message) : error;
  }
}

function requireVersion(type: string, asked: string, version: string | null): void {
  const range = versionRange(asked);
  if (range === null) throw new RestError(400, `version: ${versionMistake(type, version, asked)}`);
  if (version !== null && isInRange(version, range)) return;
  const available = `available versions: [${version ?? ''}]`;
  throw new RestError(
    400,
    `Plugin ${type} not found that matches the version range ${range.text}, ${available}`,
  );
}

/** A connector has the options of every connector as well. */
function keysOf({ kind, options, version }: PluginDescription): ConfigKey[] {
  const own = [...byKey(options)].map(([name, option]) => pluginKey(name, option));
  if (kind !== 'source') return own;
  const connectorPluginVersion = { ...CONNECTOR_OPTIONS.connectorPluginVersion, default: version };
  return [...own, ...connectorKeys(byKey({ ...CONNECTOR_OPTIONS, connectorPluginVersion }))];
}

function byKey(options: ConfigDefinition): OptionsByKey {
  return new Map(Object.entries(options).map(([name, option]) => [dottedName(name), option]));
}

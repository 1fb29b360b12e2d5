import { FieldWalk } from '../../config/check/field-walk.ts';
import type { ConnectorConfig } from '../../config/connector-config.ts';
import type { PluginInstance, PredicateUse } from '../../config/define/plugin-instance.ts';
import type { ConverterPlugin, Parser, PluginContext, SourceTask, TaskContext } from '../../plugin/index.ts';
import type { Plugin } from '../../plugin/plugin.ts';
import type { PluginUse } from '../../plugin-calls/plugin-use.ts';
import { threadCalls } from '../../plugin-calls/thread-calls.ts';
import type { NamedConverter } from '../../sink/named-converter.ts';
import { TransformationStage } from '../stages/transformation-stage.ts';
import { created } from './created-plugin.ts';
import { contextFor, type SharedContext } from './plugin-context.ts';

/** @param key below which the feed names it */
function pluginUse(key: string, { plugin, modulePath }: PluginInstance<Plugin>): PluginUse {
  return { key, name: plugin.name, modulePath };
}

export function sourceUse({ source }: ConnectorConfig): PluginUse {
  return pluginUse('connector.class', source);
}

export function parserUse({ parser }: ConnectorConfig): PluginUse {
  return pluginUse(`transforms.${parser.label}`, parser);
}

export function createSource(
  config: ConnectorConfig,
  context: SharedContext & Omit<TaskContext, keyof PluginContext>,
): Promise<SourceTask> {
  const { plugin, values } = config.source;
  const use = sourceUse(config);
  return created(use, 'createTask', ['read'], () => plugin.createTask(values, contextFor(use, context)));
}

export async function createParser(config: ConnectorConfig, context: SharedContext): Promise<Parser> {
  const { plugin, values } = config.parser;
  const wantedFields = (await FieldWalk.of(config.transformations)).wanted();
  const use = parserUse(config);
  const make = () => plugin.create(values, { ...contextFor(use, context), wantedFields });
  return created(use, 'create', ['open'], make);
}

/** The transformations of a feed, in order, with their predicates. */
export async function createStages(
  config: ConnectorConfig,
  context: SharedContext,
): Promise<readonly TransformationStage[]> {
  const stages: TransformationStage[] = [];
  const { parser } = config;
  const tellsNulls = parser.plugin.tellsNulls?.(parser.values) ?? false;
  for (const stage of config.transformations) {
    const { plugin, values, predicate } = stage;
    const use = pluginUse(`transforms.${stage.label}`, stage);
    stages.push(
      new TransformationStage({
        plugin: use,
        transformation: await created(use, 'create', ['apply'], () =>
          plugin.create(values, { ...contextFor(use, context), tellsNulls }),
        ),
        predicate: predicate && (await createPredicate(predicate, context)),
        parallel: plugin.parallel ?? 1,
        calls: threadCalls(),
      }),
    );
  }
  return stages;
}

async function createPredicate({ label, negate, instance }: PredicateUse, context: SharedContext) {
  const plugin = pluginUse(`predicates.${label}`, instance);
  const make = () => instance.plugin.create(instance.values, contextFor(plugin, context));
  return { plugin, negate, test: await created(plugin, 'create', ['test'], make) };
}

export async function createConverter(
  instance: PluginInstance<ConverterPlugin>,
  side: 'key' | 'value',
  context: SharedContext,
): Promise<NamedConverter> {
  const plugin = pluginUse(`${side}.converter`, instance);
  const make = () => instance.plugin.create(instance.values, { ...contextFor(plugin, context), side });
  return { plugin, calls: threadCalls(), converter: await created(plugin, 'create', ['serialize'], make) };
}

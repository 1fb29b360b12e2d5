import type { ConnectorConfig } from '../config/connector-config.ts';
import type { PluginInstance } from '../config/plugin-instance.ts';
import type { NamedConverter } from '../kafka/sink/batch-encoder.ts';
import type { ConverterPlugin, PluginContext } from '../plugin/index.ts';
import { TransformationStage } from './transformation-stage.ts';

/** The transformations of a feed, in order, with their predicates. */
export async function createStages(
  config: ConnectorConfig,
  context: PluginContext,
): Promise<readonly TransformationStage[]> {
  const stages: TransformationStage[] = [];
  for (const { plugin, values, predicate } of config.transformations) {
    stages.push(
      new TransformationStage({
        name: plugin.name,
        transformation: await plugin.create(values, context),
        predicate: predicate && {
          test: predicate.instance.plugin.create(predicate.instance.values, context),
          negate: predicate.negate,
        },
        parallel: plugin.parallel ?? 1,
      }),
    );
  }
  return stages;
}

export function createConverter(
  { plugin, values }: PluginInstance<ConverterPlugin>,
  side: 'key' | 'value',
  context: PluginContext,
): NamedConverter {
  return { name: plugin.name, converter: plugin.create(values, { ...context, side }) };
}

import type { ConnectorConfig } from '../config/connector-config.ts';
import { settingsFor } from '../config/topic-creation.ts';
import type { PluginContext } from '../plugin/index.ts';
import { createConverter } from '../runtime/task-plugins.ts';
import { RecordEncoder } from './record-encoder.ts';

/** Makes of a feed's records what its sink would. */
export async function encoderOf(config: ConnectorConfig, context: PluginContext): Promise<RecordEncoder> {
  const key = await createConverter(config.keyConverter, 'key', context);
  const value = await createConverter(config.valueConverter, 'value', context);
  const partitionsOf = (topic: string) => {
    const { partitions } = settingsFor(topic, config.topicCreation);
    return partitions > 0 ? partitions : null;
  };
  return new RecordEncoder(key, value, partitionsOf, config.internalTopics);
}

/** What plugins get where no task runs: nobody hears what they log. */
export function contextOf(connector: string): PluginContext {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  return { connector, taskId: 0, log: silent, signal: new AbortController().signal };
}

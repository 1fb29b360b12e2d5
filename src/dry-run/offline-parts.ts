import { pipeline, Readable } from 'node:stream';
import type { ConnectorConfig } from '../config/connector-config.ts';
import { settingsFor } from '../config/define/topic-creation.ts';
import type { FileRejected, PluginContext, SourceChunk } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { ParseStream, type ParseStreamOptions } from '../runtime/stages/parse-stream.ts';
import { createConverter, createParser, parserUse } from '../runtime/task/task-plugins.ts';
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

type Chunks<T> = AsyncIterable<T> | Iterable<T>;

/** The rows of files as a feed's parser makes them; an error stands in its place among them. */
export async function batchesOf(
  config: ConnectorConfig,
  chunks: Chunks<SourceChunk | FileRejected>,
  options: ParseStreamOptions = {},
): Promise<AsyncIterable<RowBatch | Error>> {
  const parser = await createParser(config, contextOf(config.name));
  const source = Readable.from(chunks, { objectMode: true, highWaterMark: 1 });
  // Errors of the stream are met by whoever iterates it.
  return pipeline(source, new ParseStream(parser, parserUse(config), options), () => {});
}

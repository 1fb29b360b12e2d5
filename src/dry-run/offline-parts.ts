import { pipeline, Readable } from 'node:stream';
import type { ConnectorConfig } from '../config/connector-config.ts';
import type { FileRejected, SourceChunk } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { TaskMetrics } from '../runtime/plugin-metrics/task-metrics.ts';
import { ParseStream, type ParseStreamOptions } from '../runtime/stages/parse-stream.ts';
import type { SharedContext } from '../runtime/task/plugin-context.ts';
import { createConverter, createParser, parserUse } from '../runtime/task/task-plugins.ts';
import { AssumedTopics } from './assumed-topics.ts';
import { DryEncoder } from './dry-encoder.ts';

/**
 * Makes of a feed's records what its sink would.
 *
 * @param isTimeless times are not held against the clock
 */
export async function encoderOf(
  config: ConnectorConfig,
  context: SharedContext,
  isTimeless = false,
): Promise<DryEncoder> {
  const key = await createConverter(config.keyConverter, 'key', context);
  const value = await createConverter(config.valueConverter, 'value', context);
  const topics = new AssumedTopics(config.topicCreation, config.internalTopics, isTimeless);
  return new DryEncoder(key, value, topics, config.expiredTimestamps, config.headersSource);
}

/** What plugins get where no task runs: nobody hears what they log, or sees what they count. */
export function contextOf(connector: string): SharedContext {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const metrics = new TaskMetrics([], silent);
  return { connector, taskId: 0, log: silent, metrics, signal: new AbortController().signal };
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

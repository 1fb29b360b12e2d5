import type { WorkerConfig } from '../worker-config.ts';

/**
 * Topics in which a worker or the brokers keep their own records, with whose they are: a row in one of them could stop
 * a feed, or make it believe that something is delivered.
 */
export function internalTopics({
  offsetStorageTopic,
  configStorageTopic,
}: Pick<WorkerConfig, 'offsetStorageTopic' | 'configStorageTopic'>): ReadonlyMap<string, string> {
  return new Map([
    ['__consumer_offsets', 'internal to the brokers'],
    ['__transaction_state', 'internal to the brokers'],
    [configStorageTopic, "the worker's config.storage.topic"],
    [offsetStorageTopic, "the worker's offset.storage.topic"],
  ]);
}

/** Why rows may not go to an internal topic. */
export function internalTopicMistake(topic: string, whose: string): string {
  return `expected a topic for rows, got ${JSON.stringify(topic)}, which is ${whose}`;
}

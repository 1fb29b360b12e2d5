import type { ConfigValues } from '../../plugin/index.ts';
import type { WORKER_OPTIONS } from '../define/worker-definition.ts';

type OwnTopics = Pick<
  ConfigValues<typeof WORKER_OPTIONS>,
  'offsetStorageTopic' | 'configStorageTopic' | 'statusStorageTopic' | 'fileStatusStorageTopic'
>;

/** Replicas of a topic to create: -1 leaves it to the broker. */
export function replicationMistake(factor: number): string | null {
  if (factor === -1 || (factor > 0 && factor <= 32_767)) return null;
  return `expected -1 (the broker's default) or at least 1, got ${factor}`;
}

/**
 * Topics in which a worker or the brokers keep their own records, with whose they are: a row in one of them could stop
 * a feed, or make it believe that something is delivered.
 */
export function internalTopics({
  offsetStorageTopic,
  configStorageTopic,
  statusStorageTopic,
  fileStatusStorageTopic,
}: OwnTopics): ReadonlyMap<string, string> {
  return new Map([
    ['__consumer_offsets', 'internal to the brokers'],
    ['__transaction_state', 'internal to the brokers'],
    [statusStorageTopic, "the worker's status.storage.topic"],
    [fileStatusStorageTopic, "the worker's file.status.storage.topic"],
    [configStorageTopic, "the worker's config.storage.topic"],
    [offsetStorageTopic, "the worker's offset.storage.topic"],
  ]);
}

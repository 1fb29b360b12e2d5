import { RowError, type SourceRecord } from '../../../src/plugin/index.ts';
import { shownText } from '../../../src/values/shown.ts';

/** The topic of a record; without one the row is rejected. */
export function requireTopic({ topic }: SourceRecord): string {
  if (topic !== null) return topic;
  throw new RowError('MissingTopic', 'topic: the record has none yet; route it first');
}

/** The topic as it came, when Kafka takes it (org.apache.kafka.common.internals.Topic); otherwise the row is rejected. */
export function requireLegalTopic(name: string): string {
  if (/^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..') return name;
  throw new RowError(
    'InvalidTopic',
    `topic: expected a topic of 1 to 249 letters, digits, dots, _ and -, got ${shownText(name)}`,
  );
}

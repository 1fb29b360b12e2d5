import { RowError, type SourceRecord } from '../../../src/plugin/index.ts';
import { rowError } from '../../../src/values/shown.ts';
import { topicNameProblem } from '../../../src/values/topic-name.ts';

/** The topic of a record; without one the row is rejected. */
export function requireTopic({ topic }: SourceRecord): string {
  if (topic !== null) return topic;
  throw new RowError('MissingTopic', 'topic: the record has none yet; route it first');
}

/** The topic as it came, when Kafka takes it; otherwise the row is rejected. */
export function requireLegalTopic(name: string): string {
  if (topicNameProblem(name) === null) return name;
  throw rowError('InvalidTopic', (show) => `topic: ${topicNameProblem(name, show)}`);
}

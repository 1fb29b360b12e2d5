import type { ConnectorConfig } from '../config/connector-config.ts';
import { settingsFor } from '../config/define/topic-creation.ts';
import type { RowTrace } from '../dry-run/row-trace.ts';
import { type RecordRules, recordRules } from '../kafka/records/record-rules.ts';
import { expiredText } from '../runtime/events/expired-text.ts';
import { RecordTimes } from '../sink/record-times.ts';
import { maskedValue, shown } from '../values/shown.ts';

/** A topic as Apache Kafka makes it where nothing else is said (https://kafka.apache.org/documentation/#topicconfigs). */
const DEFAULTS = {
  'cleanup.policy': 'delete',
  'retention.ms': '604800000',
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.after.max.ms': '3600000',
};

/** The rules of a topic that the feed would make, or that cannot be asked: Kafka's defaults, and what the feed says. */
export function assumedRules(topic: string, { topicCreation }: ConnectorConfig): RecordRules {
  const { config } = settingsFor(topic, topicCreation);
  return recordRules(new Map(Object.entries({ ...DEFAULTS, ...config })));
}

/** What is to be told of the times that rows give their records: those that topics refuse, or would not keep for long. */
export function rowTimeNotes(
  rows: readonly RowTrace[],
  { expiredTimestamps: choice, errors }: Pick<ConnectorConfig, 'expiredTimestamps' | 'errors'>,
  rulesOf: (topic: string) => RecordRules,
  now = Date.now(),
): string[] {
  const oldest = new Map<string, number>();
  const refused: string[] = [];
  const times = new RecordTimes(choice, () => {});
  for (const { origin, outcome } of rows) {
    for (const { topic, snapshot } of outcome.kind === 'sent' ? outcome.records : []) {
      const { timestamp } = snapshot;
      if (timestamp === null) continue;
      const known = { name: topic, partitions: 1, maxMessageBytes: 0, rules: rulesOf(topic) };
      const judged = times.judge(known, timestamp, now);
      if (times.takeExpired() > 0) oldest.set(topic, Math.min(timestamp, oldest.get(topic) ?? timestamp));
      else if (typeof judged === 'function') {
        const why = judged(errors.includesValues ? shown : maskedValue);
        refused.push(`row ${origin.row} (line ${origin.line}) would be rejected: ${why}`);
      }
    }
  }
  const [first, ...others] = refused;
  const more = others.length === 0 ? '' : `; so would ${others.length} more of these rows`;
  return [
    ...[...oldest].map(([name, time]) => expiredText({ name, rules: rulesOf(name) }, time, choice)),
    ...(first === undefined ? [] : [`${first}${more}`]),
  ];
}

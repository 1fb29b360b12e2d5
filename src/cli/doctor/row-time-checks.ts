import type { ConnectorConfig } from '../../config/connector-config.ts';
import { describeTopics } from '../../kafka/cluster/topics.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { firstFile } from '../../preview/first-file.ts';
import { type Preview, previewFile } from '../../preview/preview.ts';
import { assumedRules, rowTimeNotes } from '../../preview/row-times.ts';
import { attempt, type Check, noted, passed } from './check.ts';

const ROWS = 100;

/**
 * Holds the times that a feed takes from its rows against what the topics take and keep, by the first rows of the file
 * that it would load first. Nothing where there is no such file.
 */
export async function* rowTimeChecks(
  client: KafkaClient,
  feed: ConnectorConfig,
  subject: string,
): AsyncGenerator<Check> {
  const stage = feed.transformations.find(
    ({ plugin, values }) => plugin.name === 'route' && (values as { timestamp?: unknown }).timestamp !== null,
  );
  const sample = stage === undefined ? null : await sampleOf(feed);
  if (stage === undefined || sample === null) return;
  const about = { subject, key: `transforms.${stage.label}.timestamp` };
  yield await attempt(about, async () => {
    const topics = sample.rows.flatMap(({ outcome }) =>
      outcome.kind === 'sent' ? outcome.records.map(({ topic }) => topic) : [],
    );
    const found = await describeTopics(client, [...new Set(topics)]);
    const rulesOf = (topic: string) => found.get(topic)?.rules ?? assumedRules(topic, feed);
    const notes = rowTimeNotes(sample.rows, feed, rulesOf);
    if (notes.length > 0) return noted(about, `${sample.file}: ${notes.join('\n')}`);
    return passed(about, `the first rows of ${sample.file} have times that their topics take and keep`);
  });
}

/** A file that is missing, or cannot be read, is for other checks to tell. */
async function sampleOf(feed: ConnectorConfig): Promise<Preview | null> {
  try {
    const file = await firstFile(feed);
    return await previewFile(feed, file, ROWS).finally(() => file.store?.close());
  } catch {
    return null;
  }
}

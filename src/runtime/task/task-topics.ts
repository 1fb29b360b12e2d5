import type { ConnectorConfig } from '../../config/connector-config.ts';
import { settingsFor, type TopicSettings } from '../../config/define/topic-creation.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { TopicDirectory } from '../../sink/topic-directory.ts';
import { topicAccess } from '../worker/topic-access.ts';

/** A topic that is known by its name before there are rows for it. */
interface NamedTopic {
  readonly name: string;
  readonly topics: TopicDirectory;
}

/** Where a task writes to. */
export interface TaskTopics {
  readonly topics: TopicDirectory;
  readonly deadLetters: NamedTopic | null;
  /** Of ends of files. */
  readonly ends: NamedTopic | null;
}

/**
 * Asks Kafka for the topics of dead letters and of ends of files, and makes them where it may.
 *
 * @param wasThere rows were delivered before, so that a topic that is missing may come back
 */
export async function openTopics(
  client: KafkaClient,
  { errors, endOfFileTopic, topicCreation, internalTopics }: ConnectorConfig,
  wasThere: boolean,
): Promise<TaskTopics> {
  const directory = (settingsOf: (topic: string) => TopicSettings, closed?: ReadonlyMap<string, string>) =>
    new TopicDirectory(topicAccess(client, settingsOf), topicCreation.enabled, wasThere, closed);
  const ofRows = (topic: string) => settingsFor(topic, topicCreation);
  const { deadLetterTopic, deadLetterTopicReplicationFactor: replicationFactor } = errors;
  return {
    deadLetters: await resolved(
      deadLetterTopic,
      directory(() => ({ partitions: 1, replicationFactor, config: {} })),
    ),
    ends: await resolved(endOfFileTopic, directory(ofRows)),
    topics: directory(ofRows, internalTopics),
  };
}

async function resolved(name: string | null, topics: TopicDirectory): Promise<NamedTopic | null> {
  if (name === null) return null;
  await topics.resolve(name);
  return { name, topics };
}

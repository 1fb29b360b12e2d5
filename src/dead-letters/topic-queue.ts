import { HeadraceError } from '../errors.ts';
import type { KafkaClient } from '../kafka/connection/client.ts';
import { readCommitted, type TopicRecord } from '../kafka/reader/topic-reader.ts';
import type { LetterContent } from '../sink/letter-content.ts';
import { LETTER_HEADERS } from '../sink/letter-headers.ts';
import { FILE_HEADERS } from '../values/file-headers.ts';
import type { DeadLetter } from './dead-letter.ts';
import { isReplay } from './replay-marks.ts';

export interface TopicQueue {
  readonly letters: readonly DeadLetter[];
  /** Records that no feed of Headrace wrote: they do not say which row of which file they are. */
  readonly foreign: number;
}

/**
 * The dead letters that are committed in a topic now.
 *
 * @throws HeadraceError TOPIC_INVALID when there is no such topic
 */
export async function readTopicQueue(client: KafkaClient, topic: string): Promise<TopicQueue> {
  const found: { readonly partition: number; readonly letter: DeadLetter }[] = [];
  let foreign = 0;
  const isThere = await readCommitted(client, topic, (record) => {
    const letter = letterOf(topic, record);
    if (letter === null) foreign++;
    else found.push({ partition: record.partition, letter });
  });
  // Of one partition they come in order, of several side by side.
  const sorted = found.sort((one, other) => one.partition - other.partition);
  if (isThere) return { letters: sorted.map(({ letter }) => letter), foreign };
  throw new HeadraceError(
    'TOPIC_INVALID',
    `there is no topic ${topic} on ${client.config.bootstrapServers}. It is made with the first rejected row; compare errors.deadletterqueue.topic.name and bootstrap.servers.`,
  );
}

function contentOf(text: string | undefined): LetterContent {
  return text === 'record' || text === 'none' ? text : 'row';
}

function letterOf(topic: string, record: TopicRecord): DeadLetter | null {
  const headers = new Map(record.headers.map(([name, value]) => [name, value?.toString() ?? '']));
  const number = (name: string) => Number(headers.get(name) ?? Number.NaN);
  const text = (name: string) => headers.get(name) ?? '';
  const { connector, stage, errorName, message, content, truncatedFrom } = LETTER_HEADERS;
  const file = headers.get(FILE_HEADERS.path);
  const [row, line, offset] = [
    number(FILE_HEADERS.row),
    number(FILE_HEADERS.line),
    number(FILE_HEADERS.offset),
  ];
  if (file === undefined || ![row, line, offset].every(Number.isSafeInteger)) return null;
  return {
    // A topic that was deleted and made again counts from 0 once more: hence the timestamp.
    id: {
      topic,
      partition: record.partition,
      offset: Number(record.offset),
      timestamp: record.timestamp,
    },
    connector: text(connector),
    stage: text(stage),
    error: text(errorName),
    message: text(message),
    file,
    row,
    line,
    offset,
    raw: Buffer.from(record.value ?? []),
    content: contentOf(headers.get(content)),
    truncatedFrom: headers.has(truncatedFrom) ? number(truncatedFrom) : null,
    isReturned: isReplay(text(connector)),
  };
}

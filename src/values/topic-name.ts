import { type Show, shown } from './shown.ts';

const LEGAL_TOPIC = /^[a-zA-Z0-9._-]{1,249}$/;

/** Why Kafka does not take a topic's name (org.apache.kafka.common.internals.Topic), or null. */
export function topicNameProblem(name: string, show: Show = shown): string | null {
  if (LEGAL_TOPIC.test(name) && name !== '.' && name !== '..') return null;
  return `expected a topic of 1 to 249 letters, digits, dots, _ and -, got ${show(name)}`;
}

/** Why rows may not go to an internal topic, by whose it is. */
export function internalTopicProblem(topic: string, whose: string, show: Show = shown): string {
  return `expected a topic for rows, got ${show(topic)}, which is ${whose}`;
}

/** What is wrong with a topic's name by Kafka's rules (org.apache.kafka.common.internals.Topic), or null. */
export function topicNameMistake(name: string): string | null {
  if (name.length > 249) return `expected at most 249 characters, got ${name.length}`;
  if (name === '.' || name === '..' || !/^[\w.-]+$/.test(name)) {
    return `expected a topic's name of letters, digits, ".", "_" and "-", got ${JSON.stringify(name)}`;
  }
  return null;
}

import { BoundedExpression } from '../values/bounded-expression.ts';
import { didYouMean } from '../values/closest-name.ts';
import { dottedName } from '../values/dotted-name.ts';
import { replicationMistake } from './check/topic-rules.ts';
import type { ConnectorReader } from './connector-reader.ts';
import { TOPIC_GROUP_OPTIONS, TOPIC_OPTIONS } from './define/connector-definition.ts';
import { TOPIC_CONFIGS } from './define/topic-configs.ts';
import type { TopicCreation, TopicGroup, TopicSettings } from './define/topic-creation.ts';

const OWN_KEYS = Object.keys({ ...TOPIC_OPTIONS, ...TOPIC_GROUP_OPTIONS }).map(dottedName);
const LABEL = /^[\w-]+$/;

/** Reads `topic.creation.default.*` and `topic.creation.<group>.*`. */
export function readTopicCreation(reader: ConnectorReader, labels: readonly string[]): TopicCreation {
  const base = readSettings(reader, 'default', { partitions: -1, replicationFactor: -1, config: {} });
  const groups: TopicGroup[] = [];
  for (const [index, label] of labels.entries()) {
    const mistake = labelMistake(label, labels.indexOf(label) < index);
    if (mistake === null) groups.push(readGroup(reader, label, base));
    else reader.problem('topic.creation.groups', mistake);
  }
  return { default: base, groups };
}

function labelMistake(label: string, isRepeated: boolean): string | null {
  if (label === 'default') return 'lists default, which is every topic that is in no group; leave it out';
  if (isRepeated) return `lists ${label} twice; expected each group once`;
  if (LABEL.test(label)) return null;
  return `expected names of letters, digits, "_" and "-", got ${JSON.stringify(label)}`;
}

function readGroup(reader: ConnectorReader, label: string, base: TopicSettings): TopicGroup {
  const prefix = `topic.creation.${label}.`;
  const scope = reader.scope(TOPIC_GROUP_OPTIONS, prefix, reader.entries.get('topic.creation.groups'));
  reader.allow(scope);
  const { include, exclude } = scope.values;
  return {
    ...readSettings(reader, label, base),
    include: patterns(reader, `${prefix}include`, include ?? []),
    exclude: patterns(reader, `${prefix}exclude`, exclude),
  };
}

function patterns(reader: ConnectorReader, key: string, sources: readonly string[]): BoundedExpression[] {
  return sources.flatMap((source) => {
    try {
      return [new BoundedExpression(new RegExp(`^(?:${source})$`, 'u'), source, 'topic')];
    } catch {
      reader.problem(key, `expected regular expressions, got ${JSON.stringify(source)}`);
      return [];
    }
  });
}

function readSettings(reader: ConnectorReader, label: string, base: TopicSettings): TopicSettings {
  const prefix = `topic.creation.${label}.`;
  const scope = reader.scope(TOPIC_OPTIONS, prefix);
  reader.allow(scope);
  const { partitions, replicationFactor } = scope.values;
  if (partitions < 1 && partitions !== -1) {
    const message = `expected -1 (the broker's default) or at least 1, got ${partitions}`;
    reader.problem(`${prefix}partitions`, message);
  }
  const replication = replicationMistake(replicationFactor);
  if (replication !== null) reader.problem(`${prefix}replication.factor`, replication);
  const isSet = (key: string) => reader.entries.has(prefix + key);
  return {
    partitions: isSet('partitions') ? partitions : base.partitions,
    replicationFactor: isSet('replication.factor') ? replicationFactor : base.replicationFactor,
    config: { ...base.config, ...readTopicConfig(reader, prefix) },
  };
}

/** A slip of the pen is told now: the broker would only refuse it when the topic is created. */
function readTopicConfig(reader: ConnectorReader, prefix: string): Record<string, string> {
  const config: Record<string, string> = {};
  for (const [key, entry] of reader.entries) {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : '';
    if (name === '' || OWN_KEYS.includes(name)) continue;
    reader.allow({ known: { keys: [key], maps: [] } });
    if (TOPIC_CONFIGS.includes(name)) config[name] = entry.value ?? '';
    else {
      const guess = didYouMean(name, [...OWN_KEYS, ...TOPIC_CONFIGS]);
      reader.problem(key, `${name} is no configuration of a topic${guess}`);
    }
  }
  return config;
}

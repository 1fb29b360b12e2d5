import type { BoundedExpression } from '../../values/bounded-expression.ts';

/** How a topic that is missing is created. */
export interface TopicSettings {
  /** -1 is the broker's default. */
  readonly partitions: number;
  /** -1 is the broker's default. */
  readonly replicationFactor: number;
  /** The topic's own configuration, `cleanup.policy` and the like, as text. */
  readonly config: Readonly<Record<string, string>>;
}

/** How topics are created that have a name of some form. */
export interface TopicGroup extends TopicSettings {
  readonly include: readonly BoundedExpression[];
  readonly exclude: readonly BoundedExpression[];
}

/** Connect's `topic.creation.*` (KIP-158). */
export interface TopicCreation {
  readonly default: TopicSettings;
  readonly groups: readonly TopicGroup[];
}

/**
 * The settings for a topic: those of the first group that it is in, else the default's.
 *
 * @throws RowError PatternTooSlow when a group's pattern takes too long for the topic, which a row has named perhaps
 */
export function settingsFor(topic: string, creation: TopicCreation): TopicSettings {
  const isIn = ({ include, exclude }: TopicGroup) =>
    include.some((pattern) => pattern.test(topic)) && !exclude.some((pattern) => pattern.test(topic));
  return creation.groups.find(isIn) ?? creation.default;
}

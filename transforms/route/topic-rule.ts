import { RowError } from '../../src/plugin/index.ts';
import { cutText, shownText } from '../../src/values/shown.ts';
import { topicNameProblem } from '../../src/values/topic-name.ts';
import { textsBetween } from './texts-between.ts';

const LISTED_LENGTH = 200;

/** Why a topic is none of those allowed, which are names or patterns with `*`, or null. An empty list allows all. */
export function notAllowed(topic: string, allowed: readonly string[]): string | null {
  if (allowed.length === 0 || allowed.some((pattern) => textsBetween(pattern.split('*'), topic, () => 0)))
    return null;
  const listed = cutText(allowed.join(', '), LISTED_LENGTH);
  return `expected one of topics.allowed (${listed}), got ${shownText(topic)}`;
}

/** There are few topics; beyond so many each is looked at again. */
const REMEMBERED = 1000;

/** Which topics rows may go to. */
export class TopicRule {
  readonly #allowed: readonly string[];
  readonly #isMade: boolean;
  readonly #passed = new Set<string>();

  /** `isMade`: the topics are made from rows or files, so that their names may be illegal. */
  constructor(allowed: readonly string[], isMade: boolean) {
    this.#allowed = allowed;
    this.#isMade = isMade;
  }

  /** Why a row may not go there; null when it may. */
  refusal(topic: string): RowError | null {
    if (this.#passed.has(topic)) return null;
    const illegal = this.#isMade ? (topicNameProblem(topic) ?? internalTopicProblem(topic)) : null;
    if (illegal !== null) return new RowError('InvalidTopic', `topic: ${illegal}`);
    const outside = notAllowed(topic, this.#allowed);
    if (outside !== null) return new RowError('TopicNotAllowed', `topic: ${outside}`);
    if (this.#passed.size < REMEMBERED) this.#passed.add(topic);
    return null;
  }
}

/** Kafka's own topics, such as `__consumer_offsets`, are not for a row to choose. */
function internalTopicProblem(topic: string): string | null {
  return topic.startsWith('__') ? `a topic made from a row must not begin with __, got "${topic}"` : null;
}

import type { RowError } from '../../src/plugin/index.ts';
import { cutText, rowError, type Show, shown } from '../../src/values/shown.ts';
import { topicNameProblem } from '../../src/values/topic-name.ts';
import { textsBetween } from '../shared/texts-between.ts';

const LISTED_LENGTH = 200;

/** Why a topic is none of those allowed, which are names or patterns with `*`, or null. An empty list allows all. */
export function notAllowed(topic: string, allowed: readonly string[], show: Show = shown): string | null {
  if (allowed.length === 0 || allowed.some((pattern) => textsBetween(pattern.split('*'), topic, () => 0)))
    return null;
  const listed = cutText(allowed.join(', '), LISTED_LENGTH);
  return `expected one of topics.allowed (${listed}), got ${show(topic)}`;
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
    if (this.#isMade && illegalTopic(topic, shown) !== null)
      return rowError('InvalidTopic', (show) => `topic: ${illegalTopic(topic, show)}`);
    if (notAllowed(topic, this.#allowed) !== null)
      return rowError('TopicNotAllowed', (show) => `topic: ${notAllowed(topic, this.#allowed, show)}`);
    if (this.#passed.size < REMEMBERED) this.#passed.add(topic);
    return null;
  }
}

/** Kafka's own topics, such as `__consumer_offsets`, are not for a row to choose. */
function illegalTopic(topic: string, show: Show): string | null {
  const problem = topicNameProblem(topic, show);
  if (problem !== null || !topic.startsWith('__')) return problem;
  return `a topic made from a row must not begin with __, got ${show(topic)}`;
}

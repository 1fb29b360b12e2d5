import type { Feed } from '../../src/runtime/worker/feed.ts';

/** As much of a feed as metrics look at. */
export function feed(
  name: string,
  metricsLabels: Readonly<Record<string, string>> = {},
  deadLetterTopic: string | null = null,
): Feed {
  return { config: { name, metricsLabels, errors: { deadLetterTopic } } } as unknown as Feed;
}

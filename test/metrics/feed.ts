import { WorkerMetrics } from '../../src/metrics/worker-metrics.ts';
import type { FeedOutline } from '../../src/runtime/worker/feed.ts';

/** As much of a feed as metrics look at. */
export function feed(
  name: string,
  metricsLabels: Readonly<Record<string, string>> = {},
  deadLetterTopic: string | null = null,
): FeedOutline {
  return { config: { name, metricsLabels, errors: { deadLetterTopic } } } as unknown as FeedOutline;
}

/** The metrics of a worker with these feeds, as many as there are at the time. */
export function metricsOf(feeds: readonly FeedOutline[]): WorkerMetrics {
  return new WorkerMetrics((name) => feeds.find(({ config }) => config.name === name)?.config ?? null);
}

import { isDeepStrictEqual } from 'node:util';
import type { RuntimeEvent } from '../runtime/events/events.ts';
import type { FeedOutline } from '../runtime/worker/feed.ts';
import { ConnectorMetrics } from './connector-metrics.ts';
import { METRICS } from './metric-definitions.ts';
import { MetricRegistry } from './metric-registry.ts';

type ConfigOf = (connector: string) => Pick<FeedOutline['config'], 'metricsLabels' | 'errors'> | null;

/** The metrics of a worker, made of its events alone. */
export class WorkerMetrics {
  readonly #configOf: ConfigOf;
  /** What is of no connector. */
  readonly #own = new MetricRegistry([]);
  readonly #connectors = new Map<string, ConnectorMetrics>();

  /** @param configOf a connector's configuration as it is now; null when there is none */
  constructor(configOf: ConfigOf) {
    this.#configOf = configOf;
    this.#countLost(0);
  }

  /** Of `text`. */
  get contentType(): string {
    return this.#own.contentType;
  }

  /** All metrics in Prometheus' text format. */
  async text(): Promise<string> {
    const names = Object.keys(METRICS);
    const blocks = await Promise.all(names.map(async (name) => (await this.#linesOf(name)).join('\n')));
    return `${blocks.join('\n\n')}\n`;
  }

  apply(event: RuntimeEvent): void {
    if (event.type === 'log.lost') this.#countLost(event.lines);
    if (event.type === 'connector.changed' && event.change === 'deleted')
      this.#connectors.delete(event.connector);
    else if ('connector' in event) this.#applyTo(event.connector, event);
  }

  #applyTo(connector: string, event: RuntimeEvent): void {
    const config = this.#configOf(connector);
    // It was deleted: what its tasks do to end is of no interest any more.
    if (config === null) return;
    let metrics = this.#connectors.get(connector);
    if (metrics === undefined || !isDeepStrictEqual(metrics.labels, config.metricsLabels)) {
      // Series with labels that the feed has no more would stay as they are for ever.
      metrics = new ConnectorMetrics(connector, config.metricsLabels);
      this.#connectors.set(connector, metrics);
    }
    metrics.apply(event, config.errors.deadLetterTopic);
  }

  async #linesOf(name: string): Promise<readonly string[]> {
    const own = await this.#own.linesOf(name);
    const others = await Promise.all([...this.#connectors.values()].map((metrics) => metrics.linesOf(name)));
    return [...own, ...others.flat().filter((line) => !line.startsWith('#'))];
  }

  #countLost(lines: number): void {
    this.#own.counter('headrace_log_lines_lost_total').inc({}, lines);
  }
}

import { isDeepStrictEqual } from 'node:util';
import type { RuntimeEvent } from '../runtime/events/events.ts';
import type { MetricChange } from '../runtime/plugin-metrics/metric-change.ts';
import { type MetricDeclaration, namesake } from '../runtime/plugin-metrics/metric-declaration.ts';
import type { FeedOutline } from '../runtime/worker/feed.ts';
import { ConnectorMetrics } from './connector-metrics.ts';
import { METRICS } from './metric-definitions.ts';
import { MetricRegistry } from './metric-registry.ts';
import { withHead } from './plugin-series.ts';
import { ProcessFigures } from './process-figures.ts';

/** A metric of a plugin that another has the name of. */
export interface HiddenMetric {
  readonly connector: string;
  readonly plugin: string;
  readonly metric: string;
  readonly reason: string;
}

type ConfigOf = (connector: string) => Pick<FeedOutline['config'], 'metricsLabels' | 'errors'> | null;

/** The metrics of a worker, made of its events alone. */
export class WorkerMetrics {
  readonly #configOf: ConfigOf;
  /** What is of no connector. */
  readonly #own = new MetricRegistry([]);
  readonly #process = new ProcessFigures(this.#own);
  readonly #connectors = new Map<string, ConnectorMetrics>();
  /** Metrics of plugins that were looked at, whether they can be shown. */
  readonly #told = new Set<string>();
  readonly #onHidden: (metric: HiddenMetric) => void;

  /**
   * @param configOf a connector's configuration as it is now; null when there is none
   * @param onHidden called once for each metric of a plugin that cannot be shown
   */
  constructor(configOf: ConfigOf, onHidden: (metric: HiddenMetric) => void = () => {}) {
    this.#configOf = configOf;
    this.#onHidden = onHidden;
    this.#countLost(0);
  }

  /** Of `text`. */
  get contentType(): string {
    return this.#own.contentType;
  }

  /** All metrics in Prometheus' text format. */
  async text(): Promise<string> {
    this.#process.take();
    for (const connector of this.#connectors.values()) connector.take(Date.now());
    const names = Object.keys(METRICS);
    const blocks = await Promise.all(names.map(async (name) => (await this.#linesOf(name)).join('\n')));
    const ofPlugins = this.#pluginMetrics.map((metric) => this.#pluginLines(metric).join('\n'));
    return `${[...blocks, ...ofPlugins].join('\n\n')}\n`;
  }

  close(): void {
    this.#process.close();
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
    if (event.type === 'plugin.metrics')
      for (const change of event.changes) this.#tellHidden(connector, change);
  }

  /** The first one of a name is what the name is for: Prometheus knows one type of it. */
  get #pluginMetrics(): readonly MetricDeclaration[] {
    const shown: MetricDeclaration[] = [];
    for (const { plugins } of this.#connectors.values())
      for (const declared of plugins.declarations)
        if (namesake(declared, shown) === undefined) shown.push(declared);
    return shown;
  }

  #tellHidden(connector: string, { plugin, declaration: { name, type } }: MetricChange): void {
    const key = `${connector} ${plugin} ${name}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const clash = namesake({ name, type }, this.#pluginMetrics);
    if (clash === undefined || (clash.name === name && clash.type === type)) return;
    const reason = `another feed has the ${clash.type} ${clash.name}; choose another name for this ${type}`;
    this.#onHidden({ connector, plugin, metric: name, reason });
  }

  #pluginLines(metric: MetricDeclaration): readonly string[] {
    const series = [...this.#connectors.values()].flatMap(({ plugins }) => plugins.linesOf(metric));
    return series.length === 0 ? [] : withHead(metric, series);
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

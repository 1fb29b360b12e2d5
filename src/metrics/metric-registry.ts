import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricDefinition, type NameOf } from './metric-definitions.ts';

/** Metrics that have the same labels, as prom-client keeps them: it must know of all labels from the start. */
export class MetricRegistry {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();

  /** @param staticLabels names of the labels that a feed adds */
  constructor(staticLabels: readonly string[]) {
    const registers = [this.#registry];
    for (const [name, { type, help, labels, buckets }] of Object.entries<MetricDefinition>(METRICS)) {
      const labelNames = ['connector', 'task', ...labels, ...staticLabels];
      const common = { name, help, labelNames, registers };
      if (type === 'counter') this.#counters.set(name, new Counter(common));
      else if (type === 'gauge') this.#gauges.set(name, new Gauge(common));
      else this.#histograms.set(name, new Histogram({ ...common, buckets: [...(buckets ?? [])] }));
    }
  }

  /** Of `text`, for the header of an answer. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** One metric in Prometheus' text format, a line each: two about it, then its series. */
  async linesOf(name: string): Promise<readonly string[]> {
    return (await this.#registry.getSingleMetricAsString(name)).split('\n');
  }

  counter(name: NameOf<'counter'>): Counter {
    return this.#counters.get(name) as Counter;
  }

  gauge(name: NameOf<'gauge'>): Gauge {
    return this.#gauges.get(name) as Gauge;
  }

  histogram(name: NameOf<'histogram'>): Histogram {
    return this.#histograms.get(name) as Histogram;
  }
}

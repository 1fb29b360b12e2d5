import type { MetricChange, SeriesChange } from '../runtime/plugin-metrics/metric-change.ts';
import type { MetricDeclaration } from '../runtime/plugin-metrics/metric-declaration.ts';

type Labels = Readonly<Record<string, string | number>>;

interface Series {
  readonly labels: Labels;
  value: number;
  readonly counts: number[];
}

interface Metric {
  readonly declaration: MetricDeclaration;
  /** By their labels, as they are written. */
  readonly series: Map<string, Series>;
}

/**
 * The metrics of the plugins of a connector, from its tasks' threads. Sums are made here, as prom-client takes no values of a
 * histogram that were counted elsewhere.
 */
export class PluginSeries {
  readonly #metrics = new Map<string, Metric>();

  get declarations(): readonly MetricDeclaration[] {
    return [...this.#metrics.values()].map(({ declaration }) => declaration);
  }

  /** @param labels of the task */
  apply({ plugin, declaration, series }: MetricChange, labels: Labels): void {
    const { name } = declaration;
    let metric = this.#metrics.get(name);
    // It was changed, and its task begun again.
    if (metric === undefined || metric.declaration.type !== declaration.type)
      metric = { declaration, series: new Map() };
    this.#metrics.set(name, metric);
    for (const change of series) add(metric, { ...labels, plugin, ...change.labels }, change);
  }

  /** Its series in Prometheus' text format, a line each; none of a metric of another type. */
  linesOf({ name, type }: Pick<MetricDeclaration, 'name' | 'type'>): readonly string[] {
    const metric = this.#metrics.get(name);
    if (metric === undefined || metric.declaration.type !== type) return [];
    const { buckets } = metric.declaration;
    return [...metric.series.values()].flatMap((series) =>
      type === 'histogram'
        ? histogramLines(name, buckets, series)
        : [`${name}${labelsText(series.labels)} ${series.value}`],
    );
  }
}

/** The two lines about a metric, and then its series. */
export function withHead(
  { name, type, help }: MetricDeclaration,
  lines: readonly string[],
): readonly string[] {
  return [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${type}`,
    ...lines,
  ];
}

function add({ declaration, series }: Metric, labels: Labels, { value, counts }: SeriesChange): void {
  const key = labelsText(labels);
  let known = series.get(key);
  // One whose buckets were changed begins anew.
  if (known === undefined || known.counts.length !== counts.length) {
    known = { labels, value: 0, counts: counts.map(() => 0) };
    series.set(key, known);
  }
  known.value = declaration.type === 'gauge' ? value : known.value + value;
  for (const [at, count] of counts.entries()) (known.counts[at] as number) += count;
}

function histogramLines(
  name: string,
  buckets: readonly number[],
  { labels, value, counts }: Series,
): string[] {
  let below = 0;
  const lines = counts.map((count, at) => {
    below += count;
    return `${name}_bucket${labelsText({ ...labels, le: buckets[at] ?? '+Inf' })} ${below}`;
  });
  return [
    ...lines,
    `${name}_sum${labelsText(labels)} ${value}`,
    `${name}_count${labelsText(labels)} ${below}`,
  ];
}

function labelsText(labels: Labels): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return `{${texts.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

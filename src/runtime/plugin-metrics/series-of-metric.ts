import type { MetricLabels } from '../../plugin/index.ts';
import type { SeriesChange } from './metric-change.ts';
import type { MetricDeclaration } from './metric-declaration.ts';

/** What stands for the values of labels that came when there were too many already. */
export const OTHERS = '(others)';

const MOST_SERIES = 100;
const LONGEST_VALUE = 120;

export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>;
  value: number;
  readonly counts: number[];
}

/** The series of one metric of a plugin: bounded, whatever its rows have in them. */
export class SeriesOfMetric {
  changed = false;
  readonly #declaration: MetricDeclaration;
  readonly #onTooMany: () => void;
  readonly #series = new Map<string, MetricSeries>();
  /** The one of a metric without labels. */
  #only: MetricSeries | null = null;

  /** @param onTooMany called once */
  constructor(declaration: MetricDeclaration, onTooMany: () => void) {
    this.#declaration = declaration;
    this.#onTooMany = onTooMany;
    // A counter that is there from the start is seen to grow with the first row.
    if (declaration.labels.length === 0 && declaration.type !== 'gauge') {
      this.#only = this.#add('', []);
      this.changed = true;
    }
  }

  at(labels: MetricLabels | undefined): MetricSeries {
    const names = this.#declaration.labels;
    if (names.length === 0) {
      this.#only ??= this.#add('', []);
      return this.#only;
    }
    const values = names.map((name) => String(labels?.[name]).slice(0, LONGEST_VALUE));
    const key = values.join('\0');
    return this.#series.get(key) ?? this.#new(key, values);
  }

  observe(series: MetricSeries, value: number): void {
    const { buckets } = this.#declaration;
    let at = 0;
    while (at < buckets.length && value > (buckets[at] as number)) at++;
    (series.counts[at] as number)++;
    series.value += value;
    this.changed = true;
  }

  /** What has changed; all of it begins anew, but for gauges. */
  take(): readonly SeriesChange[] {
    this.changed = false;
    const isGauge = this.#declaration.type === 'gauge';
    return [...this.#series.values()].map((series) => {
      const { labels, value, counts } = series;
      const change = { labels, value, counts: [...counts] };
      if (!isGauge) series.value = 0;
      counts.fill(0);
      return change;
    });
  }

  #new(key: string, values: readonly string[]): MetricSeries {
    if (this.#series.size < MOST_SERIES) return this.#add(key, values);
    const others = this.#series.get(OTHERS);
    if (others !== undefined) return others;
    this.#onTooMany();
    return this.#add(
      OTHERS,
      values.map(() => OTHERS),
    );
  }

  #add(key: string, values: readonly string[]): MetricSeries {
    const { labels, buckets, type } = this.#declaration;
    const counts = type === 'histogram' ? new Array<number>(buckets.length + 1).fill(0) : [];
    const series = {
      labels: Object.fromEntries(labels.map((name, at) => [name, values[at] as string])),
      value: 0,
      counts,
    };
    this.#series.set(key, series);
    return series;
  }
}

/** What a metric is for, and how it is cut up. */
export interface MetricOptions {
  /** One line, for whoever meets it at `/metrics`. */
  readonly help: string;
  /**
   * Names of labels beside those that every metric has: `connector`, `task`, `plugin` and those of the feed. Each combination
   * of their values is a series for as long as the worker runs: a currency, say, and never an account.
   */
  readonly labels?: readonly string[];
}

export interface HistogramOptions extends MetricOptions {
  /** Upper bounds, in ascending order; the one of everything beyond them is added. */
  readonly buckets: readonly number[];
}

/** A value for each of a metric's own labels. */
export type MetricLabels = Readonly<Record<string, string | number | boolean>>;

/** What only grows. */
export interface PluginCounter {
  /** @param by 0 or more; 1 where it is not given */
  inc(by?: number, labels?: MetricLabels): void;
}

/** What goes up and down; of a task that has ended it keeps its last value. */
export interface PluginGauge {
  set(value: number, labels?: MetricLabels): void;
}

/** How often values of which size came. */
export interface PluginHistogram {
  observe(value: number, labels?: MetricLabels): void;
}

/**
 * Metrics of a plugin, told at the worker's `/metrics`. Declared in `create`, once for each task; the same declared again is
 * the same metric. They tell what was done, not what was delivered: a row that is read again after a restart counts again.
 *
 * A name that Prometheus does not know or Headrace has, or that another plugin of the feed has for something else, and a
 * value or label that cannot be, is a fault of the plugin: the task fails. Of more than a hundred combinations of labels
 * those that come later are counted together, under `(others)`.
 */
export interface PluginMetrics {
  /** @param name by Prometheus' habits, with the unit: `masked_rows_total` */
  counter(name: string, options: MetricOptions): PluginCounter;
  /** @param name by Prometheus' habits, with the unit: `table_rows` */
  gauge(name: string, options: MetricOptions): PluginGauge;
  /** @param name by Prometheus' habits, with the unit: `request_duration_seconds` */
  histogram(name: string, options: HistogramOptions): PluginHistogram;
}

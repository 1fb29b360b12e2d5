import type { MetricDeclaration } from './metric-declaration.ts';

/** What became of a metric of a plugin since it was told the last time. Plain data. */
export interface MetricChange {
  /** Its place in the feed: `transforms.ticker`. */
  readonly plugin: string;
  readonly declaration: MetricDeclaration;
  readonly series: readonly SeriesChange[];
}

/** Of one combination of labels. */
export interface SeriesChange {
  /** By the names of the metric's own labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** What was added to a counter, or to a histogram's sum; what a gauge is now. */
  readonly value: number;
  /** How many values have come for each bucket, and for the one beyond them; empty of others. */
  readonly counts: readonly number[];
}

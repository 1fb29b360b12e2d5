import { LABELS_OF_ALL, labelNameMistake } from '../../config/check/metrics-labels.ts';

/** A metric that a plugin has declared. Plain data. */
export interface MetricDeclaration {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  /** Its own, beside those that every metric of a plugin has. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram; empty of others. */
  readonly buckets: readonly number[];
}

/** How the names of Headrace's own metrics begin. */
export const OWN_PREFIXES: readonly string[] = [
  'connect_',
  'headrace_',
  'ingest_csv_',
  'kafka_producer_',
  'process_',
  'nodejs_',
];

/** Those of plugins that come with Headrace. */
export const METRICS_OF_BUILT_IN: readonly string[] = [
  'headrace_sequence_breaks_total',
  'headrace_sequence_missing_total',
];

/** Prometheus' rule without the colon, which is for recording rules. */
const NAME = /^[a-z_][a-z0-9_]*$/i;
const MOST_LABELS = 10;
const MOST_BUCKETS = 50;

/**
 * What is wrong with a declaration; null when nothing is.
 *
 * @param feedLabels names of the labels that the feed adds
 * @param isBuiltIn the plugin comes with Headrace
 */
export function declarationMistake(
  declared: MetricDeclaration,
  feedLabels: readonly string[],
  isBuiltIn: boolean,
): string | null {
  const { type, name, help } = declared;
  if (typeof name !== 'string' || !NAME.test(name) || name.startsWith('__'))
    return `expected a name of letters, digits and "_", not beginning with a digit or "__", got ${JSON.stringify(name)}`;
  const own = OWN_PREFIXES.find((prefix) => name.startsWith(prefix));
  if (own !== undefined && !(isBuiltIn && METRICS_OF_BUILT_IN.includes(name)))
    return `${name}: names that begin with ${own} are Headrace's own; choose another`;
  if (typeof help !== 'string' || help.trim() === '')
    return `${name}: expected help, a line of text, got ${JSON.stringify(help)}`;
  const mistake =
    labelsMistake(declared, feedLabels) ?? (type === 'histogram' ? bucketsMistake(declared) : null);
  return mistake && `${name}: ${mistake}`;
}

function labelsMistake({ labels }: MetricDeclaration, feedLabels: readonly string[]): string | null {
  if (!Array.isArray(labels) || labels.some((label) => typeof label !== 'string'))
    return 'expected labels to be a list of names';
  if (labels.length > MOST_LABELS) return `expected at most ${MOST_LABELS} labels, got ${labels.length}`;
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) return `expected each label once, got "${twice}" twice`;
  const taken = [...LABELS_OF_ALL, ...feedLabels];
  for (const label of labels) {
    const mistake = labelNameMistake(label, taken);
    if (mistake !== null) return mistake;
  }
  return null;
}

function bucketsMistake({ buckets }: MetricDeclaration): string | null {
  const areBounds =
    Array.isArray(buckets) &&
    buckets.length > 0 &&
    buckets.length <= MOST_BUCKETS &&
    buckets.every((bound, index) => Number.isFinite(bound) && (index === 0 || bound > buckets[index - 1]));
  return areBounds ? null : `expected buckets, 1 to ${MOST_BUCKETS} numbers in ascending order`;
}

/** The names that its series have at `/metrics`. */
export function seriesNames({ type, name }: Pick<MetricDeclaration, 'type' | 'name'>): readonly string[] {
  return type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

/** The first of them that has a name of its series; undefined when none has. */
export function namesake<M extends Pick<MetricDeclaration, 'type' | 'name'>>(
  metric: Pick<MetricDeclaration, 'type' | 'name'>,
  others: Iterable<M>,
): M | undefined {
  const names = new Set(seriesNames(metric));
  for (const other of others) if (seriesNames(other).some((name) => names.has(name))) return other;
  return undefined;
}

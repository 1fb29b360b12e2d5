/** Labels of all metrics of tasks, and Prometheus' own of histograms and scraping. */
export const LABELS_OF_ALL: readonly string[] = ['connector', 'task', 'plugin', 'le', 'job', 'instance'];

/** With those that some of the metrics have (docs/metrics.md). */
const TAKEN = [...LABELS_OF_ALL, 'topic', 'status', 'state', 'code', 'reason', 'error'];

/**
 * What is wrong with a label's name by Prometheus' rules (https://prometheus.io/docs/concepts/data_model/), or because
 * the metrics have it already; null when nothing is.
 *
 * @param taken by metrics, where they are not those of a worker
 */
export function labelNameMistake(name: string, taken: readonly string[] = TAKEN): string | null {
  if (!/^[a-z_][a-z0-9_]*$/i.test(name)) {
    return `expected a label's name of letters, digits and "_", not beginning with a digit, got ${JSON.stringify(name)}`;
  }
  if (name.startsWith('__')) return `expected a label's name that does not begin with "__", got "${name}"`;
  if (taken.includes(name)) return `expected another name: metrics have or get the label "${name}" already`;
  return null;
}

/** Labels that the metrics have already (docs/metrics.md), and Prometheus' own of histograms and scraping. */
const TAKEN = ['connector', 'task', 'topic', 'status', 'state', 'code', 'reason', 'le', 'job', 'instance'];

/**
 * What is wrong with a label's name by Prometheus' rules (https://prometheus.io/docs/concepts/data_model/), or because
 * the metrics have it already; null when nothing is.
 */
export function labelNameMistake(name: string): string | null {
  if (!/^[a-z_][a-z0-9_]*$/i.test(name)) {
    return `expected a label's name of letters, digits and "_", not beginning with a digit, got ${JSON.stringify(name)}`;
  }
  if (name.startsWith('__')) return `expected a label's name that does not begin with "__", got "${name}"`;
  if (TAKEN.includes(name)) return `expected another name: metrics have or get the label "${name}" already`;
  return null;
}

import { expect, test } from 'vitest';
import { labelNameMistake } from '../../src/config/check/metrics-labels.ts';
import { METRICS, type MetricDefinition } from '../../src/metrics/metric-definitions.ts';
import { WorkerMetrics } from '../../src/metrics/worker-metrics.ts';
import { page } from '../docs/markdown.ts';

/** `| name | type | labels | help |`. */
const ROW = /^\| `(\w+)` +\| (\w+) +\| (.*?) *\| (.*?) *\|$/gm;

function documented(): Record<string, MetricDefinition> {
  const rows = [...page('docs/metrics.md').text.matchAll(ROW)];
  return Object.fromEntries(
    rows.map(([, name, type, labels = '', help]) => [
      name,
      { type, help, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label) },
    ]),
  );
}

test('docs/metrics.md has every metric with its type, labels and meaning, and no others', () => {
  const declared = Object.entries<MetricDefinition>(METRICS).map(([name, { type, help, labels }]) => [
    name,
    { type, help, labels },
  ]);
  expect(documented()).toEqual(Object.fromEntries(declared));
});

test('what Prometheus is told are the metrics of docs/metrics.md, and no others', async () => {
  const text = await new WorkerMetrics(() => null).text();
  const told = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]);
  const types = Object.entries(documented()).map(([name, { type }]) => [name, type]);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(types));
});

test('no feed can take a label that a metric has', () => {
  const labels = Object.values<MetricDefinition>(METRICS).flatMap((metric) => metric.labels);
  for (const label of ['connector', 'task', 'le', ...labels]) {
    expect(labelNameMistake(label), label).toContain('already');
  }
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { METRICS, type MetricDefinition } from '../../src/metrics/metric-definitions.ts';
import { METRICS_OF_BUILT_IN } from '../../src/runtime/plugin-metrics/metric-declaration.ts';
import { TASK_TRANSITIONS } from '../../src/runtime/worker/states.ts';

const FOLDER = new URL('../../config/monitoring/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

const { panels } = JSON.parse(read('grafana-dashboard.json')) as {
  panels: { title: string; targets: { expr: string }[] }[];
};
const { groups } = parse(read('prometheus-alerts.yaml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

const asked: readonly (readonly [string, string])[] = [
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
];

/** Those of plugins are counters with labels of their own. */
const KNOWN: Readonly<Record<string, Pick<MetricDefinition, 'type' | 'labels'>>> = {
  ...METRICS,
  ...Object.fromEntries(
    METRICS_OF_BUILT_IN.map((name) => [name, { type: 'counter', labels: ['plugin', 'found'] }] as const),
  ),
};

/** Names of metrics in an expression, without what Prometheus makes of histograms. */
function metricsIn(expr: string): readonly string[] {
  return (expr.match(/\b(?:connect|headrace|ingest_csv|kafka_producer|process|nodejs)_\w+/g) ?? []).map(
    (name) => name.replace(/_(?:bucket|sum|count)$/, ''),
  );
}

test.each(asked)('%s asks for metrics that a worker has, by labels that they have', (_, expr) => {
  const names = metricsIn(expr);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const definition = KNOWN[name];
    expect(definition, name).toBeDefined();
    const labels = ['connector', 'task', 'le', ...(definition?.labels ?? [])];
    const used = [...expr.matchAll(/(\w+)=~?"/g)].map(([, label]) => label);
    const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '));
    for (const label of [...used, ...grouped]) expect(labels, expr).toContain(label);
  }
});

test('rates are of counters, and quantiles of histograms', () => {
  for (const [title, expr] of asked) {
    for (const [, name = ''] of expr.matchAll(/(?:rate|increase)\((\w+)/g)) {
      const type = KNOWN[metricsIn(name)[0] ?? '']?.type;
      expect(type, title).toBe(name.endsWith('_bucket') ? 'histogram' : 'counter');
    }
  }
});

test('states in alerts are states that tasks have', () => {
  for (const { expr } of rules) {
    for (const [, status = ''] of expr.matchAll(/status="(\w+)"/g))
      expect(Object.keys(TASK_TRANSITIONS)).toContain(status.toUpperCase());
  }
});

test('what an alert says names labels that its expression keeps', () => {
  for (const { alert, expr, annotations } of rules) {
    const kept = /by \(([^)]*)\)/.exec(expr)?.[1]?.split(', ');
    const metric = KNOWN[metricsIn(expr)[0] ?? ''];
    const labels = kept ?? ['connector', 'task', ...(metric?.labels ?? [])];
    for (const text of Object.values(annotations)) {
      for (const [, label] of text.matchAll(/\$labels\.(\w+)/g)) expect(labels, alert).toContain(label);
    }
  }
});

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
test.skipIf(!hasPromtool)('promtool finds nothing wrong with the alerts', () => {
  const path = new URL('prometheus-alerts.yaml', FOLDER).pathname;
  const { status, stdout } = spawnSync('promtool', ['check', 'rules', path], { encoding: 'utf8' });
  expect(status, stdout).toBe(0);
});

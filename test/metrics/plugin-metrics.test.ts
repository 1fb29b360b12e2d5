import { describe, expect, test } from 'vitest';
import { METRICS } from '../../src/metrics/metric-definitions.ts';
import { WorkerMetrics } from '../../src/metrics/worker-metrics.ts';
import type { PluginMetrics } from '../../src/plugin/index.ts';
import { OWN_PREFIXES } from '../../src/runtime/plugin-metrics/metric-declaration.ts';
import { TaskMetrics } from '../../src/runtime/plugin-metrics/task-metrics.ts';
import { samplesOf } from '../rest/samples.ts';
import { feed } from './feed.ts';

const told: unknown[] = [];
const log = { warn: (message: string, fields?: object) => told.push({ message, ...fields }) };
const use = (label: string) => ({
  key: `transforms.${label}`,
  name: label,
  modulePath: `/plugins/${label}.ts`,
});

/** The plugins of a task of a feed, and the worker that shows their metrics. */
class Counting {
  static readonly hidden: unknown[] = [];
  readonly task: TaskMetrics;
  readonly worker: WorkerMetrics;
  readonly #connector: string;

  constructor(
    connector = 'trades',
    labels: Readonly<Record<string, string>> = {},
    worker = new WorkerMetrics(
      (name) => feed(name, labels).config,
      (metric) => Counting.hidden.push(metric),
    ),
  ) {
    this.task = new TaskMetrics(Object.keys(labels), log);
    this.worker = worker;
    this.#connector = connector;
  }

  of(label: string): PluginMetrics {
    return this.task.of(use(label));
  }

  async samples(name: string): Promise<Record<string, number>> {
    const changes = this.task.take();
    this.worker.apply({ type: 'plugin.metrics', connector: this.#connector, task: 0, changes });
    return samplesOf(await this.worker.text(), name);
  }
}

const ALL = 'connector="trades",task="0",plugin="transforms.mask"';

describe('the metrics of a plugin', () => {
  test('are shown under the labels of the feed, with the place of the plugin', async () => {
    const counting = new Counting('trades', { exchange: 'asx' });
    const masked = counting
      .of('mask')
      .counter('masked_rows_total', { help: 'Rows masked', labels: ['currency'] });
    masked.inc(1, { currency: 'AUD' });
    masked.inc(2, { currency: 'a"\\\n' });
    expect(await counting.samples('masked_rows_total')).toEqual({
      [`{exchange="asx",${ALL},currency="AUD"}`]: 1,
      [`{exchange="asx",${ALL},currency="a\\"\\\\\\n"}`]: 2,
    });
    masked.inc(4, { currency: 'AUD' });
    expect(await counting.samples('masked_rows_total')).toMatchObject({
      [`{exchange="asx",${ALL},currency="AUD"}`]: 5,
    });
    const text = await counting.worker.text();
    expect(text).toContain('# HELP masked_rows_total Rows masked\n# TYPE masked_rows_total counter\n');
  });

  test('begin at zero, and tell only what has changed', async () => {
    const counting = new Counting();
    const masked = counting.of('mask').counter('masked_rows_total', { help: 'Rows masked' });
    expect(await counting.samples('masked_rows_total')).toEqual({ [`{${ALL}}`]: 0 });
    expect(counting.task.take()).toEqual([]);
    masked.inc();
    expect(await counting.samples('masked_rows_total')).toEqual({ [`{${ALL}}`]: 1 });
  });

  test('are gauges, which keep their last value, and histograms', async () => {
    const counting = new Counting();
    const rows = counting.of('mask').gauge('table_rows', { help: 'Rows of the table' });
    rows.set(7);
    rows.set(5);
    expect(await counting.samples('table_rows')).toEqual({ [`{${ALL}}`]: 5 });
    const lengths = counting
      .of('mask')
      .histogram('text_length', { help: 'Characters', buckets: [1, 10], labels: ['field'] });
    for (const length of [1, 2, 10, 11]) lengths.observe(length, { field: 'note' });
    const note = `${ALL},field="note"`;
    expect(await counting.samples('text_length_bucket')).toEqual({
      [`{${note},le="1"}`]: 1,
      [`{${note},le="10"}`]: 3,
      [`{${note},le="+Inf"}`]: 4,
    });
    lengths.observe(1, { field: 'note' });
    expect(await counting.samples('text_length_sum')).toEqual({ [`{${note}}`]: 25 });
    expect(await counting.samples('text_length_count')).toEqual({ [`{${note}}`]: 5 });
  });

  test('go with their connector', async () => {
    const counting = new Counting();
    counting.of('mask').counter('masked_rows_total', { help: 'Rows masked' }).inc();
    await counting.samples('masked_rows_total');
    counting.worker.apply({ type: 'connector.changed', connector: 'trades', change: 'deleted' });
    expect(await counting.worker.text()).not.toContain('masked_rows_total');
  });

  test('are of a bounded number, whatever is in the rows', async () => {
    told.length = 0;
    const counting = new Counting();
    const rows = counting.of('mask').counter('rows_total', { help: 'Rows', labels: ['account'] });
    for (let account = 0; account < 1000; account++) rows.inc(1, { account });
    rows.inc(1, { account: 'x'.repeat(5000) });
    const samples = await counting.samples('rows_total');
    expect(Object.keys(samples)).toHaveLength(101);
    expect(samples[`{${ALL},account="(others)"}`]).toBe(901);
    expect(told).toEqual([
      {
        message: 'metric has too many label values',
        plugin: 'transforms.mask',
        metric: 'rows_total',
        told: '(others)',
      },
    ]);
  });
});

describe('a metric that cannot be', () => {
  const declared = { help: 'Rows' };
  const wrong: [string, (metrics: PluginMetrics) => unknown, string][] = [
    ['has no name', (m) => m.counter('', declared), 'expected a name of letters, digits and "_"'],
    ['has a name with a hyphen', (m) => m.counter('masked-rows', declared), 'got "masked-rows"'],
    [
      'has a name of Headrace',
      (m) => m.gauge('headrace_rows', declared),
      'begin with headrace_ are Headrace',
    ],
    ['has no help', (m) => m.gauge('rows', {} as never), 'rows: expected help'],
    [
      'has a label of all',
      (m) => m.gauge('rows', { help: 'x', labels: ['task'] }),
      'the label "task" already',
    ],
    [
      'has a label of the feed',
      (m) => m.gauge('rows', { help: 'x', labels: ['desk'] }),
      'the label "desk" already',
    ],
    ['has a label twice', (m) => m.gauge('rows', { help: 'x', labels: ['a', 'a'] }), 'got "a" twice'],
    ['has no buckets', (m) => m.histogram('rows', declared as never), 'rows: expected buckets'],
    [
      'has buckets in disorder',
      (m) => m.histogram('rows', { help: 'x', buckets: [2, 1] }),
      'in ascending order',
    ],
    ['goes down', (m) => m.counter('rows', declared).inc(-1), 'rows: expected a number of 0 or more, got -1'],
    ['is no number', (m) => m.gauge('rows', declared).set('7' as never), 'got text of 1 character'],
    [
      'lacks a label',
      (m) => m.counter('rows', { help: 'x', labels: ['a'] }).inc(),
      'for each of a; got none',
    ],
    [
      'has one more',
      (m) => m.counter('rows', declared).inc(1, { b: 'x' }),
      'expected no labels; got b (string)',
    ],
    [
      'is another one already',
      (m) => {
        m.counter('rows', declared);
        m.gauge('rows', declared);
      },
      'rows: transforms.mask has declared the counter rows otherwise',
    ],
    [
      'has the name of a series of another',
      (m) => {
        m.histogram('rows', { help: 'x', buckets: [1] });
        m.counter('rows_count', declared);
      },
      'rows_count: transforms.mask has declared the histogram rows otherwise',
    ],
  ];
  test.each(wrong)('as it %s is a fault of the plugin', (_, act, message) => {
    const metrics = new TaskMetrics(['desk'], log).of(use('mask'));
    expect(() => act(metrics)).toThrow(expect.objectContaining({ code: 'PLUGIN_FAILED' }));
    expect(() => act(new TaskMetrics(['desk'], log).of(use('mask')))).toThrow(message);
    expect(() => act(new TaskMetrics(['desk'], log).of(use('mask')))).toThrow(
      /^transforms\.mask \(plugin mask, \/plugins\/mask\.ts\): metrics: /,
    );
  });

  test('as another plugin of the feed has it for something else', () => {
    const task = new TaskMetrics([], log);
    task.of(use('one')).counter('rows', declared);
    expect(() => task.of(use('two')).gauge('rows', declared)).toThrow(
      'rows: transforms.one has declared the counter rows otherwise; choose another name',
    );
  });

  test('may be of two plugins that mean the same by it, and is one where it is declared twice', async () => {
    const counting = new Counting();
    for (const label of ['one', 'two', 'two']) counting.of(label).counter('rows', declared).inc();
    expect(Object.values(await counting.samples('rows'))).toEqual([1, 2]);
  });

  test('beside that of another feed is not shown, and told once', async () => {
    const first = new Counting('trades');
    const second = new Counting('quotes', {}, first.worker);
    first.of('mask').counter('rows', declared).inc();
    second.of('mask').gauge('rows', declared).set(7);
    await first.samples('rows');
    for (let time = 0; time < 2; time++) {
      second.of('mask').gauge('rows', declared).set(7);
      expect(await second.samples('rows')).toEqual({ [`{${ALL}}`]: 1 });
    }
    expect(Counting.hidden).toEqual([
      {
        connector: 'quotes',
        plugin: 'transforms.mask',
        metric: 'rows',
        reason: 'another feed has the counter rows; choose another name for this gauge',
      },
    ]);
  });

  test('has none of the beginnings that the metrics of Headrace have', () => {
    for (const name of Object.keys(METRICS))
      expect(OWN_PREFIXES.some((prefix) => name.startsWith(prefix))).toBe(true);
  });
});

import { describe, expect, test } from 'vitest';
import { entriesOf } from '../../src/config/read/config-entry.ts';
import { masked } from '../../src/config/read/hidden-secrets.ts';
import { feed, load, MINIMAL, problemsOf, SHOUT, workerOf } from './sample-feed.ts';

describe('a feed', () => {
  test('has defaults for all but its name, source and parser', async () => {
    const { config, lines } = await load(entriesOf(MINIMAL, 'REST', '/feeds'));
    expect(lines).toEqual([]);
    expect(config).toMatchObject({
      name: 'trades',
      tasksMax: 1,
      source: {
        plugin: { name: 'folder' },
        values: { inputPath: '/feeds/drop', inputFilePattern: '*', settleMs: 1000 },
        modulePath: expect.stringMatching(/folder\.ts$/),
      },
      parser: { label: 'parse', plugin: { name: 'separated' }, values: { separator: '\n' } },
      transformations: [{ label: 'route', plugin: { name: 'route' } }],
      keyConverter: { plugin: { name: 'string' } },
      valueConverter: { plugin: { name: 'json' } },
      errors: {
        tolerance: 'none',
        max: null,
        deadLetterTopic: null,
        deadLetterTopicReplicationFactor: -1,
        deadLetterFile: null,
      },
      transaction: { boundary: 'interval', intervalMs: 500 },
      exactlyOnce: true,
      topicCreation: {
        enabled: true,
        default: { partitions: -1, replicationFactor: -1, config: {} },
        groups: [],
      },
      compressionType: 'none',
      restart: { backoffMs: 1000, backoffMaxMs: 60_000 },
      metricsLabels: {},
    });
  });

  test('is the same flat and nested', async () => {
    const nested = feed(`
name: trades
connector: {class: folder}
input: {path: ./drop, file: {pattern: "*.csv{,.gz}"}}
predicates: [even]
predicates.even.type: even
transforms: [parse, shout]
transforms:
  parse: {type: separated}
  shout: {type: shout, field: symbol, times: 3, predicate: even, negate: true, fields: {symbol: string}}
value.converter: hex
value: {converter: {registry.url: "http://localhost:8081"}}
errors:
  tolerance: all
  max: 0.5%
  deadletterqueue: {topic.name: trades.dlq, file: dlq.csv}
transaction: {boundary: file}
exactly.once.support: disabled
topic.creation.default: {partitions: 6, replication.factor: 3}
producer.override.compression.type: gzip
metrics.labels: {exchange: asx}
`);
    const flat: Record<string, string> = {};
    for (const [key, { text }] of nested.entries) flat[key] = text;
    const { config, lines } = await load(nested);
    expect(lines).toEqual([]);
    expect(config).toEqual((await load(entriesOf(flat, 'REST', '/feeds'))).config);
    expect(config).toMatchObject({
      source: { values: { inputFilePattern: '*.csv{,.gz}' } },
      transformations: [
        {
          label: 'shout',
          plugin: { name: 'shout' },
          values: { field: 'symbol', times: 3, fields: { symbol: 'string' } },
          predicate: { label: 'even', negate: true, instance: { plugin: { name: 'even' } } },
        },
      ],
      valueConverter: { plugin: { name: 'hex' }, values: { registryUrl: 'http://localhost:8081' } },
      errors: {
        tolerance: 'all',
        max: { kind: 'share', share: 0.005 },
        deadLetterTopic: 'trades.dlq',
        deadLetterFile: '/feeds/dlq.csv',
      },
      transaction: { boundary: 'file' },
      exactlyOnce: false,
      topicCreation: { default: { partitions: 6, replicationFactor: 3 } },
      compressionType: 'gzip',
      metricsLabels: { exchange: 'asx' },
    });
  });

  test('loads again in a thread from the same entries', async () => {
    const entries = entriesOf({ ...MINIMAL, ...SHOUT }, 'REST', '/feeds');
    const first = await load(entries);
    const second = await load(structuredClone(entries), structuredClone(workerOf()));
    expect(second).toEqual(first);
  });

  test('keeps its text as written and hides secrets', async () => {
    const { config } = await load(
      entriesOf(
        { ...MINIMAL, ...SHOUT, 'transforms.shout.api.token': 'x', name: `t-${'$'}{env:TOKEN}` },
        'REST',
      ),
    );
    expect(config?.name).toBe('t-from-env');
    expect(config?.raw).toMatchObject({ name: `t-${'$'}{env:TOKEN}`, 'transforms.shout.api.token': 'x' });
    expect(masked(config ?? { raw: {}, sensitiveKeys: [] })).toMatchObject({
      name: `t-${'$'}{env:TOKEN}`,
      'transforms.shout.api.token': '[hidden]',
    });
  });
});

describe("the worker's converter", () => {
  const worker = () =>
    workerOf({ 'value.converter': 'hex', 'value.converter.registry.url': 'http://registry' });

  test("serves feeds that name none, and the feed's options win", async () => {
    const flat = { ...MINIMAL, 'value.converter.subject': 'trades-value' };
    const { config } = await load(entriesOf(flat, 'REST'), worker());
    expect(config?.valueConverter).toMatchObject({
      plugin: { name: 'hex' },
      values: { registryUrl: 'http://registry', subject: 'trades-value' },
    });
  });

  test('has no say when the feed names one', async () => {
    expect(await problemsOf({ 'value.converter': 'hex' }, worker())).toEqual([
      'REST: value.converter.registry.url: is required but not set (A server)',
    ]);
  });

  test('is blamed in its own file', async () => {
    const wrong = workerOf({ 'value.converter': 'hex', 'value.converter.registry.uri': 'http://registry' });
    expect(await problemsOf({}, wrong)).toEqual([
      'worker.yaml: value.converter.registry.uri: unknown key; did you mean value.converter.registry.url?',
      'REST: value.converter.registry.url: is required but not set (A server)',
    ]);
  });
});

import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ConfigEntries, entriesOf } from '../../src/config/config-entry.ts';
import { parseConfigText } from '../../src/config/config-file.ts';
import { loadConnectorConfig, masked } from '../../src/config/connector-config.ts';
import { renderProblem, sortProblems } from '../../src/config/problem.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../src/config/worker-config.ts';
import { createPluginLoader } from '../../src/loader/plugin-loader.ts';

const loader = createPluginLoader({ pluginPath: [resolve(import.meta.dirname, '../fixtures/plugins')] });

function workerOf(flat: Record<string, string> = {}): WorkerConfig {
  const entries = entriesOf({ 'bootstrap.servers': 'a:1', ...flat }, 'worker.yaml', '/worker');
  return parseWorkerConfig(entries, {}).config as WorkerConfig;
}

async function load(entries: ConfigEntries, worker = workerOf()) {
  const { config, problems } = await loadConnectorConfig(entries, loader, worker, {
    TOKEN: 'from-env',
    SLASH: 'a/b',
  });
  return { config, lines: sortProblems(problems).map(renderProblem) };
}

function feed(text: string): ConfigEntries {
  return parseConfigText(text, { source: 'feed.yaml', folder: '/feeds' }).config;
}

const MINIMAL = {
  name: 'trades',
  'connector.class': 'folder',
  'input.path': './drop',
  transforms: 'parse',
  'transforms.parse.type': 'lines',
};

const SHOUT = { transforms: 'parse,shout', 'transforms.shout.type': 'shout', 'transforms.shout.field': 'f' };

/** The problems of the smallest right feed with these keys changed; null takes a key away. */
async function problemsOf(changes: Record<string, string | null>, worker?: WorkerConfig): Promise<string[]> {
  const flat = Object.entries({ ...MINIMAL, ...changes }).filter(([, text]) => text !== null);
  const { lines } = await load(entriesOf(Object.fromEntries(flat) as Record<string, string>, 'REST'), worker);
  return lines;
}

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
      parser: { label: 'parse', plugin: { name: 'lines' }, values: { separator: '\n' } },
      transformations: [],
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
      topicCreation: { enabled: true, partitions: -1, replicationFactor: -1 },
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
  parse: {type: lines}
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
      topicCreation: { partitions: 6, replicationFactor: 3 },
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

describe('mistakes in a feed', () => {
  test('are told all at once, each with its line', async () => {
    const { lines } = await load(
      feed(`connector.class: folder
input.file.patern: "*.csv"
tasks.max: 2x
transforms: parse,shout
transforms.parse.type: lines
transforms.shout.type: shout
transforms.shout.feild: symbol
errors.tolerance: all
`),
    );
    expect(lines).toEqual([
      "feed.yaml: name: is required but not set (The connector's name; its offsets are kept under it)",
      'feed.yaml:1: input.path: is required but not set (Folder to read)',
      'feed.yaml:2: input.file.patern: unknown key; did you mean input.file.pattern?',
      'feed.yaml:3: tasks.max: expected a whole number, zero or more, got "2x"',
      'feed.yaml:6: transforms.shout.field: is required but not set (Field to change)',
      'feed.yaml:7: transforms.shout.feild: unknown key; did you mean transforms.shout.field?',
      'feed.yaml:8: errors.tolerance: all without a dead-letter queue: bad rows would be dropped; set errors.deadletterqueue.topic.name or errors.deadletterqueue.file',
    ]);
  });

  const stages: [Record<string, string | null>, string[]][] = [
    [
      { transforms: null },
      [
        'transforms: is required but not set (Labels of the parser and then of the transformations, in the order they run, comma-separated)',
        'transforms.parse.type: parse is not listed in transforms, so it would do nothing',
      ],
    ],
    [
      { transforms: 'parsee' },
      [
        'transforms.parse.type: parse is not listed in transforms, so it would do nothing; did you mean parsee?',
        'transforms.parsee.type: is required but not set (Plugin to use)',
      ],
    ],
    [{ transforms: 'parse,parse' }, ['transforms: lists parse twice; expected each label once']],
    [{ transforms: 'parse,a b' }, ['transforms: expected labels of letters, digits, "_" and "-", got "a b"']],
    [
      { ...SHOUT, transforms: 'shout,parse' },
      [
        'transforms.parse.type: lines is a parser; only the first of transforms can be a parser',
        'transforms.shout.type: shout is a transformation; the first of transforms must be a parser, which turns bytes into records',
      ],
    ],
    [
      { ...SHOUT, 'transforms.shout.predicate': 'evn', predicates: 'even', 'predicates.even.type': 'even' },
      [
        'transforms.shout.predicate: no predicate is labelled "evn"; list it in predicates; did you mean even?',
      ],
    ],
    [
      { ...SHOUT, 'transforms.shout.negate': 'true' },
      ['transforms.shout.negate: has no effect without transforms.shout.predicate'],
    ],
    [{ 'transforms.parse.predicate': 'even' }, ['transforms.parse.predicate: unknown key']],
    [
      { ...SHOUT, 'transforms.shuot.times': '2' },
      ['transforms.shuot.times: unknown key; did you mean transforms.shout.times?'],
    ],
    [
      { ...SHOUT, 'transforms.shout.fields.price.optional': 'maybe' },
      ['transforms.shout.fields.price.optional: expected string, got maybe'],
    ],
    [
      { ...SHOUT, 'transforms.shout.api.token': 'hunter2' },
      ['transforms.shout.api.token: [hidden] is too easy to guess'],
    ],
    [
      { transforms: 'parse,x', 'transforms.x.type': 'throws-in-check' },
      [
        'transforms.x.type: the plugin throws-in-check threw while it checked its options: cannot read properties of undefined',
      ],
    ],
    [
      { transforms: 'parse,x', 'transforms.x.type': 'takes-type' },
      [
        "transforms.x.type: takes-type declares this option, but it is Headrace's own; the plugin must rename it",
      ],
    ],
  ];
  test.each(stages)('in its stages: %j', async (changes, lines) => {
    expect(await problemsOf(changes)).toEqual(lines.map((line) => `REST: ${line}`));
  });

  test('of an unknown plugin do not make its options unknown', async () => {
    expect(await problemsOf({ 'connector.class': 'foldr', 'tasks.mx': '2' })).toEqual([
      'REST: connector.class: no source connector is called "foldr"; expected one of directory, local, bad-options, even, exports-a-function, exports-nothing, folder, hex, lines, shout, takes-type, throws-at-load, throws-in-check, without-create, or a package\'s name; did you mean folder?',
      'REST: tasks.mx: unknown key; did you mean tasks.max?',
    ]);
  });

  const tolerant = { 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': 'dlq' };
  const none = 'has no effect while errors.tolerance is none; set errors.tolerance: all, or leave it out';
  const rules: [Record<string, string | null>, string | null][] = [
    [{ 'tasks.max': '0' }, 'tasks.max: expected at least 1, got 0'],
    [{ name: 'a/b' }, 'name: expected a name without / and \\, got "a/b"'],
    [{ name: '..' }, 'name: expected a name, got the path ".."'],
    [{ name: 'a\u0000b' }, 'name: expected a name without control characters, got "a\\u0000b"'],
    [{ name: ' a' }, 'name: expected a name without spaces around it, got " a"'],
    [{ name: '' }, "name: is required but empty (The connector's name; its offsets are kept under it)"],
    [{ name: 'Kurse, täglich (1)' }, null],
    [{ ...tolerant, 'errors.max': '100' }, null],
    [{ ...tolerant, 'errors.max': '1%' }, null],
    [
      { ...tolerant, 'errors.max': '101%' },
      'errors.max: expected a number of rows or a share such as 1%, got "101%"',
    ],
    [
      { ...tolerant, 'errors.max': '0.01' },
      'errors.max: expected a number of rows or a share such as 1%, got "0.01"',
    ],
    [{ 'errors.max': '5' }, `errors.max: ${none}`],
    [{ 'errors.deadletterqueue.topic.name': 'dlq' }, `errors.deadletterqueue.topic.name: ${none}`],
    [{ 'errors.deadletterqueue.file': 'dlq.csv' }, `errors.deadletterqueue.file: ${none}`],
    [
      { ...tolerant, 'errors.deadletterqueue.topic.name': 'a b' },
      `errors.deadletterqueue.topic.name: expected a topic's name of letters, digits, ".", "_" and "-", got "a b"`,
    ],
    [
      { 'errors.tolerance': 'al', 'errors.deadletterqueue.topic.name': 'dlq' },
      'errors.tolerance: expected one of none, all, got "al"; did you mean all?',
    ],
    [
      { 'errors.retry.delay.ms': '70000' },
      'errors.retry.delay.ms: expected at most errors.retry.delay.max.ms, 60000, got 70000',
    ],
    [
      { 'topic.creation.default.partitions': '0' },
      "topic.creation.default.partitions: expected -1 (the broker's default) or at least 1, got 0",
    ],
    [
      { 'transaction.boundary.interval.ms': '0' },
      'transaction.boundary.interval.ms: expected at least 1, got 0',
    ],
    [
      { 'exactly.once.support': 'required' },
      'exactly.once.support: expected one of enabled, disabled, got "required"',
    ],
    [
      { 'metrics.label.exchange': 'asx' },
      'metrics.label.exchange: unknown key; did you mean metrics.labels.exchange?',
    ],
    [{ __proto__x: '1' }, '__proto__x: unknown key'],
  ];
  test.each(rules)('in its own options: %j', async (changes, line) => {
    expect(await problemsOf(changes)).toEqual(line === null ? [] : [`REST: ${line}`]);
  });

  test('never show what a config provider gave', async () => {
    const reference = `${'$'}{env:SLASH}`;
    expect(await problemsOf({ name: reference, 'connector.class': reference })).toEqual([
      `REST: connector.class: no source connector is called "${reference}"; expected one of directory, local, bad-options, even, exports-a-function, exports-nothing, folder, hex, lines, shout, takes-type, throws-at-load, throws-in-check, without-create, or a package's name`,
      `REST: name: expected a name without / and \\, got "${reference}"`,
    ]);
  });

  test('of a config provider are told once', async () => {
    const reference = `${'$'}{env:NOPE}`;
    expect(await problemsOf({ name: reference, 'input.path': reference })).toEqual([
      `REST: input.path: ${reference}: the environment variable NOPE is not set`,
      `REST: name: ${reference}: the environment variable NOPE is not set`,
    ]);
  });
});

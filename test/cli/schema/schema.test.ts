import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { completed, exampleFolder, put } from '../../docs/feed-blocks.ts';
import { blocks, page } from '../../docs/markdown.ts';
import { headrace } from '../support/run-command.ts';

const folder = exampleFolder(blocks('ts'));
afterAll(() => rmSync(folder, { recursive: true }));
put(folder, 'worker.yaml', 'bootstrap.servers: localhost:9092\nplugin.path: ./plugins\n');

async function schemaOf(...args: string[]) {
  const { stdout, stderr } = await headrace(['schema', ...args], { cwd: folder });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const feeds = new Ajv({ strict: false, allErrors: true }).compile(
  await schemaOf('feed', '--worker', 'worker.yaml'),
);
const workers = new Ajv({ strict: false, allErrors: true }).compile(await schemaOf('worker'));

/** Of a text what is wrong by a schema, a place and a word each. */
function wrongIn(validate: typeof feeds, text: string): string[] {
  validate(parse(text));
  return (validate.errors ?? []).map(
    ({ instancePath, params, keyword }) => `${params.additionalProperty ?? instancePath.slice(1)} ${keyword}`,
  );
}

const FEEDS = [
  'config/trades.yaml',
  'config/asx-trades.yaml',
  'config/asx-quotes.yaml',
  'config/asx-reference.yaml',
  'examples/quickstart/trades.yaml',
];

describe('what is right for Headrace is right for an editor:', () => {
  test.each(blocks('yaml'))('the $note at $place', ({ note, text }) => {
    if (note === 'worker') expect(wrongIn(workers, text)).toEqual([]);
    else expect(wrongIn(feeds, note === 'part' ? completed(text) : text)).toEqual([]);
  });

  test.each(FEEDS)('%s', (path) => {
    expect(wrongIn(feeds, page(path).text)).toEqual([]);
  });

  test('config/worker.yaml', () => {
    expect(wrongIn(workers, page('config/worker.yaml').text)).toEqual([]);
  });
});

const FEED =
  'name: a\nconnector.class: directory\ninput.path: ./drop\ntransforms: parse\ntransforms.parse.type: csv\n';

describe('a feed', () => {
  test.each([
    ['an unknown key', 'finishd.path: ./done', 'finishd.path additionalProperties'],
    [
      'an option that no plugin has',
      'transforms.parse.delimeter: ;',
      'transforms.parse.delimeter additionalProperties',
    ],
    ['an option of another connector', 's3.bucket: drop', 's3.bucket false schema'],
    ['a word that is none of those allowed', 'errors.tolerance: some', 'errors.tolerance enum'],
    ['a number that is none', 'tasks.max: many', 'tasks.max type'],
    ['a number below zero', 'tasks.max: -1', 'tasks.max minimum'],
    ['an address that is none', 'notify.url: hooks', 'notify.url pattern'],
  ])('has %s', (_what, line, wrong) => {
    expect(wrongIn(feeds, `${FEED}${line}\n`)).toContain(wrong);
  });

  test.each([
    ['text for a number', 'tasks.max: "2"'],
    ['a reference for a number', `tasks.max: \${env:TASKS}`],
    ['a reference for a word', `errors.tolerance: \${file:x:y}`],
    ['a list as YAML has it', 'expect.columns: [a, b]'],
    ['any topic setting', 'topic.creation.default.cleanup.policy: compact'],
    ['a plugin that is not known', 'transforms.more.type: my-package'],
    ['indented keys', 'errors:\n  tolerance: all\n  deadletterqueue:\n    topic.name: dlq'],
    ['indented options of a stage', 'transforms.validate:\n  type: schema\n  fields: {price: double}'],
    ['a label for metrics', 'metrics.labels.exchange: asx'],
  ])('may have %s', (_what, lines) => {
    expect(wrongIn(feeds, `${FEED}${lines}\n`)).toEqual([]);
  });

  test('may stand below config, as Kafka Connect has it', () => {
    expect(wrongIn(feeds, JSON.stringify({ name: 'a', config: parse(FEED) }))).toEqual([]);
    expect(wrongIn(feeds, JSON.stringify({ name: 'a', config: { ...parse(FEED), finishd: 1 } }))).toContain(
      'finishd additionalProperties',
    );
  });

  test('lacks what its connector requires, or its name', () => {
    expect(wrongIn(feeds, FEED.replace('input.path: ./drop\n', ''))).toContain(' required');
    expect(wrongIn(feeds, FEED.replace('name: a\n', ''))).toContain(' required');
  });

  test('has the options of plugins of plugin.path', () => {
    const stage = 'transforms.ticker.type: ticker\ntransforms.ticker.field: symbol\n';
    expect(wrongIn(feeds, FEED + stage)).toEqual([]);
  });
});

test('a worker has an unknown key, and keys of Kafka Connect that mean nothing', () => {
  expect(wrongIn(workers, 'bootstrap.server: localhost:9092\n')).toContain(
    'bootstrap.server additionalProperties',
  );
  expect(wrongIn(workers, 'offset.flush.interval.ms: 1000\nproducer.linger.ms: 5\n')).toEqual([]);
});

test('a plugin that cannot be loaded is told, and the rest described', async () => {
  const broken = put(folder, 'broken/bad.ts', 'export default 1;\n');
  put(folder, 'broken.yaml', 'bootstrap.servers: localhost:9092\nplugin.path: ./broken\n');
  const { stdout, stderr, code } = await headrace(['schema', 'feed', '--worker', 'broken.yaml'], {
    cwd: folder,
  });
  expect([code, JSON.parse(stdout).title]).toEqual([0, 'A feed of Headrace']);
  expect(stderr).toContain(join('broken', 'bad.ts'));
  expect(broken).toContain('bad.ts');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { loadConnectorConfig } from '../../../src/config/connector-config.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../../src/config/worker-config.ts';
import { createPluginLoader } from '../../../src/loader/plugin-loader.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-versions-'));
afterAll(() => rmSync(folder, { recursive: true }));
const plugin = (name: string, version: string) =>
  writeFileSync(
    join(folder, `${name}.mjs`),
    `export default { kind: 'predicate', name: '${name}', ${version} doc: '', config: {}, create() {} };`,
  );
plugin('aged', "version: '2.5.0',");
plugin('ageless', '');

const FEED = {
  name: 'v',
  'connector.class': 'directory',
  'input.path': './drop',
  transforms: 'parse,route',
  'transforms.parse.type': 'csv',
  'transforms.route.type': 'route',
  'transforms.route.topic': 'trades',
  'transforms.route.predicate': 'one',
  predicates: 'one',
  'predicates.one.type': 'aged',
};

function workerWith(options: Readonly<Record<string, string>>): WorkerConfig {
  const entries = entriesOf(
    { 'bootstrap.servers': 'localhost:9092', 'plugin.path': folder, ...options },
    'worker',
  );
  return parseWorkerConfig(entries, {}).config as WorkerConfig;
}

async function mistakes(asked: Readonly<Record<string, string>>, worker = workerWith({})): Promise<string[]> {
  const { problems } = await loadConnectorConfig(
    entriesOf({ ...FEED, ...asked }, 'feed'),
    createPluginLoader(worker),
    worker,
  );
  return problems.map(({ key, message }) => `${key}: ${message}`);
}

const KEYS = [
  ['connector.plugin.version', 'directory'],
  ['key.converter.plugin.version', 'string'],
  ['value.converter.plugin.version', 'json'],
  ['transforms.parse.plugin.version', 'csv'],
  ['transforms.route.plugin.version', 'route'],
] as const;

test.each(KEYS)('%s is the version of Headrace', async (key, name) => {
  const { version } = packageJson;
  for (const right of [version, `[${version}]`, `[${version},)`, 'latest'])
    expect(await mistakes({ [key]: right })).toEqual([]);
  expect(await mistakes({ [key]: '[98.0,99.0)' })).toEqual([
    `${key}: the plugin ${name} has version ${version}, which is not in [98.0,99.0); install another one, or change the range`,
  ]);
  expect(await mistakes({ [key]: '99' })).toEqual([
    `${key}: the plugin ${name} has version ${version}, which is not in [99,99]; install another one, or change the range`,
  ]);
  expect(await mistakes({ [key]: '[99' })).toEqual([
    `${key}: expected a version such as 1.0, or a range such as [1.0,2.0), got "[99"`,
  ]);
});

test('a plugin of your own has the version that it tells, if it tells one', async () => {
  const key = 'predicates.one.plugin.version';
  expect(await mistakes({ [key]: '[2.0,3.0)' })).toEqual([]);
  expect(await mistakes({ [key]: '(2.5,3.0)' })).toEqual([
    `${key}: the plugin aged has version 2.5.0, which is not in (2.5,3.0); install another one, or change the range`,
  ]);
  expect(await mistakes({ 'predicates.one.type': 'ageless', [key]: '1' })).toEqual([
    `${key}: the plugin ageless tells no version; give it one (version: '1.0.0' beside its name), or leave this key out`,
  ]);
});

test('what a worker asks of its converters counts for feeds that name none', async () => {
  const worker = workerWith({ 'value.converter': 'json', 'value.converter.plugin.version': '99' });
  const refused = await mistakes({}, worker);
  expect(refused).toEqual([
    expect.stringContaining('value.converter.plugin.version: the plugin json has version'),
  ]);
  expect(await mistakes({ 'value.converter': 'string' }, worker)).toEqual([]);
});

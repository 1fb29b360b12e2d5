import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type ConfigEntries, entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../../src/config/worker-config.ts';
import { askAboutAll } from '../../../src/runtime/plugins/ask-plugins.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-asked-'));
afterAll(() => rmSync(folder, { recursive: true }));
const plugin = (name: string, check: string) =>
  writeFileSync(
    join(folder, `${name}.mjs`),
    `export default { kind: 'transformation', name: '${name}', doc: '', config: {}, check() { ${check} }, create() {} };`,
  );
plugin('good', 'return [];');
plugin('stuck', 'for (;;);');

const worker = parseWorkerConfig(
  entriesOf(
    { 'bootstrap.servers': 'localhost:9092', 'plugin.path': folder, 'plugin.timeout.ms': '1000' },
    'worker',
  ),
  {},
).config as WorkerConfig;

function feed(name: string, transformation: string): ConfigEntries {
  return entriesOf(
    {
      name,
      'connector.class': 'directory',
      'input.path': './drop',
      'tasks.max': '3',
      transforms: 'parse,own,route',
      'transforms.parse.type': 'csv',
      'transforms.own.type': transformation,
      'transforms.route.type': 'route',
      'transforms.route.topic': 'trades',
    },
    'feed',
  );
}

test('of several feeds each has its answer, whatever the plugins of those before it do', async () => {
  const names = ['good', 'source', 'stuck', 'good', 'stuck'];
  const asked = names.map((type, at) => feed(`feed-${at}`, type));
  const results = await askAboutAll('feed', asked, worker);
  const told = results.map((result) =>
    result.status === 'fulfilled'
      ? [result.value.feed?.config.name, result.value.feed?.tasks?.count]
      : result.reason.message,
  );
  const held = expect.stringContaining(
    `(plugin stuck, ${join(folder, 'stuck.mjs')}): check has not come back for 1 s`,
  );
  expect(told).toEqual([['feed-0', 3], ['feed-1', 3], held, ['feed-3', 3], held]);
});

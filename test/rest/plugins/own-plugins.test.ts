import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../../src/config/worker-config.ts';
import type { ConfigInfos } from '../../../src/rest/plugins/config-infos.ts';
import { addPluginRoutes } from '../../../src/rest/plugins/plugin-routes.ts';
import { openApp } from '../open-app.ts';
import { FEED } from './feed.ts';

const folder = await mkdtemp(join(tmpdir(), 'rest-plugins-'));

function plugin(name: string, check: string): Promise<void> {
  const text = `import { defineTransformation } from 'headrace/plugin';
    export default defineTransformation({
      name: '${name}',
      doc: 'A transformation of the tests.',
      config: { colour: { doc: 'Any.', format: 'string', required: true }, secret: { doc: 'Any.', format: 'string', default: null, sensitive: true } },
      check(values) { ${check} },
      create: () => ({ apply: (record) => record }),
    });`;
  return writeFile(join(folder, `${name}.ts`), text);
}

await plugin('picky', "return values.colour === 'red' ? [] : [{ key: 'colour', message: 'expected red' }];");
await plugin('stuck', 'for (;;);');
await plugin('leaving', 'process.exit(0);');

const entries = entriesOf(
  { 'bootstrap.servers': 'localhost:9092', 'plugin.path': folder, 'plugin.timeout.ms': '2000' },
  'worker',
);
const worker = parseWorkerConfig(entries, {}).config as WorkerConfig;
const app = openApp();
addPluginRoutes(app, worker);
const url = await app.listen();
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

async function validated(type: string, options: Readonly<Record<string, string>> = {}): Promise<ConfigInfos> {
  const transforms = { transforms: `${FEED.transforms},own`, 'transforms.own.type': type };
  const own = Object.entries(options).map(([name, text]) => [`transforms.own.${name}`, text]);
  const response = await fetch(`${url}/connector-plugins/directory/config/validate`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...FEED, ...transforms, ...Object.fromEntries(own) }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as ConfigInfos;
}

const ownValue = ({ configs }: ConfigInfos, key: string) =>
  configs.find(({ value }) => value.name === `transforms.own.${key}`)?.value;

test('a plugin of your own is listed without a version, with its options', async () => {
  const listed = await (await fetch(`${url}/connector-plugins?connectorsOnly=false`)).json();
  expect(listed).toContainEqual({ class: 'picky', type: 'transformation' });
  expect(listed).toContainEqual({ class: 'schema', type: 'transformation', version: packageJson.version });
  const keys = await (await fetch(`${url}/connector-plugins/picky/config`)).json();
  expect(keys).toMatchObject([
    { name: 'colour', type: 'STRING', required: true },
    { name: 'secret', type: 'PASSWORD', default_value: null },
  ]);
});

test('its own check is heard, and its secrets are not shown', async () => {
  const infos = await validated('picky', { colour: 'blue', secret: 'hunter2' });
  expect(infos).toMatchObject({ error_count: 1 });
  expect(ownValue(infos, 'colour')?.errors).toEqual([
    'Invalid value blue for configuration transforms.own.colour: expected red',
  ]);
  expect(JSON.stringify(infos)).not.toContain('hunter2');
  expect(ownValue(infos, 'secret')?.value).toBe('[hidden]');
});

test('a check that never ends is named when its time is up, and holds nothing else', async () => {
  const validating = validated('stuck', { colour: 'red' });
  const others = [fetch(`${url}/connector-plugins`), validated('picky', { colour: 'red' })] as const;
  const [list, infos] = await Promise.all(others);
  expect([list.status, infos.error_count]).toEqual([200, 0]);
  const { error_count: count, configs } = await validating;
  expect(count).toBe(1);
  const [error] = configs.flatMap(({ value }) => value.errors);
  expect(error).toContain(`plugin stuck, ${join(folder, 'stuck.ts')}`);
  expect(error).toContain('has not come back for 2 s (plugin.timeout.ms of the worker)');
});

test('a check that ends its process ends only itself', async () => {
  const { error_count: count, configs } = await validated('leaving', { colour: 'red' });
  expect(count).toBe(1);
  expect(configs.flatMap(({ value }) => value.errors)).toEqual([
    'a plugin ended the thread that asked it, with code 0',
  ]);
});

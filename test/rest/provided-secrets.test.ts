// biome-ignore-all lint/suspicious/noTemplateCurlyInString: config providers are written like this.
import { expect, test } from 'vitest';
import { headrace } from '../cli/support/run-command.ts';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { uniqueName } from '../support/stack.ts';
import { startVault, VAULT_TOKEN } from '../support/vault-server.ts';
import { bootstrapServers } from './rest-daemon.ts';

const CANARY = 'CANARY-5K';
const GUARDED = `import { defineTransformation } from 'headrace/plugin';
const option = { doc: 'Is not shown.', format: 'string', required: true } as const;
export default defineTransformation({
  name: 'guarded', doc: 'Needs secrets.', config: { a: option, b: option, c: option, d: option },
  create: ({ a, b, c, d }) => ({ apply: (record) => (new Set([a, b, c, d]).size === 4 && d.endsWith('vault') ? record : null) }),
});
`;
/** From each provider, to an option that is not known for a secret. */
const SECRETS = {
  'transforms.guard.a': '${env:A_SECRET}',
  'transforms.guard.b': '${file:./secrets/a.properties:b}',
  'transforms.guard.c': '${dir:./secrets:c}',
  'transforms.guard.d': '${vault:secret/app:d}',
};
const PATHS = ['', 'status', 'config', 'tasks', 'files', 'topics', 'offsets'];

test('what providers give is in no log, answer, check or preview, whatever the option', async () => {
  const vault = await startVault({ 'secret/data/app': { d: `${CANARY}-vault` } });
  const folder = await FeedFolder.make(uniqueName('provided'));
  const env = { A_SECRET: `${CANARY}-env`, VAULT_TOKEN };
  await folder.write('secrets/a.properties', `b=${CANARY}-file\n`);
  await folder.write('secrets/c', `${CANARY}-dir\n`);
  await folder.write('plugins/guarded.ts', GUARDED);
  await folder.worker({
    ...{ 'bootstrap.servers': bootstrapServers, 'offset.storage.topic': `${folder.name}.offsets` },
    ...{ 'offset.storage.partitions': '1', listeners: 'http://127.0.0.1:0', 'plugin.path': './plugins' },
    ...{ 'config.providers.allowed.paths': './secrets', 'config.providers': 'vault' },
    'config.providers.vault.param.address': vault.address,
    'client.id': '${vault:secret/app:d}',
  });
  await folder.feed({
    ...SECRETS,
    ...{ transforms: 'parse,guard,validate,route', 'transforms.guard.type': 'guarded' },
  });
  await folder.write('drop/a.csv', 'symbol,price\nBHP,1\nRIO,x\n');
  const run = (...args: string[]) =>
    headrace([...args, '--worker', 'worker.yaml'], { cwd: folder.path, env });
  const outputs: string[] = [];
  for (const args of [
    ['validate', 'feed.yaml'],
    ['validate', 'feed.yaml', '--json'],
    ['preview', 'feed.yaml', 'drop/a.csv', '--json'],
  ]) {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stderr]).toEqual([0, '']);
    outputs.push(stdout);
  }
  const daemon = folder.start(env);
  // Two rows were read by way of the secrets: one is delivered, one rejected.
  expect(await daemon.waitFor('file completed')).toMatchObject({ produced: 1, rejected: 1, filtered: 0 });
  const url = String((await daemon.waitFor('REST listening')).address);
  const get = async (path: string) => outputs.push(await (await fetch(url + path)).text());
  for (const path of PATHS) await get(`/connectors/${folder.name}/${path}`);
  for (const path of ['/', '/connectors?expand=info&expand=status', '/metrics', '/connector-plugins'])
    await get(path);
  outputs.push(JSON.stringify(daemon.lines));
  // The store is needed no more: a task that starts again has what was given.
  vault.stop();

  await folder.feed({
    ...Object.fromEntries(
      Object.values(SECRETS).map((reference, index) => [`transforms.parse.x${index}`, reference]),
    ),
    ...{ 'tasks.max': SECRETS['transforms.guard.a'], 'settle.ms': SECRETS['transforms.guard.b'] },
    ...{
      'errors.tolerance': SECRETS['transforms.guard.c'],
      'scan.interval.ms': SECRETS['transforms.guard.d'],
    },
  });
  const wrong = await run('validate', 'feed.yaml');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('tasks.max: expected a whole number');
  expect(wrong.stderr).toMatch(/Vault at \S+ does not answer \(ECONNREFUSED\)/);
  outputs.push(wrong.stderr, wrong.stdout);
  for (const output of outputs) expect(output).not.toContain(CANARY);
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: config providers are written like this.
import { expect, onTestFinished, test, vi } from 'vitest';
import { headrace } from '../cli/support/run-command.ts';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { recordsIn } from '../integration/support/read-topic.ts';
import { uniqueName } from '../support/stack.ts';
import { startTestVault, type TestVault, vaultServes } from '../support/vault.ts';
import { getPaths } from './get-paths.ts';
import { bootstrapServers } from './rest-daemon.ts';

const CANARY = 'CANARY-5K';
const MADE = 'made-over-rest';
const GUARDED = `import { defineTransformation } from 'headrace/plugin';
const option = { doc: 'Is not shown.', format: 'string', required: true } as const;
export default defineTransformation({
  name: 'guarded', doc: 'Needs secrets.', config: { name: option, a: option, b: option, c: option, d: option },
  create({ name, ...given }) {
    if (name === '${MADE}') throw new Error('no entry with ' + (given.d.endsWith('vault') ? given.d : 'it'));
    const secrets = new Set(Object.values(given).filter((one) => one.startsWith('${CANARY}')));
    return { apply: (record) => (secrets.size === 4 ? record : null) };
  },
});
`;
/** Options that take none of them. */
const MISTAKEN = ['tasks.max', 'settle.ms', 'errors.tolerance', 'scan.interval.ms'];
const QUERIES: Readonly<Record<string, string>> = {
  '/connectors': '?expand=info&expand=status',
  '/connector-plugins': '?connectorsOnly=false',
};

test('what providers give is in no answer, log, check, preview or topic, whatever the option', {
  timeout: 120_000,
}, async () => {
  const { folder, env, secrets, stopVault } = await guardedFeed();
  const mistaken = [...MISTAKEN.entries()].map(([index, key]) => [key, Object.values(secrets)[index]]);
  const run = (...args: string[]) => headrace(args, { cwd: folder.path, env });
  const worker = ['--worker', 'worker.yaml'];
  const outputs: string[] = [];
  const checks = [
    run('validate', 'feed.yaml', '--json', ...worker),
    run('preview', 'feed.yaml', 'drop/a.csv', '--json', ...worker),
    run('doctor', 'feed.yaml', ...worker),
  ];
  for (const { code, stdout, stderr } of await Promise.all(checks)) {
    expect([code, stderr]).toEqual([0, '']);
    outputs.push(stdout);
  }
  const daemon = folder.start(env);
  // Two rows were read by way of the secrets: one is delivered, one rejected.
  expect(await daemon.waitFor('file completed')).toMatchObject({ produced: 1, rejected: 1, filtered: 0 });
  const url = String((await daemon.waitFor('REST listening')).address);
  outputs.push(
    ...(await changesOver(url, folder, Object.fromEntries(mistaken))),
    ...(await answersOf(url, [folder.name, MADE])),
  );
  outputs.push((await run('config', MADE, '--url', url)).stdout, JSON.stringify(daemon.lines));
  for (const topic of ['', '.dlq', '.offsets', '.config', '.status'].map((end) => folder.name + end)) {
    const records = await recordsIn(bootstrapServers, topic);
    expect(records.length, topic).toBeGreaterThan(0);
    outputs.push(...records.map(({ key, value, headers }) => `${key} ${value} ${JSON.stringify(headers)}`));
  }
  // The store is needed no more: a task that starts again has what was given.
  stopVault();

  await folder.feed({
    ...Object.fromEntries(
      Object.values(secrets).map((reference, index) => [`transforms.parse.x${index}`, reference]),
    ),
    ...Object.fromEntries(mistaken),
  });
  const wrong = await run('validate', 'feed.yaml', ...worker);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('tasks.max: expected a whole number');
  outputs.push(wrong.stderr, wrong.stdout);
  for (const output of outputs) expect(output).not.toContain(CANARY);
});

/** A worker and a feed with a secret of each provider; Vault's is the environment's where there is no Vault. */
async function guardedFeed() {
  const vault: TestVault | null = (await vaultServes()) ? await startTestVault() : null;
  onTestFinished(() => vault?.stop());
  await vault?.call('POST', 'secret/data/app', { data: { d: `${CANARY}-vault` } });
  const folder = await FeedFolder.make(uniqueName('provided'));
  // To options that are not known for secrets. Paths in what REST makes are relative to another folder.
  const secrets = {
    'transforms.guard.a': '${env:A_SECRET}',
    'transforms.guard.b': `\${file:${folder.at('secrets/a.properties')}:b}`,
    'transforms.guard.c': `\${dir:${folder.at('secrets')}:c}`,
    'transforms.guard.d': vault === null ? '${env:D_SECRET}' : '${vault:secret/app:d}',
  };
  const token = (await vault?.tokenFor(['secret/data/app'])) ?? '';
  const env = { A_SECRET: `${CANARY}-env`, D_SECRET: `${CANARY}-d`, VAULT_TOKEN: token };
  await folder.write('secrets/a.properties', `b=${CANARY}-file\n`);
  await folder.write('secrets/c', `${CANARY}-dir\n`);
  await folder.write('plugins/guarded.ts', GUARDED);
  const topic = (purpose: string) => `${folder.name}.${purpose}`;
  await folder.worker({
    ...{ 'bootstrap.servers': bootstrapServers, 'offset.storage.topic': topic('offsets') },
    ...{ 'config.storage.topic': topic('config'), 'status.storage.topic': topic('status') },
    ...{ listeners: 'http://127.0.0.1:0', 'plugin.path': './plugins' },
    ...{
      'config.providers.allowed.paths': './secrets',
      'config.providers': vault === null ? 'env' : 'vault',
    },
    ...(vault && { 'config.providers.vault.param.address': vault.address }),
    'client.id': secrets['transforms.guard.d'],
  });
  await folder.feed({
    ...secrets,
    ...{ transforms: 'parse,guard,validate,route', 'transforms.guard.type': 'guarded' },
    'transforms.guard.name': 'guarded',
  });
  await folder.write('drop/a.csv', 'symbol,price\nBHP,1\nRIO,x\n');
  return { folder, env, secrets, stopVault: () => void vault?.stop() };
}

/** What a worker says to the same feed under another name, to one with mistakes, and to a question about one. */
async function changesOver(url: string, folder: FeedFolder, mistaken: object): Promise<string[]> {
  const send = async (method: string, path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };
  const { config } = (await (await fetch(`${url}/connectors/${folder.name}`)).json()) as { config: object };
  const paths = { 'input.path': folder.at('plugins'), 'finished.path': folder.at('made') };
  const own = { ...config, ...paths, name: MADE, 'transforms.guard.name': MADE };
  const wrong = { ...own, ...mistaken };
  const made = await send('POST', '/connectors', { name: MADE, config: own });
  const refused = await send('PUT', `/connectors/${MADE}/config`, wrong);
  const checked = await send('PUT', '/connector-plugins/directory/config/validate', wrong);
  expect(made).toMatchObject({ status: 201 });
  expect([refused, checked].map(({ status }) => status)).toEqual([400, 200]);
  // Its plugin fails with the secret of a store in its words.
  const state = async () => await (await fetch(`${url}/connectors/${MADE}/tasks/0/status`)).text();
  await vi.waitFor(async () => expect(await state()).toContain('FAILED'), { timeout: 30_000 });
  expect(await state()).toContain('no entry with ');
  return [made.text, refused.text, checked.text];
}

/** To every GET that a worker answers. */
async function answersOf(url: string, connectors: readonly string[]): Promise<string[]> {
  const names: Readonly<Record<string, readonly string[]>> = {
    connector: connectors,
    task: ['0'],
    type: ['directory', 'guarded'],
    logger: ['root'],
  };
  const answers: string[] = [];
  for (const path of (await getPaths()).flatMap((route) => pathsOf(route, names))) {
    const response = await fetch(url + path + (QUERIES[path] ?? ''));
    expect(response.status, path).toBe(200);
    const isEndless = response.headers.get('content-type') === 'text/event-stream';
    const last = path.endsWith('/tap') ? 'tapping' : 'log';
    answers.push(isEndless ? await firstEventsOf(response, last) : await response.text());
  }
  for (const name of connectors)
    answers.push(await firstEventsOf(await fetch(`${url}/console/events?feed=${name}`), 'feed'));
  return answers;
}

/** What the console, or a tap, is told, up to the whole of an event. */
async function firstEventsOf(response: Response, last: string): Promise<string> {
  let text = '';
  for await (const bytes of response.body as ReadableStream<Uint8Array>) {
    text += Buffer.from(bytes).toString();
    if (new RegExp(`event: ${last}\ndata: .*\n`).test(text)) return text;
  }
  throw new Error(`the events ended before an event ${last}: ${text}`);
}

/** A route's paths, with a name for each of its parameters. */
function pathsOf(route: string, names: Readonly<Record<string, readonly string[]>>): string[] {
  const [parameter, name = ''] = /:(\w+)(?:\([^)]*\))?/.exec(route) ?? [];
  if (parameter === undefined) return [route];
  return (names[name] ?? []).flatMap((one) => pathsOf(route.replace(parameter, one), names));
}

import { readFile, rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import { startRestDaemon } from '../rest-daemon.ts';

const LIMIT = { 'plugin.path': './plugins', 'plugin.timeout.ms': '1500' };

/** Holds its thread from the load on that is named by the file beside it. */
const MOODY = `import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { defineTransformation } from 'headrace/plugin';
const at = (name) => new URL(name, import.meta.url);
appendFileSync(at('loads.txt'), 'x');
if (existsSync(at('held.txt')) && readFileSync(at('loads.txt')).length >= Number(readFileSync(at('held.txt')))) for (;;);
export default defineTransformation({ name: 'moody', doc: 'Any.', config: {}, create: () => ({ apply: (record) => record }) });
`;

const UNSPLIT = `import { defineSourceConnector } from 'headrace/plugin';
export default defineSourceConnector({
  name: 'unsplit', doc: 'Any.', config: {}, taskCount() { for (;;); }, createTask: () => ({ async *read() {} }),
});
`;

const CSV = {
  transforms: 'parse,route',
  'transforms.parse.type': 'csv',
  'transforms.route.type': 'route',
  'transforms.route.topic': 'held',
};

interface Status {
  readonly connector: { readonly state: string; readonly trace?: string };
  readonly tasks: readonly { readonly state: string; readonly trace?: string }[];
}

test('a plugin that holds its thread is named, and never holds the worker: when it is loaded again, when it splits tasks, when a worker starts again', {
  timeout: 90_000,
}, async () => {
  const rest = await startRestDaemon([], { 'plugins/moody.ts': MOODY, 'plugins/unsplit.ts': UNSPLIT }, LIMIT);
  const { folder } = rest;
  let { url } = rest;
  await rest.daemon.waitFor('worker started');
  const send = (method: string, path: string, body?: object) =>
    fetch(url + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  const status = async (name: string) =>
    (await (await send('GET', `/connectors/${folder.name}-${name}/status`)).json()) as Status;
  const make = (name: string, config: Readonly<Record<string, string>>) =>
    send('POST', '/connectors', { name: `${folder.name}-${name}`, config: { ...CSV, ...config } });
  const watching = (path: string) => ({
    'connector.class': 'directory',
    'input.path': folder.at(path),
    'finished.path': folder.at(`${path}-done`),
  });
  const moody = { ...watching('moody'), transforms: 'parse,moody,route', 'transforms.moody.type': 'moody' };
  const held = `${folder.at('plugins/moody.ts')}): import has not come back for 1.5 s`;

  await folder.write('plugins/held.txt', '2');
  expect((await make('moody', moody)).status).toBe(201);
  await expect
    .poll(async () => (await status('moody')).tasks[0], { timeout: 20_000 })
    .toMatchObject({
      state: 'FAILED',
      trace: expect.stringContaining(held),
    });
  // By who checked it, by its task, and by its task once more.
  expect(await readFile(folder.at('plugins/loads.txt'), 'utf8')).toBe('xxx');

  const refused = await make('unsplit', { 'connector.class': 'unsplit' });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain(
    `connector.class (plugin unsplit, ${folder.at('plugins/unsplit.ts')}): taskCount has not come back for 1.5 s`,
  );

  expect((await make('drop', watching('drop'))).status).toBe(201);
  await rest.daemon.kill();
  await folder.feed();
  const again = HeadraceProcess.start({ feeds: [folder.at('feed.yaml')], worker: folder.at('worker.yaml') });
  onTestFinished(() => again.kill());
  url = String((await again.waitFor('REST listening')).address);
  await again.waitFor('worker started');
  expect(await status('moody')).toMatchObject({
    connector: { state: 'FAILED', trace: expect.stringContaining(held) },
  });
  // Who is in a file has it, and nobody else reads the same folder.
  const conflict = expect.stringContaining(
    `input.path of "${folder.name}-drop" (config) and input.path of "${folder.name}"`,
  );
  expect(await status('drop')).toMatchObject({ connector: { state: 'FAILED', trace: conflict }, tasks: [] });
  await again.waitFor(({ msg, connector }) => msg === 'task running' && connector === folder.name);
  const told = again.lines.filter(({ msg }) => msg === 'connector failed');
  expect(told.map(({ connector, error }) => [connector, error])).toEqual([
    [`${folder.name}-moody`, expect.objectContaining({ message: expect.stringContaining(held) })],
    [`${folder.name}-drop`, expect.objectContaining({ message: conflict })],
  ]);

  await rm(folder.at('plugins/held.txt'));
  expect((await send('POST', `/connectors/${folder.name}-moody/restart`)).status).toBe(204);
  await expect
    .poll(() => status('moody'), { timeout: 20_000 })
    .toMatchObject({ connector: { state: 'RUNNING' }, tasks: [{ state: 'RUNNING' }] });
  expect(await again.stop()).toBe(0);
});

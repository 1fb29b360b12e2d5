import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { MOST_TAPPERS } from '../../src/rest/tap/tappers.ts';
import { headrace } from '../cli/support/run-command.ts';
import { uniqueName } from '../support/stack.ts';
import { type RestDaemon, startRestDaemon } from './rest-daemon.ts';

const HEADER = 'symbol,price\n';
const rows = (count: number, symbol = 'BHP') =>
  HEADER + Array.from({ length: count }, (_, row) => `${symbol},${row}\n`).join('');

/** What a path of server-sent events tells. */
async function events({ url }: RestDaemon, path: string, headers: Record<string, string> = {}) {
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const answer = await fetch(url + path, { signal: end.signal, headers });
  let text = '';
  const read = (async () => {
    for await (const piece of answer.body ?? []) text += Buffer.from(piece).toString();
  })().catch(() => {});
  const all = (name: string) =>
    [...text.matchAll(new RegExp(`^event: ${name}\ndata: (.*)$`, 'gm'))].map(([, data = '']) =>
      JSON.parse(data),
    );
  const some = async (name: string, enough: (all: ReturnType<typeof JSON.parse>[]) => boolean) => {
    await expect.poll(() => enough(all(name)), { timeout: 20_000 }).toBe(true);
    return all(name);
  };
  return { status: answer.status, some, ended: read, close: () => end.abort(), text: () => text };
}

test('a tap tells records of all tasks, and how many rows came by and were passed over', async () => {
  const name = uniqueName('tap');
  const daemon = await startRestDaemon([{ name, 'tasks.max': '2' }]);
  const tap = await events(daemon, `/connectors/${name}/tap?stage=parse`);
  await tap.some('tapping', ([first]) => first?.stage === 'parse');
  for (let file = 0; file < 8; file++) await daemon.folder.write(`drop/${file}.csv`, rows(1_000));
  await tap.some('record', (all) => new Set(all.map(({ task }) => task)).size === 2);
  await tap.some('counts', (all) => all.at(-1)?.rows >= 8_000);
  const told = tap.text();
  const last = told.lastIndexOf('event: counts\n');
  const { rows: seen, passedOver } = JSON.parse(/^data: (.*)$/m.exec(told.slice(last))?.[1] ?? '');
  expect(told.slice(0, last).match(/^event: record$/gm)).toHaveLength(seen - passedOver);
});

test('a task that is started again, and one that slept, go on being tapped', async () => {
  const [name, other] = [uniqueName('tap'), uniqueName('other')];
  const feeds = [{ name }, { name: other, 'input.path': './other' }];
  const daemon = await startRestDaemon(feeds, {}, { 'worker.threads.max': '1' });
  const tap = await events(daemon, `/connectors/${name}/tap`);
  await daemon.folder.write('drop/a.csv', rows(1, 'BHP'));
  await tap.some('record', (all) => all.at(-1)?.value.symbol === 'BHP');
  await fetch(`${daemon.url}/connectors/${name}/restart?includeTasks=true`, { method: 'POST' });
  await daemon.folder.write('drop/b.csv', rows(1, 'RIO'));
  await tap.some('record', (all) => all.at(-1)?.value.symbol === 'RIO');
  await daemon.folder.write('other/a.csv', rows(1));
  await daemon.daemon.waitFor((line) => line.msg === 'file completed' && line.connector === other);
  await daemon.folder.write('drop/c.csv', rows(1, 'CBA'));
  await tap.some('record', (all) => all.at(-1)?.value.symbol === 'CBA');
});

test('who does not read holds up no task', async () => {
  const name = uniqueName('tap');
  const daemon = await startRestDaemon([{ name }]);
  const { hostname, port } = new URL(daemon.url);
  const socket = connect(Number(port), hostname).pause();
  onTestFinished(() => void socket.destroy());
  socket.write(`GET /connectors/${name}/tap HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  await daemon.folder.write('drop/a.csv', rows(300_000, 'x'.repeat(100)));
  await daemon.daemon.waitFor('file completed');
});

test('who may only read may tap, and nobody else', async () => {
  const name = uniqueName('tap');
  const { stdout: users } = await headrace(['user', 'ann'], { cwd: tmpdir(), input: 'sesame\n' });
  const daemon = await startRestDaemon([{ name }], { users }, { 'rest.users.file': './users' });
  const authorization = `Basic ${Buffer.from('ann:sesame').toString('base64')}`;
  expect((await events(daemon, `/connectors/${name}/tap`)).status).toBe(401);
  const tap = await events(daemon, `/connectors/${name}/tap`, { authorization });
  await tap.some('tapping', (all) => all.length === 1);
});

test('a worker has so many taps, and the next one is told so until one ends', async () => {
  const name = uniqueName('tap');
  const daemon = await startRestDaemon([{ name }]);
  const path = `/connectors/${name}/tap`;
  const taps = await Promise.all(Array.from({ length: MOST_TAPPERS }, () => events(daemon, path)));
  const { status, text } = await events(daemon, path);
  expect(status).toBe(503);
  await expect.poll(text).toContain('taps of this worker are open already; end one of them');
  taps[0]?.close();
  await expect.poll(async () => (await events(daemon, path)).status, { timeout: 20_000 }).toBe(200);
});

test('a tap ends with its connector', async () => {
  const daemon = await startRestDaemon([{ name: uniqueName('tap') }]);
  const name = uniqueName('made');
  const config = {
    'connector.class': 'directory',
    'input.path': daemon.folder.at('made'),
    ...{ transforms: 'parse,route', 'transforms.parse.type': 'csv', 'transforms.route.type': 'route' },
    'transforms.route.topic': name,
  };
  await daemon.folder.write('made/a.csv', rows(1));
  const made = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, config }),
  };
  await expect
    .poll(async () => (await fetch(`${daemon.url}/connectors`, made)).status, { timeout: 20_000 })
    .toBe(201);
  const tap = await events(daemon, `/connectors/${name}/tap`);
  await fetch(`${daemon.url}/connectors/${name}`, { method: 'DELETE' });
  await tap.some('end', ([end]) => end?.reason === `${name} was deleted`);
  await tap.ended;
});

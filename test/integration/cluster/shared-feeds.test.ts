import { expect, onTestFinished, test } from 'vitest';
import { sharedKafka, uniqueName } from '../../support/stack.ts';
import { FeedFolder } from '../support/feed-folder.ts';
import { HeadraceProcess } from '../support/headrace-process.ts';
import { valuesIn } from '../support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();
const PATIENCE = { timeout: 40_000, interval: 100 };

interface Status {
  readonly connector: { readonly state: string };
  readonly tasks: readonly { readonly id: number; readonly state: string; readonly worker_id: string }[];
}

/** Workers of one group, each with a process of its own, on one folder. */
async function startGroup(size: number) {
  const folder = await FeedFolder.make(uniqueName('cluster'));
  const { name } = folder;
  await folder.worker({
    'bootstrap.servers': bootstrapServers,
    'group.id': name,
    'session.timeout.ms': '6000',
    'heartbeat.interval.ms': '500',
    'config.storage.topic': `${name}.configs`,
    'offset.storage.topic': `${name}.offsets`,
    'offset.storage.partitions': '1',
    'status.storage.topic': `${name}.status`,
    'file.status.storage.topic': `${name}.files`,
    listeners: 'http://127.0.0.1:0',
  });
  await folder.write('drop/readme', '');
  const start = async () => {
    const daemon = HeadraceProcess.start({ feeds: [], worker: folder.at('worker.yaml') });
    onTestFinished(() => daemon.kill());
    const url = String((await daemon.waitFor('REST listening')).address);
    await daemon.waitFor('worker started');
    return { daemon, url };
  };
  const workers = await Promise.all(Array.from({ length: size }, start));
  const config = {
    'connector.class': 'directory',
    'input.path': folder.at('drop'),
    'input.file.pattern': '*.csv',
    'settle.ms': '50',
    'scan.interval.ms': '200',
    'tasks.max': '4',
    transforms: 'parse,route',
    'transforms.parse.type': 'csv',
    'transforms.route.type': 'route',
    'transforms.route.topic': name,
    'transaction.boundary.interval.ms': '50',
    'topic.creation.default.partitions': '1',
  };
  return { folder, workers, start, config };
}

const JSON_TYPE = { 'content-type': 'application/json' };

async function ask(url: string, method: string, path: string, body?: object) {
  const sent = body === undefined ? {} : { headers: JSON_TYPE, body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, { method, ...sent });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

const fileOf = (from: number, rows: number) =>
  ['symbol,price', ...Array.from({ length: rows }, (_, row) => `S${from + row},1`), ''].join('\n');

test('the tasks of a feed are shared by three workers, and go on elsewhere when one is killed', {
  timeout: 120_000,
}, async () => {
  const { folder, workers, config } = await startGroup(3);
  const [first, second, third] = workers as [(typeof workers)[0], (typeof workers)[0], (typeof workers)[0]];
  await expect
    .poll(
      async () => (await ask(second.url, 'POST', '/connectors', { name: folder.name, config })).status,
      PATIENCE,
    )
    .toBe(201);
  const states = async (url: string): Promise<Status> =>
    (await ask(url, 'GET', `/connectors/${folder.name}/status`)).body;
  const owners = async (url: string) =>
    new Set(
      (await states(url)).tasks?.filter(({ state }) => state === 'RUNNING').map((one) => one.worker_id),
    );
  for (const { url } of workers) await expect.poll(async () => (await owners(url)).size, PATIENCE).toBe(3);

  for (let file = 0; file < 8; file++) await folder.write(`drop/${file}.csv`, fileOf(file * 100, 100));
  await expect.poll(async () => (await valuesIn(bootstrapServers, folder.name)).length, PATIENCE).toBe(800);

  await third.daemon.kill();
  for (let file = 8; file < 16; file++) await folder.write(`drop/${file}.csv`, fileOf(file * 100, 100));
  await expect.poll(async () => (await valuesIn(bootstrapServers, folder.name)).length, PATIENCE).toBe(1600);
  for (const { url } of [first, second])
    await expect.poll(async () => (await owners(url)).size, PATIENCE).toBe(2);
  const values = await valuesIn(bootstrapServers, folder.name);
  expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(1600);
});

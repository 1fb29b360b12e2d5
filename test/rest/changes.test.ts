import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { HeadraceProcess } from '../integration/support/headrace-process.ts';
import { recordsIn, valuesIn } from '../integration/support/read-topic.ts';
import { bootstrapServers, startRestDaemon } from './rest-daemon.ts';

const TRADES = 'symbol,price\nBHP,1\nRIO,2\n';
const JSON_TYPE = { 'content-type': 'application/json' };

/** A worker without feeds, a feed as it is sent to it, and what is asked of it. */
async function startEmpty() {
  const rest = await startRestDaemon([]);
  const { folder } = rest;
  await folder.feed();
  const config = {
    'connector.class': 'directory',
    'input.path': folder.at('drop'),
    'finished.path': folder.at('done'),
    'settle.ms': 50,
    'scan.interval.ms': 200,
    transforms: 'parse,route',
    'transforms.parse.type': 'csv',
    'transforms.route.type': 'route',
    'transforms.route.topic': folder.name,
    'transaction.boundary.interval.ms': 50,
    'topic.creation.default.partitions': 1,
  };
  let { url, daemon } = rest;
  const ask = async (method: string, path: string, body?: object) => {
    const sent = body === undefined ? {} : { headers: JSON_TYPE, body: JSON.stringify(body) };
    const response = await fetch(`${url}${path.replace('NAME', folder.name)}`, { method, ...sent });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  return {
    folder,
    config,
    ask,
    stateIs: (expected: object) =>
      expect
        .poll(async () => (await ask('GET', '/connectors/NAME/status')).body, { timeout: 30_000 })
        .toMatchObject(expected),
    delivered: (rows: number) =>
      expect.poll(() => valuesIn(bootstrapServers, folder.name), { timeout: 30_000 }).toHaveLength(rows),
    async killAndStart(): Promise<void> {
      await daemon.kill();
      daemon = HeadraceProcess.start({ feeds: [], worker: folder.at('worker.yaml') });
      url = String((await daemon.waitFor('REST listening')).address);
      await daemon.waitFor('worker started');
    },
    daemon: () => daemon,
    /** So many times since the daemon began. */
    tasksRan: (times: number) =>
      expect
        .poll(() => daemon.lines.filter(({ msg }) => msg === 'task running'), { timeout: 30_000 })
        .toHaveLength(times),
    end: () => daemon.stop(),
  };
}

test('a connector is made, paused, changed, stopped and deleted over REST, and a worker that was killed goes on with it as it was', async () => {
  const { folder, config, ask, stateIs, delivered, killAndStart, end } = await startEmpty();
  await expect
    .poll(async () => (await ask('POST', '/connectors', { name: folder.name, config })).status, {
      timeout: 30_000,
    })
    .toBe(201);
  await folder.write('drop/a.csv', TRADES);
  await delivered(2);

  expect(await ask('PUT', '/connectors/NAME/pause')).toEqual({ status: 202, body: null });
  await stateIs({ connector: { state: 'PAUSED' }, tasks: [{ state: 'PAUSED' }] });
  await killAndStart();
  await stateIs({ connector: { state: 'PAUSED' }, tasks: [{ state: 'PAUSED' }] });
  await folder.write('drop/b.csv', 'symbol,price\nCBA,3\n');

  expect(await ask('PATCH', '/connectors/NAME/config', { 'tasks.max': 2 })).toMatchObject({
    status: 200,
    body: { config: { 'tasks.max': '2', 'settle.ms': '50' } },
  });
  expect((await ask('PUT', '/connectors/NAME/resume')).status).toBe(202);
  await delivered(3);
  await stateIs({ connector: { state: 'RUNNING' }, tasks: [{ id: 0 }, { id: 1 }] });
  await expect
    .poll(async () => (await ask('GET', '/connectors/NAME/topics')).body, { timeout: 30_000 })
    .toEqual({ [folder.name]: { topics: [folder.name] } });

  expect((await ask('DELETE', '/connectors/NAME/offsets')).status).toBe(400);
  expect((await ask('PUT', '/connectors/NAME/stop')).status).toBe(204);
  const { body: kept } = await ask('GET', '/connectors/NAME/offsets');
  expect(kept.offsets.map(({ partition }: { partition: { file: string } }) => partition.file)).toEqual([
    'a.csv',
    'b.csv',
  ]);
  expect((await ask('DELETE', '/connectors/NAME/offsets')).status).toBe(200);
  expect((await ask('GET', '/connectors/NAME/offsets')).body).toEqual({ offsets: [] });
  expect((await ask('PATCH', '/connectors/NAME/offsets', { offsets: kept.offsets })).status).toBe(200);
  expect((await ask('GET', '/connectors/NAME/offsets')).body).toEqual(kept);

  expect((await ask('DELETE', '/connectors/NAME')).status).toBe(204);
  await killAndStart();
  expect((await ask('GET', '/connectors')).body).toEqual([]);
  expect(await end()).toBe(0);
});

test('configurations, what is to be and states are in their topics in the form of Kafka Connect', async () => {
  const { folder, config, ask, stateIs, tasksRan, daemon, end } = await startEmpty();
  const created = { name: folder.name, config, initial_state: 'STOPPED' };
  await expect
    .poll(async () => (await ask('POST', '/connectors', created)).status, { timeout: 30_000 })
    .toBe(201);
  await ask('PUT', '/connectors/NAME/resume');
  await stateIs({ tasks: [{ state: 'RUNNING' }] });
  const last = async (topic: string) => {
    const records = await recordsIn(bootstrapServers, topic);
    return Object.fromEntries(
      records.map(({ key, value }) => [String(key), value === null ? null : JSON.parse(String(value))]),
    );
  };
  const properties = {
    ...Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)])),
    name: folder.name,
  };
  expect(await last(`${folder.name}.configs`)).toMatchObject({
    [`connector-${folder.name}`]: { properties },
    [`target-state-${folder.name}`]: { state: 'STARTED', 'state.v2': 'STARTED' },
  });
  const running = { state: 'RUNNING', trace: null, generation: expect.any(Number) };
  await expect
    .poll(() => last('headrace-status'), { timeout: 30_000 })
    .toMatchObject({
      [`status-connector-${folder.name}`]: running,
      [`status-task-${folder.name}-0`]: running,
    });
  await ask('POST', '/connectors/NAME/restart?includeTasks=true');
  await tasksRan(2);
  await ask('PATCH', '/connectors/NAME/config', { 'settle.ms': '60' });
  await tasksRan(3);
  const told = daemon().lines.flatMap(({ msg }) => /^task (.*)$/.exec(msg)?.[1] ?? []);
  // Nobody has stopped it.
  expect(told).toEqual(['running', 'restarting', 'running', 'restarting', 'running']);
  expect((await ask('DELETE', '/connectors/NAME')).status).toBe(204);
  await expect
    .poll(() => last('headrace-status'), { timeout: 30_000 })
    .toMatchObject({ [`status-connector-${folder.name}`]: null, [`status-task-${folder.name}-0`]: null });
  expect(await end()).toBe(0);
});

test('a feed that is in a file is paused over REST and stays so, but its configuration is that of its file', async () => {
  const rest = await startRestDaemon([{}]);
  const { name } = rest.folder;
  await rest.daemon.waitFor('task running');
  const put = (path: string, body?: object) =>
    fetch(`${rest.url}/connectors/${name}/${path}`, {
      method: 'PUT',
      headers: JSON_TYPE,
      body: JSON.stringify(body),
    });
  const refused = await put('config', { 'connector.class': 'directory' });
  expect(refused.status).toBe(409);
  expect(((await refused.json()) as { message: string }).message).toContain(
    'feed-0.yaml; change that instead',
  );
  expect((await fetch(`${rest.url}/connectors/${name}`, { method: 'DELETE' })).status).toBe(409);
  expect((await put('pause')).status).toBe(202);
  await rest.daemon.waitFor('task paused');
  expect(await rest.daemon.stop()).toBe(0);
  const again = HeadraceProcess.start({
    feeds: [rest.folder.at('feed-0.yaml')],
    worker: rest.folder.at('worker.yaml'),
  });
  await again.waitFor('worker started');
  const url = String((await again.waitFor('REST listening')).address);
  const status = (await (await fetch(`${url}/connectors/${name}/status`)).json()) as object;
  expect(status).toMatchObject({ connector: { state: 'PAUSED' }, tasks: [] });
  expect(await again.stop()).toBe(0);
});

test('a worker without feeds and without listeners has nothing to run', async () => {
  const rest = await startRestDaemon([]);
  await writeFile(rest.folder.at('closed.yaml'), `bootstrap.servers: ${bootstrapServers}\n`);
  const closed = HeadraceProcess.start({ feeds: [], worker: rest.folder.at('closed.yaml') });
  expect(await closed.exited).toBe(2);
  expect(closed.lines.at(-1)?.msg).toContain('expected a feed file, got none');
});

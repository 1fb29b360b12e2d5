import { writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { hashPassword } from '../../../src/rest/doors/secret-hash.ts';
import { valuesIn } from '../../integration/support/read-topic.ts';
import { ask, leaderAmong, startGroup, type WorkerGroup } from '../../integration/support/worker-group.ts';
import { newAuthority } from '../../support/certificates.ts';

/** Several processes each, and the machine may be busy. */
vi.setConfig({ testTimeout: 180_000 });

const PATIENCE = { timeout: 40_000, interval: 100 };

interface Told {
  readonly connector: { readonly state: string; readonly worker_id: string };
  readonly tasks: readonly { readonly id: number; readonly state: string; readonly worker_id: string }[];
}

/** What each worker tells of the feed's tasks: all must tell the same. */
function tellAlike({ workers, folder }: WorkerGroup, matches: (told: Told) => boolean): Promise<void> {
  const look = async () => {
    const told = await Promise.all(
      workers.map(
        async ({ url }) => (await ask(url, 'GET', `/connectors/${folder.name}/status`)).body as Told,
      ),
    );
    const texts = new Set(told.map((one) => JSON.stringify(one)));
    return told.every((one) => one.tasks !== undefined && matches(one)) && texts.size === 1
      ? 'alike'
      : [...texts];
  };
  return expect.poll(look, PATIENCE).toBe('alike') as unknown as Promise<void>;
}

const areAll = (state: string) => (told: Told) =>
  told.connector.state === state &&
  told.tasks.length === 4 &&
  told.tasks.every((task) => task.state === state);

test('what is asked of any worker is done, and all tell the same of it', async () => {
  const group = await startGroup(3);
  const { folder, workers, config, bootstrapServers } = group;
  const { leader, followers } = await leaderAmong(workers);
  const [one, other] = followers as [typeof leader, typeof leader];
  const feed = `/connectors/${folder.name}`;

  const made = await ask(one.url, 'POST', '/connectors', { name: folder.name, config });
  expect(made).toMatchObject({ status: 201, body: { name: folder.name, type: 'source' } });
  expect(made.headers.get('location')).toBe(`${one.url}${feed}`);
  // Who has asked sees it there at once.
  expect(await ask(one.url, 'GET', '/connectors')).toMatchObject({ body: [folder.name] });
  expect(await ask(other.url, 'POST', '/connectors', { name: folder.name, config })).toMatchObject({
    status: 409,
    body: { message: `Connector ${folder.name} already exists` },
  });
  expect(await ask(other.url, 'POST', '/connectors', { name: 'x', config: { a: 'b' } })).toMatchObject({
    status: 400,
  });
  await tellAlike(group, areAll('RUNNING'));
  const { body } = await ask(leader.url, 'GET', `${feed}/status`);
  const ids = workers.map(({ url }) => new URL(url).host);
  expect(new Set((body as Told).tasks.map((task) => task.worker_id))).toEqual(new Set(ids));
  expect((body as Told).connector.worker_id).toBe(new URL(leader.url).host);
  const task = await ask(other.url, 'GET', `${feed}/tasks/3/status`);
  expect(task.body).toEqual((body as Told).tasks[3]);

  await folder.write('drop/a.csv', 'symbol\nBHP\n');
  await expect.poll(async () => (await valuesIn(bootstrapServers, folder.name)).length, PATIENCE).toBe(1);
  for (const { url } of workers)
    await expect
      .poll(async () => (await ask(url, 'GET', `${feed}/topics`)).body, PATIENCE)
      .toEqual({ [folder.name]: { topics: [folder.name] } });
  expect((await ask(one.url, 'PUT', `${feed}/topics/reset`)).status).toBe(202);
  for (const { url } of workers)
    await expect
      .poll(async () => (await ask(url, 'GET', `${feed}/topics`)).body, PATIENCE)
      .toEqual({ [folder.name]: { topics: [] } });

  expect((await ask(other.url, 'PUT', `${feed}/pause`)).status).toBe(202);
  await tellAlike(group, areAll('PAUSED'));
  expect((await ask(one.url, 'PUT', `${feed}/resume`)).status).toBe(202);
  await tellAlike(group, areAll('RUNNING'));
  expect(await ask(one.url, 'POST', `${feed}/restart?includeTasks=true`)).toMatchObject({
    status: 202,
    body: { tasks: Array(4).fill({ state: 'RESTARTING' }) },
  });
  await tellAlike(group, areAll('RUNNING'));
  expect((await ask(other.url, 'POST', `${feed}/tasks/2/restart`)).status).toBe(204);
  expect((await ask(other.url, 'POST', `${feed}/tasks/9/restart`)).status).toBe(404);
  expect(await ask(one.url, 'PATCH', `${feed}/config`, { 'tasks.max': '2' })).toMatchObject({
    status: 200,
    body: { config: { 'tasks.max': '2' } },
  });
  await tellAlike(
    group,
    ({ tasks }) => tasks.length === 2 && tasks.every(({ state }) => state === 'RUNNING'),
  );

  expect((await ask(one.url, 'PUT', `${feed}/stop`)).status).toBe(204);
  await tellAlike(group, ({ connector, tasks }) => connector.state === 'STOPPED' && tasks.length === 0);
  expect((await ask(other.url, 'DELETE', `${feed}/offsets`)).status).toBe(200);
  expect((await ask(one.url, 'GET', `${feed}/offsets`)).body).toEqual({ offsets: [] });
  expect((await ask(other.url, 'DELETE', feed)).status).toBe(204);
  for (const { url } of workers)
    await expect.poll(async () => (await ask(url, 'GET', '/connectors')).body, PATIENCE).toEqual([]);
  expect((await ask(one.url, 'DELETE', feed)).status).toBe(404);
});

test('who may change something is looked at by the worker that is asked; workers know one another by TLS', async () => {
  const authority = newAuthority('workers');
  const group = await startGroup(0, {
    listeners: 'https://127.0.0.1:0',
    'listeners.https.ssl.keystore.location': './worker.pem',
    'listeners.https.ssl.truststore.location': './authority.pem',
    'rest.users.file': './users',
    'metrics.listeners': 'http://127.0.0.1:0',
  });
  const { folder, config } = group;
  const own = authority.issue('worker', ['127.0.0.1']);
  await writeFile(folder.at('worker.pem'), `${own.key}${own.certificate}`);
  await writeFile(folder.at('authority.pem'), authority.certificate);
  const password = await hashPassword('sesame');
  await writeFile(folder.at('users'), `ann:${password}:write\nbob:${password}:read\n`);
  const workers = [await group.start(), await group.start()];
  const { followers } = await leaderAmong(workers);
  const { url } = followers[0] as (typeof workers)[0];
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const as = (name: string) => ({
    authorization: `Basic ${Buffer.from(`${name}:sesame`).toString('base64')}`,
  });
  const post = (headers: Record<string, string>) =>
    ask(url, 'POST', '/connectors', { name: folder.name, config }, headers);
  expect((await post({})).status).toBe(401);
  expect((await post(as('bob'))).status).toBe(403);
  expect((await post({ 'x-connect-authorization': 'AAAA' })).status).toBe(400);
  expect((await post(as('ann'))).status).toBe(201);
  for (const one of workers)
    expect((await ask(one.url, 'GET', '/connectors', undefined, as('bob'))).body).toEqual([folder.name]);
});

test('a worker that leads no more sends on what it is asked, and one that is new answers as the others', async () => {
  const group = await startGroup(2);
  const { folder, workers, config } = group;
  const { leader, followers } = await leaderAmong(workers);
  const [left] = followers as [typeof leader];
  await ask(left.url, 'POST', '/connectors', { name: folder.name, config });
  await leader.daemon.kill();
  // At first it is sent to one that is gone.
  await expect
    .poll(async () => (await ask(left.url, 'PUT', `/connectors/${folder.name}/pause`)).status, PATIENCE)
    .toBe(202);
  const added = await group.start();
  const isPaused = ({ connector, tasks }: Told) => connector.state === 'PAUSED' && tasks.length === 4;
  await tellAlike({ ...group, workers: [left, added] }, isPaused);
  expect((await ask(added.url, 'PUT', `/connectors/${folder.name}/resume`)).status).toBe(202);
  await tellAlike({ ...group, workers: [left, added] }, areAll('RUNNING'));
});

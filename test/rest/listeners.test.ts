import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { headrace } from '../cli/support/run-command.ts';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { uniqueName } from '../support/stack.ts';

/** A worker whose Kafka never answers. */
async function workerWith(options: Readonly<Record<string, string>>): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('listeners'));
  await folder.worker({ 'bootstrap.servers': '127.0.0.1:1', ...options });
  await folder.feed();
  return folder;
}

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('a worker answers on each of its listeners, and says that it waits for Kafka', async () => {
  const folder = await workerWith({ listeners: 'http://127.0.0.1:0,http://localhost:0' });
  const daemon = folder.start();
  await daemon.waitFor('waiting for Kafka');
  const addresses = daemon.lines
    .filter(({ msg }) => msg === 'REST listening')
    .map(({ address }) => String(address));
  expect(addresses).toHaveLength(2);
  for (const address of addresses) {
    const health = await fetch(`${address}/health`);
    expect(health.status).toBe(503);
    expect(await health.json()).toEqual({
      status: 'starting',
      message: expect.stringMatching(/^Worker is still starting up\. .*127\.0\.0\.1:1/),
    });
    const status = await (await fetch(`${address}/connectors/${folder.name}/status`)).json();
    expect(status).toMatchObject({
      connector: { state: 'UNASSIGNED', worker_id: new URL(addresses[0] as string).host },
      tasks: [{ state: 'UNASSIGNED' }],
    });
    expect(await (await fetch(address)).json()).toMatchObject({ kafka_cluster_id: null });
  }
  expect(await daemon.stop()).toBe(0);
});

test('metrics can have a listener of their own, which answers nothing else and asks nobody who they are', async () => {
  const folder = await workerWith({
    listeners: 'http://0.0.0.0:0',
    'metrics.listeners': 'http://0.0.0.0:0',
    'rest.users.file': './users',
  });
  const { stdout } = await headrace(['user', 'ann', '--role', 'write'], {
    cwd: folder.path,
    input: 'sesame\n',
  });
  await folder.write('users', stdout);
  const daemon = folder.start();
  await daemon.waitFor('waiting for Kafka');
  const [own = '', metrics = ''] = daemon.lines
    .filter(({ msg }) => msg === 'REST listening')
    .map(({ address }) => String(address));
  const statusOf = async (url: string, headers: Record<string, string> = {}) =>
    (await fetch(url, { headers })).status;
  const ann = { authorization: `Basic ${Buffer.from('ann:sesame').toString('base64')}` };
  const paths = ['/health', '/metrics', '/', '/connectors'];
  const statuses = (address: string, headers?: Record<string, string>) =>
    Promise.all(paths.map((path) => statusOf(address + path, headers)));
  expect(await statuses(own, ann)).toEqual([503, 200, 200, 200]);
  expect(await statuses(own)).toEqual([503, 401, 401, 401]);
  expect(await statuses(metrics)).toEqual([503, 200, 404, 404]);
  expect(await daemon.stop()).toBe(0);
  expect(JSON.stringify(daemon.lines)).not.toContain('sesame');
});

test('a file of users that is wrong ends the worker before anything is read', async () => {
  const folder = await workerWith({ listeners: 'http://0.0.0.0:0', 'rest.users.file': './users' });
  await folder.write('users', 'ann:sesame:write\n');
  const { code, stderr } = await headrace(['run', 'feed.yaml', '--worker', 'worker.yaml'], {
    cwd: folder.path,
  });
  expect([code, stderr.trimEnd()]).toEqual([
    2,
    `rest.users.file: ${folder.at('users')}: line 1: expected name:hash:role, with a hash that headrace user makes, or the word certificate for it`,
  ]);
});

test('a port that is in use ends the worker before anything is read, with one line and exit code 2', async () => {
  const address = `http://127.0.0.1:${await takenPort()}`;
  const folder = await workerWith({ listeners: `http://127.0.0.1:0,${address}` });
  const { code, stderr } = await headrace(['run', 'feed.yaml', '--worker', 'worker.yaml'], {
    cwd: folder.path,
  });
  expect(code).toBe(2);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.slice(1)).toEqual([
    `listeners: another process listens on ${address} already; end it, or name another port (0 takes one that is free)`,
  ]);
  expect(lines[0]).toContain('REST listening');
});

test('without listeners nothing listens', async () => {
  const folder = await workerWith({});
  const daemon = folder.start();
  await daemon.waitFor('waiting for Kafka');
  expect(daemon.lines.map(({ msg }) => msg)).not.toContain('REST listening');
  await daemon.stop();
});

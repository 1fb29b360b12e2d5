import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { headrace } from '../cli/support/run-command.ts';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { uniqueName } from '../support/stack.ts';

/** A worker whose Kafka never answers. */
async function workerWith(listeners: string | null): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('listeners'));
  await folder.worker({
    'bootstrap.servers': '127.0.0.1:1',
    ...(listeners === null ? {} : { listeners }),
  });
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
  const folder = await workerWith('http://127.0.0.1:0,http://localhost:0');
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

test('a port that is in use ends the worker before anything is read, with one line and exit code 2', async () => {
  const address = `http://127.0.0.1:${await takenPort()}`;
  const folder = await workerWith(`http://127.0.0.1:0,${address}`);
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
  const folder = await workerWith(null);
  const daemon = folder.start();
  await daemon.waitFor('waiting for Kafka');
  expect(daemon.lines.map(({ msg }) => msg)).not.toContain('REST listening');
  await daemon.stop();
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { BUILT_COMMAND } from '../support/built-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'headrace-interrupted-'));
writeFileSync(join(folder, 'rows.csv'), `symbol,price\n${'BHP,1\n'.repeat(300_000)}`);

/** Takes connections and never answers. */
async function silentServer() {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const child = spawn(process.execPath, [BUILT_COMMAND, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** What a shell makes of it is 130. */
const ENDED_BY_CTRL_C = [null, 'SIGINT'];

describe('a command that only looks ends at Ctrl-C, whatever it waits for:', () => {
  test.each(['doctor', 'offsets list', 'offsets show trades', 'dlq list --topic letters'])(
    'headrace %s, for a broker that does not answer',
    async (line) => {
      const { server, address } = await silentServer();
      const child = start(line.split(' '), { HEADRACE_BOOTSTRAP_SERVERS: address });
      await once(server, 'connection');
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual(ENDED_BY_CTRL_C);
    },
  );

  test('headrace status, for a worker that does not answer', async () => {
    const { server, address } = await silentServer();
    const child = start(['status', '--url', `http://${address}`]);
    await once(server, 'connection');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual(ENDED_BY_CTRL_C);
  });

  test('headrace preview, in the middle of its result', async () => {
    const child = start(['preview', 'rows.csv', '--rows', '300000', '--json']);
    await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual(ENDED_BY_CTRL_C);
  });
});

describe('a command that commits does not wait for a broker that does not answer, once it is told to stop:', () => {
  const FEED = `name: rows
connector.class: directory
input.path: .
transforms: parse,route
transforms.parse.type: csv
transforms.route.type: route
transforms.route.topic: rows
`;
  writeFileSync(join(folder, 'feed.yaml'), FEED);
  /** A request outlives the test. */
  const worker = {
    HEADRACE_REQUEST_TIMEOUT_MS: '600000',
    HEADRACE_TASK_SHUTDOWN_GRACEFUL_TIMEOUT_MS: '500',
  };

  test.each([
    ['run feed.yaml', 0],
    ['load rows.csv --feed feed.yaml', 130],
    ['load rows.csv --feed feed.yaml --restart', 130],
  ])('headrace %s ends with %i', async (line, code) => {
    const { server, address } = await silentServer();
    const child = start(line.split(' '), { ...worker, HEADRACE_BOOTSTRAP_SERVERS: address });
    await once(server, 'connection');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([code, null]);
  });
});

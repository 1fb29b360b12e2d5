import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { BUILT_COMMAND } from '../support/built-command.ts';
import { firstProcess } from '../support/first-process.ts';
import { newFeed } from './support/loaded-feed.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Of all that is mounted there, which another mount in it would leave writable. */
const READ_ONLY_ROOT = 'mount -o remount,ro,bind /';

/**
 * Starts a command as a container does that has a read-only root and no init of its own: as process 1, which signals do not
 * end by themselves.
 */
function startAsFirst(args: readonly string[], cwd: string): ChildProcess {
  const namespace = ['--user', '--map-root-user', '--mount', '--fork', '--pid', '--kill-child'];
  const command = ['sh', '-c', `${READ_ONLY_ROOT} && exec "$@"`, 'sh', process.execPath, BUILT_COMMAND];
  const child = spawn('unshare', [...namespace, ...command, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('as the first process of a container', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('a command that only looks ends at %s with %i', async (signal, code) => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const args = ['dlq', 'list', '--topic', 'letters'];
    vi.stubEnv('HEADRACE_BOOTSTRAP_SERVERS', `127.0.0.1:${port}`);
    const child = startAsFirst(args, '/');
    vi.unstubAllEnvs();
    await once(server, 'connection');
    process.kill(firstProcess(child.pid as number), signal);
    expect(await once(child, 'exit')).toEqual([code, null]);
  });

  test('the daemon delivers, needs to write nowhere, and ends with 0 at SIGTERM', async () => {
    const { folder } = await newFeed({ 'finished.path': null });
    await folder.write('drop/a.csv', 'symbol,price\nBHP,1\n');
    const child = startAsFirst(['run', 'feed.yaml', '--worker', 'worker.yaml'], folder.path);
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    await expect.poll(() => log, { timeout: 20_000 }).toContain('"file completed"');
    process.kill(firstProcess(child.pid as number), 'SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(log).toContain('"worker stopped"');
  });
});

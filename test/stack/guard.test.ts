import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const FIXTURE = fileURLToPath(new URL('./fixtures/start-and-wait.ts', import.meta.url));

let temp: string;

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'headrace-guard-test-'));
});

afterAll(() => rm(temp, { recursive: true, force: true }));

test('a broker and its data go when the process that started it is killed', {
  timeout: 120_000,
}, async () => {
  const parent = spawn(process.execPath, [FIXTURE], {
    env: { ...process.env, TMPDIR: temp },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = Number(await firstLine(parent));
  expect(await accepts(port)).toBe(true);

  parent.kill('SIGKILL');

  await expect.poll(() => accepts(port), { timeout: 10_000 }).toBe(false);
  await expect.poll(() => serverFolders(), { timeout: 10_000 }).toEqual([]);
});

async function firstLine(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the fixture ended too early')));
  const [chunk] = await Promise.race([once(child.stdout as NonNullable<typeof child.stdout>, 'data'), ended]);
  return String(chunk).trim();
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Java and its libraries leave other things there when they are killed. */
async function serverFolders(): Promise<string[]> {
  return (await readdir(temp)).filter((name) => name.startsWith('headrace-'));
}

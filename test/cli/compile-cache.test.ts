import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BUILT_COMMAND } from '../support/built-command.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';

const IN_CACHES = join('headrace', 'compile-cache');

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-compile-cache-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Runs the command with nothing of Node's own about the cache but what is given. */
function headrace(args: readonly string[], own: Record<string, string>) {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...env } = process.env;
  return promisify(execFile)(process.execPath, [BUILT_COMMAND, ...args], { env: { ...env, ...own } });
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

describe('compiled code', () => {
  test("is kept in the user's own folder of caches, where nobody else may write or read", async () => {
    const caches = await temporaryFolder();
    await headrace(['--version'], { XDG_CACHE_HOME: caches });
    expect(await namesIn(join(caches, IN_CACHES))).toHaveLength(1);
    expect((await stat(join(caches, IN_CACHES))).mode & 0o777).toBe(0o700);
  });

  test("of a task's thread is kept as well", async () => {
    const caches = await temporaryFolder();
    const file = join(await temporaryFolder(), 'rows.csv');
    await writeFile(file, 'symbol,price\nA,1\n');
    const { bootstrapServers } = await sharedKafka();
    const { stderr } = await headrace(
      ['load', file, '--topic', uniqueName('compile-cache'), '--bootstrap-server', bootstrapServers],
      { XDG_CACHE_HOME: caches, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
    );
    expect(stderr).toMatch(/writing cache for ESM .*task-thread\.js/);
  });

  test('is not kept in a folder that others may write to', async () => {
    const caches = await temporaryFolder();
    await chmod(caches, 0o777);
    await headrace(['--version'], { XDG_CACHE_HOME: caches });
    expect(await namesIn(join(caches, IN_CACHES))).toEqual([]);
  });

  test('is not kept, without a word, where no folder can be made', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const { stderr } = await headrace(['--version'], { XDG_CACHE_HOME: file });
    expect(stderr).toBe('');
  });

  test('is kept where NODE_COMPILE_CACHE says', async () => {
    const [caches, own] = [await temporaryFolder(), await temporaryFolder()];
    await headrace(['--version'], { XDG_CACHE_HOME: caches, NODE_COMPILE_CACHE: own });
    expect(await namesIn(caches)).toEqual([]);
    expect(await namesIn(own)).toHaveLength(1);
  });

  test('is not kept where NODE_DISABLE_COMPILE_CACHE is set', async () => {
    const caches = await temporaryFolder();
    await headrace(['--version'], { XDG_CACHE_HOME: caches, NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(await namesIn(caches)).toEqual([]);
  });
});

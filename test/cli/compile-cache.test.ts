import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
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

/** The files of the compiled chunks. */
async function keptChunks(caches: string): Promise<string[]> {
  const folder = join(caches, IN_CACHES);
  const own = (await namesIn(folder)).filter((name) => name.startsWith('chunks-'));
  const files = await Promise.all(
    own.map(async (name) => (await namesIn(join(folder, name))).map((file) => join(folder, name, file))),
  );
  return files.flat().sort();
}

async function timesOf(paths: readonly string[]): Promise<[string, number][]> {
  return Promise.all(
    paths.map(async (path): Promise<[string, number]> => [path, (await stat(path)).mtimeMs]),
  );
}

const PLANTED = 'planted';

/** Puts other code into a file of compiled code, such as V8 takes for that of the chunk: its source is as long. */
async function plant(path: string): Promise<void> {
  const chunk = basename(path).replace(/\.cjs\..*$/, '.cjs');
  const source = await readFile(join(dirname(BUILT_COMMAND), '../../chunks', chunk), 'latin1');
  const head = '(function (exports, require, module, __filename) {';
  const other = `${head}process.stdout.write('${PLANTED}');process.exit();`;
  const length = head.length + source.length + '\n})'.length;
  const data = new Script(`${other.padEnd(length - 2)}})`).createCachedData();
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32(data));
  await writeFile(path, Buffer.concat([data, crc]));
}

/** Loads a file of one row. */
async function load(own: Record<string, string>) {
  const file = join(await temporaryFolder(), 'rows.csv');
  await writeFile(file, 'symbol,price\nA,1\n');
  const { bootstrapServers } = await sharedKafka();
  const topic = uniqueName('compile-cache');
  return headrace(['load', file, '--topic', topic, '--bootstrap-server', bootstrapServers], own);
}

describe('compiled code', () => {
  test("is kept in the user's own folder of caches, where nobody else may write or read", async () => {
    const caches = await temporaryFolder();
    await headrace(['--version'], { XDG_CACHE_HOME: caches });
    expect(await keptChunks(caches)).not.toEqual([]);
    expect((await stat(join(caches, IN_CACHES))).mode & 0o777).toBe(0o700);
  });

  test("of a command and of its task's thread is kept with the functions that ran", async () => {
    const caches = await temporaryFolder();
    await load({ XDG_CACHE_HOME: caches });
    const names = (await keptChunks(caches)).map((path) => basename(path));
    expect(names).toContainEqual(expect.stringMatching(/^start-.*\.cjs\.load$/));
    expect(names).toContainEqual(expect.stringMatching(/^start-.*\.cjs\.task$/));
  });

  test('that was kept is what the next start runs', async () => {
    const caches = await temporaryFolder();
    await headrace(['--version'], { XDG_CACHE_HOME: caches });
    const before = await timesOf(await keptChunks(caches));
    await headrace(['--version'], { XDG_CACHE_HOME: caches });
    expect(await timesOf(await keptChunks(caches))).toEqual(before);
  });

  test.each<[string, (code: Buffer) => Buffer]>([
    [
      'has one byte wrong',
      (code) => code.fill((code.at(-100) as number) ^ 1, code.length - 100, code.length - 99),
    ],
    ['is cut off', (code) => code.subarray(0, 500)],
    ['is empty', () => Buffer.alloc(0)],
  ])('that %s is left aside and written anew', async (_, damage) => {
    const caches = await temporaryFolder();
    await headrace(['--version'], { XDG_CACHE_HOME: caches });
    const kept = await keptChunks(caches);
    const damaged = await Promise.all(kept.map(async (path) => damage(await readFile(path))));
    await Promise.all(kept.map((path, index) => writeFile(path, damaged[index] as Buffer)));
    const { stdout, stderr } = await headrace(['--version'], { XDG_CACHE_HOME: caches });
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+\n$/), '']);
    const found = await Promise.all(kept.map((path) => readFile(path)));
    expect(found.map((bytes, index) => bytes.equals(damaged[index] as Buffer))).toEqual(
      kept.map(() => false),
    );
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
    expect(await namesIn(own)).toContainEqual(expect.stringMatching(/^chunks-/));
  });

  test.each<[string, (own: string, inner: string) => Promise<void>]>([
    ['somebody else may write to it', (own) => chmod(own, 0o777)],
    ['somebody else may write to the folder in it', (_own, inner) => chmod(inner, 0o777)],
    [
      'the folder in it is a link to elsewhere',
      async (_own, inner) => {
        const elsewhere = join(await temporaryFolder(), 'chunks');
        await rename(inner, elsewhere);
        await symlink(elsewhere, inner);
      },
    ],
    [
      'somebody else may write to the files in it',
      async (_own, inner) => {
        for (const name of await namesIn(inner)) await chmod(join(inner, name), 0o666);
      },
    ],
  ])('is not run from where NODE_COMPILE_CACHE says when %s', async (_, open) => {
    const own = await temporaryFolder();
    await headrace(['--version'], { NODE_COMPILE_CACHE: own });
    const [inner = ''] = (await namesIn(own)).filter((name) => name.startsWith('chunks-'));
    for (const name of await namesIn(join(own, inner))) await plant(join(own, inner, name));
    // What was planted would be run.
    expect((await headrace(['--version'], { NODE_COMPILE_CACHE: own })).stdout).toContain(PLANTED);
    await open(own, join(own, inner));
    expect((await headrace(['--version'], { NODE_COMPILE_CACHE: own })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('is not kept where NODE_DISABLE_COMPILE_CACHE is set', async () => {
    const caches = await temporaryFolder();
    await headrace(['--version'], { XDG_CACHE_HOME: caches, NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(await namesIn(caches)).toEqual([]);
  });
});

import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BUILT_COMMAND } from '../support/built-command.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';

const IN_CACHES = join('headrace', 'compile-cache');
const DIST = join(dirname(BUILT_COMMAND), '../..');
const COMMAND_LINE = join(DIST, 'parts/command-line.js');
const TASK_THREAD = join(DIST, 'src/runtime/task/task-thread.js');

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

/** Node's files of compiled modules. */
async function keptModules(caches: string): Promise<string[]> {
  const folder = join(caches, IN_CACHES);
  const own = await namesIn(folder);
  const files = await Promise.all(
    own.map(async (name) => (await namesIn(join(folder, name))).map((file) => join(folder, name, file))),
  );
  return files.flat().sort();
}

/** Where what was compiled of a module is kept: a file begins with five numbers, the fourth is the CRC of the source. */
async function keptOf(module: string, caches: string): Promise<string | undefined> {
  const crc = crc32(await readFile(module));
  const paths = await keptModules(caches);
  const files = await Promise.all(paths.map((path) => readFile(path)));
  return paths.find((_, index) => files[index]?.readUInt32LE(12) === crc);
}

async function timesOf(paths: readonly string[]): Promise<[string, number][]> {
  return Promise.all(
    paths.map(async (path): Promise<[string, number]> => [path, (await stat(path)).mtimeMs]),
  );
}

const PLANTED = 'planted';

/** Puts other code where that of a module is kept, such as Node and V8 take for it: their sources are as long. */
async function plant(module: string, path: string): Promise<void> {
  const folder = await temporaryFolder();
  const [other, cache] = [join(folder, 'other.mjs'), join(folder, 'cache')];
  const code = `process.stdout.write('${PLANTED}');process.exit();`;
  await writeFile(other, code.padEnd((await readFile(module, 'utf8')).length));
  await promisify(execFile)(process.execPath, [other], { env: { NODE_COMPILE_CACHE: cache } });
  const [made = ''] = await readdir(cache, { recursive: true, withFileTypes: true }).then((entries) =>
    entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name)),
  );
  const planted = await readFile(made);
  // Of the source it is to be taken for: bytes, and CRC.
  const kept = await readFile(path);
  for (const at of [4, 12]) planted.writeUInt32LE(kept.readUInt32LE(at), at);
  await writeFile(path, planted);
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
    expect(await keptModules(caches)).not.toEqual([]);
    expect((await stat(join(caches, IN_CACHES))).mode & 0o777).toBe(0o700);
  });

  test("of a command and of its task's thread is kept", async () => {
    const caches = await temporaryFolder();
    await load({ XDG_CACHE_HOME: caches });
    expect(await keptOf(COMMAND_LINE, caches)).toBeDefined();
    expect(await keptOf(TASK_THREAD, caches)).toBeDefined();
  });

  test('that was kept is what the next start runs', async () => {
    const caches = await temporaryFolder();
    await headrace(['--version'], { XDG_CACHE_HOME: caches });
    const before = await timesOf(await keptModules(caches));
    await headrace(['--version'], { XDG_CACHE_HOME: caches });
    expect(await timesOf(await keptModules(caches))).toEqual(before);
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
    const kept = await keptModules(caches);
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
    expect(await namesIn(own)).not.toEqual([]);
  });

  test.each<[string, (folder: string, caches: string) => Promise<void>]>([
    ['somebody else may write to its folder', (folder) => chmod(folder, 0o777)],
    ['somebody else may reach what is in its folder', (folder) => chmod(folder, 0o711)],
    ['somebody else may put another folder in its place', (_folder, caches) => chmod(caches, 0o777)],
    [
      'its folder is a link to elsewhere',
      async (folder) => {
        const elsewhere = join(await temporaryFolder(), 'elsewhere');
        await rename(folder, elsewhere);
        await symlink(elsewhere, folder);
      },
    ],
  ])('is not run when %s', async (_, open) => {
    const caches = await temporaryFolder();
    const own = { XDG_CACHE_HOME: caches };
    await headrace(['--version'], own);
    await plant(COMMAND_LINE, (await keptOf(COMMAND_LINE, caches)) as string);
    // What was planted would be run.
    expect((await headrace(['--version'], own)).stdout).toBe(PLANTED);
    await open(join(caches, IN_CACHES), caches);
    expect((await headrace(['--version'], own)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('is not kept where NODE_DISABLE_COMPILE_CACHE is set', async () => {
    const caches = await temporaryFolder();
    await headrace(['--version'], { XDG_CACHE_HOME: caches, NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(await namesIn(caches)).toEqual([]);
  });
});

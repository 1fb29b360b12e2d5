import { randomBytes } from 'node:crypto';
import {
  appendFile,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { FileStore, ListedFile, StoredFile } from '../../../connectors/files/file-store.ts';
import { newSftpFolder, type SharedSftp, sharedSftp } from '../../support/sftp.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { SILENT, storeOn } from './support.ts';

const MIB = 1024 * 1024;
const NEVER = new AbortController().signal;
let server: SharedSftp;

beforeAll(async () => {
  server = await sharedSftp();
});

/** A store on a new folder with a file, through a proxy. */
async function reached(content: Buffer | string = 'one\ntwo\n') {
  const proxy = await TcpProxy.before(server.port);
  onTestFinished(() => proxy.close());
  const folder = await newSftpFolder();
  await folder.put('a.csv', content);
  const lines: unknown[][] = [];
  const tell = (...line: unknown[]) => lines.push(line);
  const log = { ...SILENT, warn: tell, error: tell };
  const knownHostsLine = server.knownHostsLine.replace(String(server.port), String(proxy.port));
  const store = await storeOn({ ...server, port: proxy.port, knownHostsLine }, folder.path, { log });
  onTestFinished(() => store.close());
  const at = (path: string) => join(folder.onDisk, path);
  return {
    store,
    proxy,
    folder,
    at,
    lines,
    file: { path: 'a.csv', place: 'a.csv', absolute: `${folder.path}/a.csv` },
  };
}

async function listed(store: FileStore): Promise<{ files: ListedFile[]; links: string[]; isWhole: boolean }> {
  const files: ListedFile[] = [];
  const links: string[] = [];
  const filter = {
    isFolderWanted: () => true,
    isFileWanted: () => true,
    metLink: (place: string) => void links.push(place),
  };
  const pages = store.list(filter, NEVER);
  for (;;) {
    const page = await pages.next();
    if (page.done) return { files, links, isWhole: page.value };
    files.push(...page.value);
  }
}

async function opened(
  store: FileStore,
  file: ListedFile | { path: string; place: string; absolute: string },
) {
  const open = await store.open(file, NEVER);
  if (typeof open === 'string') throw new Error(open);
  onTestFinished(() => open.close());
  return open;
}

async function read(open: StoredFile, from: number, to: number): Promise<Buffer> {
  const into = Buffer.alloc(to - from);
  for (let at = 0; at < into.length; ) {
    const bytes = await open.read(into.subarray(at), from + at);
    if (bytes === 0) return into.subarray(0, at);
    at += bytes;
  }
  return into;
}

describe('a connection that breaks', () => {
  test('in the middle of a file is made anew, and reading goes on at the byte', async () => {
    const content = randomBytes(12 * MIB);
    const { store, proxy, file } = await reached(content);
    const open = await opened(store, file);
    const before = proxy.connections;
    const pieces: Buffer[] = [];
    for (let at = 0; at < content.length; at += MIB) {
      if (at % (4 * MIB) === MIB) proxy.resetAfter(300_000);
      pieces.push(await read(open, at, at + MIB));
    }
    expect(Buffer.concat(pieces).equals(content)).toBe(true);
    expect(proxy.connections).toBeGreaterThan(before);
  });

  test('while it is looked at and moved leaves one file under one name', async () => {
    const { store, proxy, folder, file } = await reached();
    const target = await store.prepareDestination('finished.path', `${folder.path}/done`, SILENT);
    const version = (await store.stat(file)) ?? expect.fail('it is not there');
    proxy.cutAll();
    expect(await store.moveInto(target, file, version, 'gen')).toEqual({
      target: `${folder.path}/done/a.csv`,
    });
    expect(await folder.list()).toEqual(['done/a.csv']);
  });

  test('in the middle of a listing leaves out nothing, and gives nothing twice', async () => {
    const { store, proxy, at } = await reached();
    await mkdir(at('many'));
    const names = Array.from({ length: 10_000 }, (_, index) => `many/${index}.csv`);
    for (const name of names) await writeFile(at(name), '');
    proxy.resetAfter(400_000);
    const before = proxy.connections;
    const { files, isWhole } = await listed(store);
    expect(files.map(({ path }) => path).sort()).toEqual(['a.csv', ...names].sort());
    expect(isWhole).toBe(true);
    expect(proxy.connections).toBeGreaterThan(before);
  });

  test.each([
    ['is taken away', (path: string) => rename(path, `${path}.other`), 'was taken away'],
    ['is cut short', (path: string) => truncate(path, MIB), 'was cut short'],
    ['is another one of its length', (path: string) => utimes(path, 1, 1), 'was written anew'],
  ])('does not go on with a file that %s meanwhile', async (_, change, told) => {
    const { store, proxy, file, at } = await reached(randomBytes(20 * MIB));
    const open = await opened(store, file);
    await read(open, 0, MIB);
    await change(at('a.csv'));
    proxy.cutAll();
    const rest = read(open, MIB, 20 * MIB);
    await expect(rest).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: expect.stringContaining(told),
    });
  });
});

test('a file that is taken away while it is open has changed, also where the server goes by its name to look at it', async () => {
  const { store, file, at } = await reached('one\n');
  const open = await opened(store, file);
  await rename(at('a.csv'), at('b.csv'));
  await expect(open.stat()).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
});

test('a file that grows while it is open is read to its new end, once that was looked at', async () => {
  const { store, file, at } = await reached('one\n');
  const open = await opened(store, file);
  expect((await read(open, 0, 100)).toString()).toBe('one\n');
  await appendFile(at('a.csv'), 'two\n');
  expect((await open.stat()).size).toBe(8);
  expect((await read(open, 4, 100)).toString()).toBe('two\n');
});

test('links are told of and lead nowhere, and what is denied leaves a listing incomplete', async () => {
  const { store, folder, at, lines, file } = await reached();
  await symlink(at('a.csv'), at('link.csv'));
  await folder.put('outside/b.csv', 'b');
  await symlink(at('outside'), at('folder-link'));
  await folder.put('denied/c.csv', 'c');
  await folder.put('deep/denied', 'd');
  const { files, links, isWhole } = await listed(store);
  expect(files.map(({ path }) => path).sort()).toEqual(['a.csv', 'deep/denied', 'outside/b.csv']);
  expect(links.sort()).toEqual(['folder-link', 'link.csv']);
  expect(isWhole).toBe(false);
  expect(lines).toEqual([['folder cannot be read', expect.objectContaining({ file: 'denied' })]]);

  const open = (place: string) =>
    store.open({ path: place, place, absolute: `${folder.path}/${place}` }, NEVER);
  expect(await open('link.csv')).toBe('a link');
  expect(await open('folder-link/b.csv')).toBe('a link');
  expect(await open('outside')).toBe('not a regular file');
  expect(await open('deep/denied')).toBe('denied');
  const denied = store.prepareDestination('finished.path', `${folder.path}/no/such`, SILENT);
  await expect(denied).rejects.toThrow('finished.path');
  await rm(at('a.csv'));
  expect(await store.open(file, NEVER)).toBe('gone');
});

test('nothing is moved through a link below the folder for it', async () => {
  const { store, folder, at } = await reached();
  await folder.put('in/b.csv', 'b');
  await mkdir(at('elsewhere'));
  await mkdir(at('done'));
  await symlink(at('elsewhere'), at('done/in'));
  const target = await store.prepareDestination('finished.path', `${folder.path}/done`, SILENT);
  const file = { path: 'in/b.csv', place: 'in/b.csv', absolute: `${folder.path}/in/b.csv` };
  const version = (await store.stat(file)) ?? expect.fail('it is not there');
  await expect(store.moveInto(target, file, version, 'gen')).rejects.toThrow('is a link');
});

test('a file that grows after it was moved is brought back, one that is deleted or left alone is not', async () => {
  const { store, folder, at, file } = await reached();
  await folder.put('b.csv', 'b');
  const late =
    store.lateWrites?.({ settleMs: 1, log: SILENT, onLost: () => {} }) ?? expect.fail('it has none');
  const target = await store.prepareDestination('finished.path', `${folder.path}/done`, SILENT);
  const other = { path: 'b.csv', place: 'b.csv', absolute: `${folder.path}/b.csv` };
  for (const each of [file, other]) {
    const version = (await store.stat(each)) ?? expect.fail('it is not there');
    const held = await late.hold(each, version);
    const moved = await store.moveInto(target, each, version, 'gen');
    held?.watch(typeof moved === 'string' ? null : moved.target);
  }
  await appendFile(at('done/a.csv'), 'three\n');
  await late.close();
  expect(late.hasBroughtBack('a.csv')).toBe(true);
  expect(late.hasBroughtBack('b.csv')).toBe(false);
  expect(await folder.list()).toEqual(['a.csv', 'done/b.csv']);
  expect(await readFile(at('a.csv'), 'utf8')).toBe('one\ntwo\nthree\n');
});

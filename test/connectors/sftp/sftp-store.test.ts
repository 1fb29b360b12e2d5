import { rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { newSftpFolder, type SftpFolder, sharedSftp } from '../../support/sftp.ts';
import type { TestStore } from '../../support/test-store.ts';
import { conformsAsFileStore } from '../store-conformance.ts';
import { storeOn } from './support.ts';

/** A page has some hundred names. */
const PAGES = { filesOfPages: 400 };

conformsAsFileStore(
  'an SFTP server',
  async () => {
    const server = await sharedSftp();
    const folder = await newSftpFolder();
    return {
      files: aging(folder),
      open: () => storeOn(server, folder.path),
      destination: (name) => `${folder.path}/${name}`,
      moved: (name) => below(folder, name),
    };
  },
  PAGES,
);

/** What is written a second time is of another second: servers tell no less. */
function aging(folder: SftpFolder): TestStore {
  const put = async (path: string, content: string | Uint8Array) => {
    const file = join(folder.onDisk, path);
    const before = await stat(file).catch(() => null);
    await folder.put(path, content);
    if (before !== null) await utimes(file, before.atime, new Date(before.mtimeMs + 1000));
  };
  const remove = (path: string) => rm(join(folder.onDisk, path), { force: true });
  return { ...folder, put, remove };
}

function below(files: TestStore, name: string): TestStore {
  const at = (path: string) => `${name}/${path}`;
  return {
    name,
    put: (path, content) => files.put(at(path), content),
    read: (path) => files.read(at(path)),
    remove: (path) => files.remove(at(path)),
    async list() {
      const all = await files.list();
      return all.filter((path) => path.startsWith(at(''))).map((path) => path.slice(name.length + 1));
    },
  };
}

import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { DiskStore } from '../../../../connectors/files/disk/disk-store.ts';
import { FolderScan } from '../../../../connectors/files/disk/folder-scan.ts';
import { byBytes, type TestStore } from '../../../support/test-store.ts';
import { conformsAsFileStore } from '../../store-conformance.ts';
import { temporaryFolder } from '../../support.ts';

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function filesIn(folder: string): TestStore {
  return {
    name: folder,
    async put(path, content) {
      const absolute = join(folder, path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
    },
    read: async (path) => readFileSync(join(folder, path)),
    remove: async (path) => rmSync(join(folder, path), { force: true }),
    async list() {
      const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return byBytes(files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))));
    },
  };
}

conformsAsFileStore('a folder on a disk', async () => {
  const root = realpathSync(temporaryFolder());
  const destination = (folder: string) => join(root, folder);
  return {
    files: filesIn(root),
    open: async () => new DiskStore(new FolderScan({ inputPath: root, excluded: [], log: SILENT })),
    destination,
    moved: (folder) => filesIn(destination(folder)),
    // Root may read everything.
    ...(process.getuid?.() === 0 ? {} : { deny: async (path) => chmodSync(join(root, path), 0) }),
  };
});

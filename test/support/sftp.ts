import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { sharedServer, uniqueName } from './stack.ts';
import { byBytes, type TestStore } from './test-store.ts';

export { type SftpServer, startSftp } from '../../scripts/stack/sftp.ts';

/** The SFTP server that all test files share, with one user, who may log in by password or key. */
export interface SharedSftp {
  readonly host: string;
  readonly port: number;
  /** What the user sees as `/`, on this disk. */
  readonly root: string;
  /** The host key's public half, `ecdsa-sha2-nistp256 AAAA…`: behind a proxy it has another line in `known_hosts`. */
  readonly hostKey: string;
  readonly knownHostsLine: string;
  readonly user: string;
  readonly password: string;
  /** In OpenSSH's format, without a passphrase. */
  readonly privateKey: string;
}

/** A folder of the server. */
export interface SftpFolder extends TestStore {
  /** As the user sees it. */
  readonly path: string;
  /** The same, on this disk. */
  readonly onDisk: string;
}

export function sharedSftp(): Promise<SharedSftp> {
  return sharedServer('sftp');
}

/** A new, empty folder of a server, by default the shared one. Its files come and go by the disk, not by SFTP. */
export async function newSftpFolder(
  purpose = 'folder',
  server?: { readonly root: string },
): Promise<SftpFolder> {
  const { root } = server ?? (await sharedSftp());
  const name = uniqueName(purpose);
  const onDisk = join(root, name);
  await mkdir(onDisk);
  return {
    ...{ name, onDisk, path: `/${name}` },
    async put(path, content) {
      await mkdir(dirname(join(onDisk, path)), { recursive: true });
      await writeFile(join(onDisk, path), content);
    },
    read: (path) => readFile(join(onDisk, path)),
    remove: (path) => rm(join(onDisk, path)),
    async list() {
      const entries = await readdir(onDisk, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return byBytes(files.map((file) => relative(onDisk, join(file.parentPath, file.name))));
    },
  };
}

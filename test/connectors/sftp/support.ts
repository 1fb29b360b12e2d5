import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSftp } from '../../../connectors/sftp/connection.ts';
import { Listing } from '../../../connectors/sftp/listing.ts';
import type { SftpValues } from '../../../connectors/sftp/options.ts';
import { SftpStore } from '../../../connectors/sftp/sftp-store.ts';

export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** What is needed of a server, the shared one or one of a test's own. */
export interface ReachableSftp {
  readonly host: string;
  readonly port: number;
  readonly knownHostsLine: string;
  readonly user: string;
  readonly password: string;
}

/** Options of a feed that logs in by password, but for those that a test sets otherwise. */
export async function valuesFor(server: ReachableSftp, own: Partial<SftpValues> = {}): Promise<SftpValues> {
  return {
    sftpHost: server.host,
    sftpPort: server.port,
    sftpUser: server.user,
    sftpPassword: server.password,
    sftpPrivateKey: null,
    sftpPrivateKeyPassphrase: null,
    sftpAgent: null,
    sftpKnownHosts: await fileWith(`${server.knownHostsLine}\n`),
    sftpJumpHost: null,
    sftpJumpPort: 22,
    sftpJumpUser: null,
    sftpJumpPassword: null,
    sftpJumpPrivateKey: null,
    sftpJumpPrivateKeyPassphrase: null,
    sftpConnections: 2,
    ...own,
  };
}

/** The path of a new file. */
export async function fileWith(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'headrace-sftp-')), 'file');
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

/** A store on a folder of a server. */
export async function storeOn(
  server: ReachableSftp,
  inputPath: string,
  {
    log = SILENT,
    excluded = [],
    ...own
  }: Partial<SftpValues> & Partial<ConstructorParameters<typeof Listing>[0]> = {},
): Promise<SftpStore> {
  const pool = await openSftp(await valuesFor(server, own), log);
  const listing = new Listing({ pool, inputPath, excluded, log });
  await listing.requireRoot(new AbortController().signal);
  return new SftpStore(pool, listing);
}

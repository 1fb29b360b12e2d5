import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2, { type ConnectConfig, type SFTPWrapper } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newSftpFolder, type SftpServer, type SharedSftp, sharedSftp, startSftp } from '../support/sftp.ts';
import { sshKeys } from '../support/ssh-keys.ts';

describe('the shared server', () => {
  let server: SharedSftp;

  beforeAll(async () => {
    server = await sharedSftp();
  });

  test('lets its user in by password and by key, and nobody else', async () => {
    const { host, port, user, password, privateKey } = server;
    for (const proof of [{ password }, { privateKey }]) {
      await withClient({ host, port, username: user, ...proof }, async () => {});
    }
    for (const login of [
      { username: user, password: 'wrong' },
      { username: 'mallory', password },
      { username: user, privateKey: sshKeys().private },
    ]) {
      await expect(withClient({ host, port, ...login }, async () => {})).rejects.toThrow(/authentication/i);
    }
  });

  test('shows the files of its root folder', async () => {
    const folder = await newSftpFolder();
    await folder.put('day/1.csv', 'a,b\n');
    expect(await folder.list()).toEqual(['day/1.csv']);

    await withSftp(server, async (sftp) => {
      expect(String(await promisify(sftp.readFile.bind(sftp))(`${folder.path}/day/1.csv`))).toBe('a,b\n');
      const rename = promisify(sftp.ext_openssh_rename.bind(sftp));
      await rename(`${folder.path}/day/1.csv`, `${folder.path}/2.csv`);
    });

    expect(await folder.list()).toEqual(['2.csv']);
  });

  test('refuses what is called denied', async () => {
    const folder = await newSftpFolder();
    await folder.put('denied/1.csv', 'a,b\n');

    await withSftp(server, async (sftp) => {
      const path = `${folder.path}/denied/1.csv`;
      const refusal = { code: ssh2.utils.sftp.STATUS_CODE.PERMISSION_DENIED };
      await expect(promisify(sftp.readFile.bind(sftp))(path)).rejects.toMatchObject(refusal);
      await expect(promisify(sftp.rename.bind(sftp))(path, folder.path)).rejects.toMatchObject(refusal);
      await expect(promisify(sftp.readdir.bind(sftp))(`${folder.path}/denied`)).rejects.toMatchObject(
        refusal,
      );
    });
  });
});

describe('a server of its own', () => {
  const login = { user: 'bob', password: 'secret' };
  let server: SftpServer;

  beforeAll(async () => {
    const users = [{ name: login.user, password: login.password }];
    server = await startSftp({ users, extensions: false, forwarding: true });
  });

  afterAll(() => server?.stop());

  test('is without the extensions of OpenSSH', async () => {
    await writeFile(join(server.root, 'a.csv'), 'a');

    await withSftp({ ...server, ...login, host: server.host, port: server.port }, async (sftp) => {
      expect(() => sftp.ext_openssh_rename('/a.csv', '/b.csv', () => {})).toThrow('does not support');
      await promisify(sftp.rename.bind(sftp))('/a.csv', '/b.csv');
    });

    expect(String(await readFile(join(server.root, 'b.csv')))).toBe('a');
  });

  test('is the way to another server, for those it lets through', async () => {
    const { host, port } = await sharedSftp();
    const jump = { host: server.host, port: server.port, username: login.user, password: login.password };

    await withClient(jump, async (client) => {
      const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
        client.forwardOut('127.0.0.1', 0, host, port, (error, opened) =>
          error ? reject(error) : resolve(opened),
        );
      });
      const [greeting] = await once(channel, 'data');
      expect(String(greeting)).toMatch(/^SSH-2\.0-/);
    });
  });

  test('has another host key when it was changed, and the same files and port', async () => {
    await writeFile(join(server.root, 'kept.csv'), 'a');
    const before = server.knownHostsLine;
    expect(await hostKeyOf(server, login)).toBe(before);

    await server.changeHostKey();

    expect(server.knownHostsLine).not.toBe(before);
    expect(await hostKeyOf(server, login)).toBe(server.knownHostsLine);
    expect(String(await readFile(join(server.root, 'kept.csv')))).toBe('a');
  });
});

interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

async function withSftp(login: Login, use: (sftp: SFTPWrapper) => Promise<void>): Promise<void> {
  const { host, port, user, password } = login;
  await withClient({ host, port, username: user, password }, async (client) => {
    await use((await promisify(client.sftp.bind(client))()) as SFTPWrapper);
  });
}

async function withClient(config: ConnectConfig, use: (client: ssh2.Client) => Promise<void>): Promise<void> {
  const client = new ssh2.Client();
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve).once('error', reject).connect(config);
    });
    await use(client);
  } finally {
    client.end();
  }
}

/** The line of `known_hosts` for the key that the server shows. */
async function hostKeyOf({ host, port }: SftpServer, { user, password }: Omit<Login, 'host' | 'port'>) {
  let line = '';
  const hostVerifier = (key: Buffer) => {
    const type = key.subarray(4, 4 + key.readUInt32BE(0)).toString();
    line = `[${host}]:${port} ${type} ${key.toString('base64')}`;
    return true;
  };
  await withClient({ host, port, username: user, password, hostVerifier }, async () => {});
  return line;
}

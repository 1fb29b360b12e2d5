import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ssh2 from 'ssh2';
import { cached } from './cache.ts';
import { javaCommand, QUICK_START } from './engine.ts';
import { LocalServer } from './local-server.ts';
import { fetchClassPath, type JarSet } from './maven.ts';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';

const SSHD_VERSION = '2.15.0';
const SSHD: JarSet = {
  name: `sshd-${SSHD_VERSION}`,
  artifacts: [
    { group: 'org.apache.sshd', name: 'sshd-sftp', version: SSHD_VERSION },
    // For keys of users of the kind ed25519.
    { group: 'net.i2p.crypto', name: 'eddsa', version: '0.3.0' },
    { group: 'org.slf4j', name: 'slf4j-nop', version: '1.7.36' },
  ],
  size: '3 MB',
};
const MAIN = fileURLToPath(new URL('./SftpServer.java', import.meta.url));
const PROBE_TIMEOUT_MS = 2_000;

/** Who may log in; by either way where both are given. */
export interface SftpUser {
  readonly name: string;
  readonly password?: string;
  /** Lines as in `authorized_keys`. */
  readonly publicKeys?: readonly string[];
}

/** How a server is to be. */
export interface SftpOptions {
  readonly users: readonly SftpUser[];
  /** OpenSSH's extensions: posix-rename, hardlink, fsync, lsetstat, limits (the server knows no statvfs). Default: true. */
  readonly extensions?: boolean;
  /** Whether clients may open connections through it, as through a jump host. Default: false. */
  readonly forwarding?: boolean;
  readonly preferredPort?: number;
}

/**
 * An SFTP server (Apache MINA SSHD) on 127.0.0.1 that ends with the process which started it. Any file or folder
 * called `denied` is refused to all users with SSH_FX_PERMISSION_DENIED, and so is what is below it.
 */
export interface SftpServer {
  readonly host: string;
  readonly port: number;
  /** What all users see as `/`, on this disk. */
  readonly root: string;
  /** The host key's public half, `ecdsa-sha2-nistp256 AAAA…`. */
  readonly hostKey: string;
  /** The line of `known_hosts` that names it. */
  readonly knownHostsLine: string;
  readonly pid: number | undefined;
  readonly folder: string;
  /** Gone at once, with every connection; its files are kept. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port; returns when it answers. */
  start(): Promise<void>;
  /** Ends it and starts it again with another host key, as after a change that nobody announced. */
  changeHostKey(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
  /** Lets it outlive this process. */
  release(): void;
}

/** Its class path, fetched and compiled on first use and kept. */
export async function fetchSftp(): Promise<string> {
  const jars = await fetchClassPath(SSHD);
  const version = createHash('sha256')
    .update(await readFile(MAIN))
    .digest('hex')
    .slice(0, 12);
  const classes = await cached(`sftp-server-${version}`, (draft) => compile(jars, draft), 'javac');
  return [jars, classes].join(delimiter);
}

async function compile(classPath: string, folder: string): Promise<void> {
  const { code, stderr } = await run(javaCommand('javac'), ['-cp', classPath, '-d', folder, MAIN]);
  if (code === 0) return;
  throw new StackError(`The SFTP server must be compiled, by a JDK 17 or newer: ${stderr.trim()}`);
}

/** Starts an SFTP server; its jars are fetched on first use. Throws a StackError that says what is amiss. */
export async function startSftp(options: SftpOptions): Promise<SftpServer> {
  const classPath = await fetchSftp();
  const { extensions = true, forwarding = false } = options;
  const flags = [...(extensions ? [] : ['--plain']), ...(forwarding ? ['--forwarding'] : [])];
  let hostKey = '';
  const server = await LocalServer.start({
    name: 'sftp',
    preferredPort: options.preferredPort,
    command: javaCommand(),
    args: (port, folder) => [
      ...['-Xmx256m', ...QUICK_START, '-cp', classPath, 'SftpServer', String(port), folder],
      ...flags,
    ],
    prepare: async (folder) => {
      await mkdir(join(folder, 'root'));
      hostKey = await writeHostKey(folder);
      for (const user of options.users) await writeUser(folder, user);
    },
    isReady: greets,
  });
  return new JavaSftpServer(server, hostKey);
}

class JavaSftpServer implements SftpServer {
  readonly host = '127.0.0.1';
  readonly #server: LocalServer;
  #hostKey: string;

  constructor(server: LocalServer, hostKey: string) {
    this.#server = server;
    this.#hostKey = hostKey;
  }

  get port(): number {
    return this.#server.port;
  }

  get root(): string {
    return join(this.folder, 'root');
  }

  get hostKey(): string {
    return this.#hostKey;
  }

  get knownHostsLine(): string {
    return `[${this.host}]:${this.port} ${this.#hostKey}`;
  }

  get pid(): number | undefined {
    return this.#server.pid;
  }

  get folder(): string {
    return this.#server.folder;
  }

  kill(): Promise<void> {
    return this.#server.kill();
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  async changeHostKey(): Promise<void> {
    await this.kill();
    this.#hostKey = await writeHostKey(this.folder);
    await this.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  release(): void {
    this.#server.release();
  }
}

/** Writes a new private key; the answer is its public half. */
async function writeHostKey(folder: string): Promise<string> {
  const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
  await writeFile(join(folder, 'host-key'), privateKey, { mode: 0o600 });
  return publicKey.trim();
}

async function writeUser(folder: string, { name, password, publicKeys }: SftpUser): Promise<void> {
  const home = join(folder, 'users', name);
  await mkdir(home, { recursive: true });
  if (password !== undefined) await writeFile(join(home, 'password'), password);
  // Keys that others could write to would not be trusted.
  if (publicKeys)
    await writeFile(join(home, 'authorized_keys'), `${publicKeys.join('\n')}\n`, { mode: 0o600 });
}

/** An SSH server speaks first. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (greeted: boolean) => {
      socket.destroy();
      resolve(greeted);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, () => answer(false));
    socket.once('data', (greeting) => answer(greeting.toString().startsWith('SSH-2.0-')));
    socket.once('error', () => answer(false)).once('close', () => answer(false));
  });
}

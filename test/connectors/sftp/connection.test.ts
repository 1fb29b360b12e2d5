import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSftp } from '../../../connectors/sftp/connection.ts';
import type { SftpValues } from '../../../connectors/sftp/options.ts';
import { type SftpServer, type SharedSftp, sharedSftp, startSftp } from '../../support/sftp.ts';
import { sshKeys } from '../../support/ssh-keys.ts';
import { uniqueName } from '../../support/stack.ts';
import { fileWith, type ReachableSftp, SILENT, valuesFor } from './support.ts';

const NEVER = new AbortController().signal;
const ends: (() => unknown)[] = [];
let server: SharedSftp;

beforeAll(async () => {
  server = await sharedSftp();
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(own: Partial<SftpValues> = {}, to: ReachableSftp = server) {
  const pool = await openSftp(await valuesFor(to, own), SILENT);
  ends.push(() => pool.close());
  return pool;
}

/** The error of an attempt. */
async function refusal(own: Partial<SftpValues>, to: ReachableSftp = server) {
  const error = await open(own, to).then(
    () => new Error('it connects'),
    (thrown: Error & { code?: string; retriable?: boolean }) => thrown,
  );
  expect(error.message).not.toContain('\n');
  return error;
}

describe('a user is let in', () => {
  test('by password', async () => {
    const pool = await open();
    expect(await pool.ask('look', (session) => session.realpath('/'), NEVER)).toBe('/');
  });

  test('by a key, which may be encrypted', async () => {
    await open({ sftpPassword: null, sftpPrivateKey: await fileWith(server.privateKey) });
    const how = { cipher: 'aes256-ctr', passphrase: 'secret', rounds: 4 };
    const encrypted = sshKeys(how);
    const own = await sshServer({}, (client) => {
      client.on('authentication', (context) =>
        context.method === 'publickey' ? context.accept() : context.reject(['publickey']),
      );
      client.on('ready', () => serveEmptySftp(client));
    });
    const sftpPrivateKey = await fileWith(encrypted.private);
    const login = { sftpPassword: null, sftpPrivateKey };
    await open({ ...login, sftpPrivateKeyPassphrase: 'secret' }, own);
    expect((await refusal({ ...login, sftpPrivateKeyPassphrase: null }, own)).message).toContain(
      'is encrypted (Encrypted private OpenSSH key detected, but no passphrase given); set sftp.private.key.passphrase',
    );
    expect((await refusal({ ...login, sftpPrivateKeyPassphrase: 'other' }, own)).message).toContain(
      'cannot be decrypted',
    );
  });

  test('by a key of an agent', async () => {
    const socket = await agentWith(server.privateKey);
    await open({ sftpPassword: null, sftpAgent: socket });
  });

  test('by the password where the server asks for it by a prompt', async () => {
    const asking = await sshServer({}, (client) => {
      client.on('authentication', (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        context.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) =>
          answer === 'secret' ? context.accept() : context.reject(['keyboard-interactive']),
        );
      });
      client.on('ready', () => serveEmptySftp(client));
    });
    await open({ sftpPassword: 'secret' }, asking);
    expect((await refusal({ sftpPassword: 'other' }, asking)).message).toContain(
      'tried keyboard-interactive; the server takes keyboard-interactive',
    );
  });
});

describe('a user who is not let in learns why', () => {
  test('when the password is wrong', async () => {
    const error = await refusal({ sftpPassword: 'wrong' });
    expect(error).toMatchObject({ code: 'SOURCE_UNREADABLE', retriable: false });
    expect(error.message).toContain(
      `sftp://${server.user}@${server.host}:${server.port} does not let "${server.user}" in: tried password; the ` +
        'server takes publickey, password',
    );
    expect(error.message).toContain('check sftp.user and sftp.password');
  });

  test('when the key is another one', async () => {
    const key = sshKeys().private;
    const error = await refusal({ sftpPassword: null, sftpPrivateKey: await fileWith(key) });
    expect(error.message).toMatch(
      /tried publickey; the server takes .*that the server knows the key of sftp\.private\.key/,
    );
  });

  test('when the server takes nothing that is configured', async () => {
    const strict = await sshServer({}, (client) =>
      client.on('authentication', (context) => context.reject(['publickey'])),
    );
    expect((await refusal({}, strict)).message).toMatch(
      /tried nothing that is configured; the server takes publickey.*set sftp\.private\.key for publickey/,
    );
  });

  test('when nothing is configured', async () => {
    const { SSH_AUTH_SOCK } = process.env;
    delete process.env.SSH_AUTH_SOCK;
    ends.push(() => SSH_AUTH_SOCK !== undefined && Object.assign(process.env, { SSH_AUTH_SOCK }));
    const error = await refusal({ sftpPassword: null });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(error.message).toContain('set sftp.private.key or sftp.password');
  });

  test('when the agent does not answer', async () => {
    const error = await refusal({ sftpPassword: null, sftpAgent: join(tmpdir(), uniqueName('no-agent')) });
    expect(error.message).toMatch(/tried keys of the agent; .*; the agent failed: /);
  });

  test.each([
    ['is not there', async () => join(tmpdir(), uniqueName('no-key')), 'cannot be read'],
    ['is none', () => fileWith('not a key'), 'is no private key that can be used'],
    ['is the public half', () => fileWith(sshKeys().public), 'is a public key'],
  ])('when the key file %s', async (_, file, expected) => {
    const sftpPrivateKey = await file();
    const error = await refusal({ sftpPassword: null, sftpPrivateKey });
    expect(error.message).toContain(`sftp.private.key ${JSON.stringify(sftpPrivateKey)} ${expected}`);
    expect(error).toMatchObject({ retriable: false });
  });
});

describe('a server whose key is not known is refused', () => {
  const fingerprint = /ecdsa-sha2-nistp256 SHA256:[A-Za-z0-9+/]{43}/;

  test('with its fingerprint and the line to add', async () => {
    const sftpKnownHosts = await fileWith('# nobody yet\n');
    const error = await refusal({ sftpKnownHosts });
    expect(error).toMatchObject({ code: 'SOURCE_UNREADABLE', retriable: false });
    expect(error.message).toMatch(fingerprint);
    expect(error.message).toContain(
      `is not in sftp.known.hosts ${JSON.stringify(sftpKnownHosts)}; ask whoever runs`,
    );
    expect(error.message).toContain(server.knownHostsLine);
    await open({ sftpKnownHosts: await fileWith(`${error.message.split('add the line: ')[1]}\n`) });
  });

  test('also where there is no such file', async () => {
    const error = await refusal({ sftpKnownHosts: join(tmpdir(), uniqueName('no-known-hosts')) });
    expect(error.message).toContain(server.knownHostsLine);
  });

  test('in strong words when there is another key of it', async () => {
    const [name] = server.knownHostsLine.split(' ');
    const other = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).public.trim();
    const error = await refusal({ sftpKnownHosts: await fileWith(`# one\n${name} ${other}\n`) });
    expect(error).toMatchObject({ code: 'SOURCE_UNREADABLE', retriable: false });
    expect(error.message).toContain('HAS CHANGED');
    expect(error.message).toMatch(fingerprint);
    expect(error.message).toContain('line 2 of sftp.known.hosts');
    expect(error.message).toContain('SOMEBODY MAY HAVE PUT HIMSELF IN ITS PLACE');
  });

  test('when its key is revoked, or only keys of other types are known', async () => {
    const { knownHostsLine } = server;
    const revoked = `${knownHostsLine}\n@revoked ${knownHostsLine}\n`;
    expect((await refusal({ sftpKnownHosts: await fileWith(revoked) })).message).toContain(
      'is revoked by line 2',
    );
    const [name] = knownHostsLine.split(' ');
    const other = `${name} ${sshKeys().public}`;
    expect((await refusal({ sftpKnownHosts: await fileWith(other) })).message).toContain(
      'which has its keys of the types ssh-ed25519',
    );
  });

  test('but one with several keys shows that which is known', async () => {
    const keys = [sshKeys(), ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 })] as const;
    const hostKeys = keys.map((key) => key.private);
    for (const key of keys) {
      await open({}, await sshServer({ hostKeys }, welcome, key.public));
    }
  });
});

describe('a server that cannot be used is told of', () => {
  test('when it refuses connections', async () => {
    const { port } = await listening(() => {});
    await ends.pop()?.();
    const error = await refusal({ sftpPort: port });
    expect(error).toMatchObject({ code: 'SOURCE_UNREADABLE', retriable: true });
    expect(error.message).toMatch(
      /:\d+ refuses connections \(.*ECONNREFUSED.*\); check sftp\.host and sftp\.port/,
    );
  });

  test('when nobody knows its name', async () => {
    const error = await refusal({ sftpHost: 'no-such-host.invalid' });
    expect(error.message).toMatch(/has a host name that nobody knows|cannot be looked up/);
  });

  test('when it closes the connection at once', async () => {
    const { port } = await listening((socket) => socket.destroy());
    const error = await refusal({ sftpPort: port });
    expect(error.message).toMatch(/closed the connection while shaking hands .*too many connections/);
    expect(error).toMatchObject({ retriable: true });
  });

  test('when it is no SSH server', async () => {
    const { port } = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await refusal({ sftpPort: port })).message).toMatch(/not as an SSH server|closed the connection/);
  });

  test('when it has no algorithm in common with us', async () => {
    const old = await sshServer({ algorithms: { kex: ['diffie-hellman-group1-sha1'] } }, welcome);
    const error = await refusal({}, old);
    expect(error.message).toContain('has no algorithm in common with this client');
    expect(error).toMatchObject({ retriable: false });
  });

  test('when it offers no SFTP', async () => {
    const shellOnly = await sshServer({}, (client) => {
      client.on('authentication', (context) => context.accept());
      client.on('ready', () => client.on('session', (accept) => void accept()));
    });
    const error = await refusal({}, shellOnly);
    expect(error.message).toContain('lets this user in, but offers no SFTP');
  });
});

describe('a jump host', () => {
  let jump: SftpServer;
  const login = { user: 'bob', password: "bob's password" };
  const options = () => ({
    sftpJumpHost: jump.host,
    sftpJumpPort: jump.port,
    sftpJumpUser: login.user,
    sftpJumpPassword: login.password,
  });
  const bothKnown = () => fileWith(`${server.knownHostsLine}\n${jump.knownHostsLine}\n`);

  beforeAll(async () => {
    const { user: name, password } = login;
    jump = await startSftp({ users: [{ name, password }], forwarding: true });
  });

  afterAll(() => jump?.stop());

  test('is the way to the server', async () => {
    const pool = await open({ ...options(), sftpKnownHosts: await bothKnown() });
    expect(await pool.ask('look', (session) => session.realpath('/'), NEVER)).toBe('/');
  });

  test('must be known itself', async () => {
    const error = await refusal(options());
    expect(error.message).toContain('for the jump host, sftp.known.hosts');
    expect(error.message).toContain(jump.knownHostsLine);
  });

  test('is never given the password for the server', async () => {
    const own = { ...options(), sftpJumpPassword: null, sftpKnownHosts: await bothKnown() };
    const error = await refusal(own);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(error.message).toContain('set sftp.jump.private.key or sftp.jump.password');
  });

  test('that does not reach the server says so', async () => {
    const { port } = await listening(() => {});
    await ends.pop()?.();
    const own = { ...options(), sftpKnownHosts: await bothKnown(), sftpPort: port };
    expect((await refusal(own)).message).toContain(`does not connect to ${server.host}:${port}`);
  });
});

test('a connection that was lost is made anew, unless the server has another key by then', async () => {
  const own = await anotherServer({ name: 'bob', password: 'secret' });
  const pool = await open({}, own);
  const look = () => pool.ask('look', (session) => session.realpath('/'), NEVER);
  await own.server.kill();
  await own.server.start();
  expect(await look()).toBe('/');
  await own.server.changeHostKey();
  await expect(look()).rejects.toThrow('HAS CHANGED');
}, 120_000);

test('where the server takes one connection only, that does for all', async () => {
  let taken = 0;
  const narrow = await sshServer({}, (client) => {
    client.on('authentication', (context) =>
      taken++ === 0 ? context.reject(['password']) : context.accept(),
    );
    if (taken > 1) client.end();
    else client.on('ready', () => serveEmptySftp(client));
  });
  const pool = await open({}, narrow);
  expect(await pool.session(1)).toBe(await pool.session(0));
});

/** A server of MINA's for one test. */
async function anotherServer(user: Parameters<typeof startSftp>[0]['users'][number]) {
  const started = await startSftp({ users: [user] });
  ends.push(() => started.stop());
  const { host, port, knownHostsLine } = started;
  return { host, port, knownHostsLine, user: user.name, password: user.password ?? '', server: started };
}

/** A server that is as no usual one is. Its first host key is in `known_hosts`, unless another is said to be. */
async function sshServer(
  config: Partial<ssh2.ServerConfig>,
  serve: (client: ssh2.Connection) => void,
  known?: string,
): Promise<ReachableSftp> {
  const key = sshKeys();
  const ssh = new ssh2.Server({ hostKeys: [key.private], ...config }, (client) => {
    client.on('error', () => {});
    serve(client);
  });
  await new Promise<void>((resolve) => ssh.listen(0, '127.0.0.1', resolve));
  ends.push(() => ssh.close());
  const { port } = ssh.address() as AddressInfo;
  const knownHostsLine = `[127.0.0.1]:${port} ${(known ?? key.public).trim()}`;
  return { host: '127.0.0.1', port, knownHostsLine, user: 'bob', password: 'secret' };
}

function welcome(client: ssh2.Connection): void {
  client.on('authentication', (context) => context.accept());
  client.on('ready', () => serveEmptySftp(client));
}

function serveEmptySftp(client: ssh2.Connection): void {
  client.on('session', (accept) => accept().on('sftp', (acceptSftp) => void acceptSftp()));
}

async function listening(serve: (socket: Socket) => void): Promise<AddressInfo> {
  const tcp: Server = createServer((socket) => {
    socket.on('error', () => {}).resume();
    serve(socket);
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => tcp.close(resolve)));
  return tcp.address() as AddressInfo;
}

/** The socket of an agent that has one key. */
async function agentWith(privateKey: string): Promise<string> {
  const key = ssh2.utils.parseKey(privateKey) as ParsedKey;
  const socket = join(tmpdir(), uniqueName('agent'));
  const agent = createServer((client) => {
    const protocol = new ssh2.AgentProtocol(false);
    protocol.on('identities', (request) => protocol.getIdentitiesReply(request, [key]));
    protocol.on('sign', (request, _publicKey, data) => protocol.signReply(request, key.sign(data)));
    client.pipe(protocol).pipe(client);
  });
  await new Promise<void>((resolve) => agent.listen(socket, resolve));
  ends.push(() => new Promise((resolve) => agent.close(resolve)));
  return socket;
}

import type { ClientChannel } from 'ssh2';
import { unreadable } from '../files/source-errors.ts';
import { connectError } from './connect-errors.ts';
import { CONNECT_TIMEOUT_MS, type Hop, logIn } from './hop.ts';
import { type Login, nameOf } from './login.ts';
import { SftpSession } from './session.ts';

type Ssh2 = typeof import('ssh2');

/** The way to a server. */
export interface Route {
  readonly server: Login;
  /** Through which the server is reached. */
  readonly jump: Login | null;
  /** Path of the file that has the keys of both. */
  readonly knownHosts: string;
}

/**
 * A connection with SFTP started on it.
 *
 * @throws HeadraceError SOURCE_UNREADABLE, retriable unless a person must mend something first
 */
export async function connect(ssh2: Ssh2, { server, jump, knownHosts }: Route): Promise<SftpSession> {
  const hops: Hop[] = [];
  try {
    let channel: ClientChannel | undefined;
    if (jump !== null) {
      const gate = await logIn(ssh2, jump, knownHosts);
      hops.push(gate);
      channel = await through(gate, jump, server);
    }
    const hop = await logIn(ssh2, server, knownHosts, channel);
    hops.unshift(hop);
    return await startSftp(hop, server, hops);
  } catch (error) {
    for (const hop of hops) hop.end();
    throw error;
  }
}

function through({ client }: Hop, jump: Login, { host, port }: Login): Promise<ClientChannel> {
  const problem = `the jump host ${nameOf(jump)} does not connect to ${host}:${port}`;
  const mend = 'check sftp.host and sftp.port as the jump host sees them, and that it forwards';
  return inTime(
    (done) => client.forwardOut('127.0.0.1', 0, host, port, done),
    (error) => unreadable(problem, mend, error),
  );
}

async function startSftp({ client }: Hop, login: Login, hops: readonly Hop[]): Promise<SftpSession> {
  const sftp = await inTime(client.sftp.bind(client), (error) => connectError(error, login, 'starting SFTP'));
  return new SftpSession(nameOf(login), sftp, hops);
}

/** Makes of a call of ssh2 a promise, which is rejected when no answer comes: ssh2 has no limit. */
function inTime<T>(
  call: (done: (error: Error | undefined, value: T) => void) => void,
  failure: (error: Error) => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(failure(new Error('timed out'))), CONNECT_TIMEOUT_MS);
    call((error, value) => {
      clearTimeout(timer);
      if (error === undefined) resolve(value);
      else reject(failure(error));
    });
  });
}

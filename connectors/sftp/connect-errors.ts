import { HeadraceError, type HeadraceErrorOptions, messageOf } from '../../src/plugin/index.ts';
import { systemCode, unreadable } from '../files/source-errors.ts';
import { fingerprint, type KnownHost, keyType } from './known-hosts.ts';
import { type Authentication, type Login, nameOf } from './login.ts';

/** How far a connection has come: what went wrong depends on it. */
export type Stage = 'connecting' | 'shaking hands' | 'logging in' | 'starting SFTP';

/** For a server's key that is not the one of `known_hosts`; null when it is. */
export function keyRefusal(key: Buffer, known: KnownHost, path: string, login: Login): HeadraceError | null {
  const verdict = known.verdict(key);
  const name = nameOf(login);
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  const file = `${login.options === 'sftp' ? '' : 'for the jump host, '}sftp.known.hosts ${JSON.stringify(path)}`;
  switch (verdict.kind) {
    case 'known':
      return null;
    case 'revoked':
      return refused(
        `the key of ${name}, ${shown}, is revoked by line ${verdict.line} of ${file}: it must not be trusted`,
        'have whoever runs the server give it another key',
      );
    case 'changed':
      return refused(
        `THE HOST KEY OF ${name} HAS CHANGED: it shows ${shown}, while line ${verdict.line} of ${file} has another. ` +
          'SOMEBODY MAY HAVE PUT HIMSELF IN ITS PLACE; nothing was sent to it',
        'ask whoever runs the server, and only if he confirms this fingerprint put in place of that line: ' +
          known.lineFor(key),
      );
    case 'unknown': {
      const others =
        verdict.otherTypes.length === 0
          ? ''
          : `, which has its keys of the types ${verdict.otherTypes.join(', ')}`;
      return refused(
        `the host key of ${name}, ${shown}, is not in ${file}${others}`,
        `ask whoever runs the server whether this is its fingerprint, and only then add the line: ${known.lineFor(key)}`,
      );
    }
  }
}

function refused(problem: string, mend: string): HeadraceError {
  return unreadable(problem, mend, undefined, { retriable: false });
}

/** What to tell of a connection that did not come about. */
export function connectError(error: unknown, login: Login, stage: Stage): HeadraceError {
  if (error instanceof HeadraceError) return error;
  const tell = (problem: string, mend: string, options: HeadraceErrorOptions = {}) =>
    unreadable(`${nameOf(login)} ${problem}`, mend, causeOf(error), options);
  return networkError(error, login, tell) ?? protocolError(messageOf(error), login, stage, tell);
}

type Tell = (problem: string, mend: string, options?: HeadraceErrorOptions) => HeadraceError;

function networkError(error: unknown, { options }: Login, tell: Tell): HeadraceError | null {
  switch (systemCode(error)) {
    case 'ECONNREFUSED':
      return tell(
        'refuses connections',
        `check ${options}.host and ${options}.port, and that the server is running`,
      );
    case 'ENOTFOUND':
      return tell('has a host name that nobody knows', `check ${options}.host`);
    case 'EAI_AGAIN':
      return tell('cannot be looked up, as the name server does not answer', 'check the network');
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return tell('cannot be reached', `check ${options}.host, the network and the firewalls on the way`);
    default:
      return null;
  }
}

function protocolError(said: string, { options }: Login, stage: Stage, tell: Tell): HeadraceError {
  if (/no matching/.test(said)) {
    return tell(
      'has no algorithm in common with this client',
      'have the server offer a current one (curve25519-sha256 or ecdh-sha2-nistp256, aes128-gcm@openssh.com or ' +
        'aes128-ctr, ssh-ed25519 or rsa-sha2-512)',
      { retriable: false },
    );
  }
  if (/identification|version/i.test(said)) {
    return tell('answers, but not as an SSH server', `check ${options}.port`);
  }
  if (/timed out|timeout/i.test(said)) {
    const mend = `check ${options}.host, ${options}.port and the load of the server`;
    return tell(`did not answer in time while ${stage}`, mend);
  }
  if (stage === 'starting SFTP' && !/closed|No response/.test(said)) {
    return tell(
      'lets this user in, but offers no SFTP',
      'have its subsystem sftp switched on for this user; where a login runs a shell, its profile must print nothing',
      { retriable: false },
    );
  }
  return tell(
    `closed the connection while ${stage}`,
    'it may have too many connections (lower sftp.connections or tasks.max), bar this address, or be restarting: its ' +
      'log tells',
  );
}

/** Whether a server has refused all ways to log in. */
export function isLoginRefusal(error: unknown): boolean {
  const { level } = error as { level?: unknown };
  return level === 'client-authentication' || /authentication failures/i.test(messageOf(error));
}

/** What to tell of it. To go on trying would have the account locked, so nobody does. */
export function loginRefused(error: unknown, login: Login, authentication: Authentication): HeadraceError {
  const { tried, offered, configured, agentError } = authentication;
  const { options } = login;
  const ways = tried.length === 0 ? 'nothing that is configured' : tried.join(', ');
  const takes = offered === null || offered.length === 0 ? '' : `; the server takes ${offered.join(', ')}`;
  const agent = agentError === null ? '' : `; the agent failed: ${agentError}`;
  const mend =
    tried.length === 0
      ? `configured is ${configured.join(', ')}: set ${options}.private.key for publickey, ${options}.password for the others`
      : `check ${options}.user and ${wayOptions(tried, options)}, and that the account is not locked`;
  const problem = `${nameOf(login)} does not let ${JSON.stringify(login.user)} in: tried ${ways}${takes}${agent}`;
  return unreadable(problem, mend, undefined, { retriable: false, cause: error });
}

function wayOptions(tried: readonly string[], options: string): string {
  const byKey = tried.includes('publickey')
    ? [`that the server knows the key of ${options}.private.key`]
    : [];
  const byAgent = tried.includes('keys of the agent') ? ['that the server knows a key of the agent'] : [];
  const isPassword = tried.some((way) => way === 'password' || way === 'keyboard-interactive');
  return [...(isPassword ? [`${options}.password`] : []), ...byKey, ...byAgent].join(', ');
}

/** Of the attempts with several addresses the first. */
function causeOf(error: unknown): unknown {
  return error instanceof AggregateError ? error.errors[0] : error;
}

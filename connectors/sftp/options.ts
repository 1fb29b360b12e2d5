import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ConfigProblem, ConfigValues } from '../../src/plugin/index.ts';
import { defineConfig } from '../../src/plugin/index.ts';
import type { Route } from './connect.ts';

const MOST_CONNECTIONS = 8;

/** How a server is reached, and who logs in. */
export const sftpOptions = defineConfig({
  sftpHost: {
    doc: 'Host name or address of the server.',
    format: 'string',
    required: true,
  },
  sftpPort: {
    doc: 'Its port.',
    format: 'nat',
    default: 22,
  },
  sftpUser: {
    doc: 'The user to log in as.',
    format: 'string',
    required: true,
  },
  sftpPassword: {
    doc: 'Password of the user. It is given to a server that asks for it by a prompt as well.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  sftpPrivateKey: {
    doc: 'File of a private key, of OpenSSH or in PEM.',
    format: 'path',
    default: null,
  },
  sftpPrivateKeyPassphrase: {
    doc: 'What the private key is encrypted with.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  sftpAgent: {
    doc: 'Socket of an agent that has the key. Not set: that of SSH_AUTH_SOCK, if neither key nor password is set.',
    format: 'path',
    default: null,
  },
  sftpKnownHosts: {
    doc:
      'File with the keys of servers, as OpenSSH keeps it. A server whose key is not in it, or is another one there, is ' +
      'refused, and so is a jump host. Not set: .ssh/known_hosts in the home folder.',
    format: 'path',
    default: null,
  },
  sftpJumpHost: {
    doc: 'A server through which the server is reached.',
    format: 'string',
    default: null,
  },
  sftpJumpPort: {
    doc: 'Its port.',
    format: 'nat',
    default: 22,
  },
  sftpJumpUser: {
    doc: 'The user to log in as there. Not set: that of sftp.user.',
    format: 'string',
    default: null,
  },
  sftpJumpPassword: {
    doc: 'His password there. It is never that of sftp.password unless it is set here too.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  sftpJumpPrivateKey: {
    doc: 'File of his private key. Neither this nor sftp.jump.password set: the key or agent for the server itself.',
    format: 'path',
    default: null,
  },
  sftpJumpPrivateKeyPassphrase: {
    doc: 'What the private key for the jump host is encrypted with.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  sftpConnections: {
    doc:
      'Connections that each task has, 1 to 8. Several read a file faster where one does not fill the line; lower it where ' +
      'the server limits connections.',
    format: 'nat',
    default: 2,
  },
});

export type SftpValues = ConfigValues<typeof sftpOptions>;

/** Mistakes in them. */
export function* checkSftpOptions(values: SftpValues): Generator<ConfigProblem> {
  const { sftpConnections, sftpJumpHost } = values;
  if (sftpConnections < 1 || sftpConnections > MOST_CONNECTIONS) {
    yield { key: 'sftp.connections', message: `expected 1 to ${MOST_CONNECTIONS}, got ${sftpConnections}` };
  }
  const ports = [
    ['sftp.port', values.sftpPort],
    ['sftp.jump.port', values.sftpJumpPort],
  ] as const;
  for (const [key, port] of ports) {
    if (port < 1 || port > 65_535) yield { key, message: `expected a port, 1 to 65535, got ${port}` };
  }
  const ofJump = ['sftp.jump.user', 'sftp.jump.password', 'sftp.jump.private.key'] as const;
  const set = [values.sftpJumpUser, values.sftpJumpPassword, values.sftpJumpPrivateKey];
  for (const [index, key] of ofJump.entries()) {
    const isLost = sftpJumpHost === null && set[index] !== null;
    if (isLost) yield { key, message: 'is set while sftp.jump.host is not; set that, or remove this' };
  }
}

/** What the options say of the way to the server. */
export function routeOf(values: SftpValues): Route {
  const { sftpPassword, sftpPrivateKey, sftpPrivateKeyPassphrase } = values;
  const isProven = sftpPassword !== null || sftpPrivateKey !== null;
  const agent = values.sftpAgent ?? (isProven ? null : (process.env.SSH_AUTH_SOCK ?? null));
  const server = {
    host: values.sftpHost,
    port: values.sftpPort,
    user: values.sftpUser,
    password: sftpPassword,
    privateKey: sftpPrivateKey,
    passphrase: sftpPrivateKeyPassphrase,
    agent,
    options: 'sftp',
  };
  const knownHosts = values.sftpKnownHosts ?? join(homedir(), '.ssh', 'known_hosts');
  if (values.sftpJumpHost === null) return { server, jump: null, knownHosts };
  const place = {
    host: values.sftpJumpHost,
    port: values.sftpJumpPort,
    user: values.sftpJumpUser ?? values.sftpUser,
    options: 'sftp.jump',
  };
  const { sftpJumpPassword, sftpJumpPrivateKey, sftpJumpPrivateKeyPassphrase } = values;
  const hasOwn = sftpJumpPassword !== null || sftpJumpPrivateKey !== null;
  const jump = {
    ...place,
    password: sftpJumpPassword,
    privateKey: hasOwn ? sftpJumpPrivateKey : sftpPrivateKey,
    passphrase: hasOwn ? sftpJumpPrivateKeyPassphrase : sftpPrivateKeyPassphrase,
    agent: hasOwn ? null : agent,
  };
  return { server, jump, knownHosts };
}

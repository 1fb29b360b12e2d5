import { connect } from 'node:net';
import type { Client, ClientChannel, ConnectConfig } from 'ssh2';
import { messageOf } from '../../src/plugin/index.ts';
import { connectError, isLoginRefusal, keyRefusal, loginRefused, type Stage } from './connect-errors.ts';
import { type KnownHost, knownHost } from './known-hosts.ts';
import { Authentication, type Login } from './login.ts';

type Ssh2 = typeof import('ssh2');

export const CONNECT_TIMEOUT_MS = 30_000;
/** A connection is lost after three of these without an answer. */
const KEEP_ALIVE_MS = 15_000;

/** As ssh2 knows them, best first. */
const KEY_ALGORITHMS = [
  ...['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ...['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
] as const;

/** A connection of SSH to one server, logged in. */
export interface Hop {
  readonly client: Client;
  /** Lets go of it at once. What ssh2 itself ends may stay half open, so the socket is ended here. */
  end(): void;
}

/**
 * Connects to a server and logs in, once its key is that of `known_hosts`.
 *
 * @param knownHosts path of that file
 * @param channel the way to it, through another server
 */
export async function logIn(
  ssh2: Ssh2,
  login: Login,
  knownHosts: string,
  channel?: ClientChannel,
): Promise<Hop> {
  const known = await knownHost(knownHosts, login.host, login.port);
  const authentication = await Authentication.of(ssh2, login);
  const client = new ssh2.Client();
  const sock = channel ?? connect({ host: login.host, port: login.port });
  const end = () => {
    client.end();
    sock.destroy();
  };
  let stage: Stage = 'connecting';
  let refusal: Error | null = null;
  const hostVerifier = (key: Buffer) => {
    refusal = keyRefusal(key, known, knownHosts, login);
    return refusal === null;
  };
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer);
      end();
      if (isLoginRefusal(error)) return reject(loginRefused(error, login, authentication));
      reject(connectError(refusal ?? error, login, stage));
    };
    const timer = setTimeout(() => fail(new Error('timed out')), CONNECT_TIMEOUT_MS);
    client.on('error', (error) => {
      if (error.level === 'agent') authentication.agentError = messageOf(error);
      else fail(error);
    });
    client.on('close', () => fail(new Error('connection closed')));
    client.once('connect', () => (stage = 'shaking hands'));
    client.once('handshake', () => (stage = 'logging in'));
    client.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
    const authHandler = authentication.handler;
    client.connect({ ...configOf(login, known), hostVerifier, authHandler, sock });
  });
  return { client, end };
}

function configOf({ user }: Login, known: KnownHost): ConnectConfig {
  return {
    username: user,
    // The timer above is for the look-up of the name as well.
    readyTimeout: 0,
    keepaliveInterval: KEEP_ALIVE_MS,
    algorithms: { serverHostKey: preferred(known.types) },
  };
}

/** Those first of which the server's key is known: a server with several keys would else show one that is not. */
function preferred(types: readonly string[]): (typeof KEY_ALGORITHMS)[number][] {
  const isKnown = (algorithm: string) => types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  return [...KEY_ALGORITHMS.filter(isKnown), ...KEY_ALGORITHMS.filter((algorithm) => !isKnown(algorithm))];
}

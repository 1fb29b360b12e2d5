import { readFile } from 'node:fs/promises';
import type {
  AnyAuthMethod,
  AuthenticationType,
  AuthHandlerMiddleware,
  KeyboardInteractiveCallback,
  Prompt,
} from 'ssh2';
import { HeadraceError, messageOf } from '../../src/plugin/index.ts';
import { unreadable } from '../files/source-errors.ts';

type Ssh2 = typeof import('ssh2');

/** Where to log in, as whom, and what proves it. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | null;
  /** Path of a file. */
  readonly privateKey: string | null;
  readonly passphrase: string | null;
  /** Path of an agent's socket. */
  readonly agent: string | null;
  /** What its options begin with, for messages: `sftp` or `sftp.jump`. */
  readonly options: string;
}

/** As people write it, for messages. */
export function nameOf({ host, port, user }: Login): string {
  return `sftp://${user}@${host}:${port}`;
}

/** Tries the ways to log in that are configured and that the server takes, and remembers which those were. */
export class Authentication {
  readonly #user: string;
  readonly #left: AnyAuthMethod[];
  readonly configured: readonly AuthenticationType[];
  /** In order, as people know them. */
  readonly tried: string[] = [];
  /** What the server takes, as it says; null before it has said it. */
  offered: readonly string[] | null = null;
  /** What went wrong with the agent, which does not end the login. */
  agentError: string | null = null;

  private constructor(user: string, methods: AnyAuthMethod[]) {
    this.#user = user;
    this.#left = methods;
    this.configured = methods.map(({ type }) => type);
  }

  /** @throws HeadraceError CONFIG_INVALID when nothing is configured, SOURCE_UNREADABLE for a key that cannot be used */
  static async of(ssh2: Ssh2, login: Login): Promise<Authentication> {
    const { user: username, password, agent, options } = login;
    const methods: AnyAuthMethod[] = [];
    if (login.privateKey !== null) {
      const key = await readKey(ssh2, login.privateKey, login.passphrase, options);
      methods.push({ type: 'publickey', username, key });
    }
    if (agent !== null) methods.push({ type: 'agent', username, agent });
    if (password !== null) {
      methods.push({ type: 'password', username, password });
      methods.push({ type: 'keyboard-interactive', username, prompt: answering(password) });
    }
    if (methods.length > 0) return new Authentication(username, methods);
    throw new HeadraceError(
      'CONFIG_INVALID',
      `nothing to log in with to ${nameOf(login)}: set ${options}.private.key or ${options}.password, or start an ` +
        'agent that has a key (SSH_AUTH_SOCK is not set)',
    );
  }

  /** What ssh2 asks for the next way to log in. The first is none at all: the answer tells what the server takes. */
  readonly handler: AuthHandlerMiddleware = (offered, _partial, next) => {
    if (offered === null) return next({ type: 'none', username: this.#user });
    this.offered = offered;
    const index = this.#left.findIndex(({ type }) => this.#isWorthTrying(type, offered));
    const [method] = index < 0 ? [] : this.#left.splice(index, 1);
    if (method !== undefined) this.tried.push(method.type === 'agent' ? 'keys of the agent' : method.type);
    // False, which the types do not know, ends it.
    next((method ?? false) as AnyAuthMethod);
  };

  /** A password that was refused is not given a second time, by a prompt: that counts as another attempt. */
  #isWorthTrying(type: AuthenticationType, offered: readonly string[]): boolean {
    if (type === 'keyboard-interactive' && this.tried.includes('password')) return false;
    return offered.includes(type === 'agent' ? 'publickey' : type);
  }
}

/** Some servers ask for the password by a prompt. It is given once: to ask again means that it was wrong. */
function answering(password: string) {
  let isGiven = false;
  return (
    _name: string,
    _instructions: string,
    _language: string,
    prompts: Prompt[],
    finish: KeyboardInteractiveCallback,
  ) => {
    const answers = prompts.map(({ echo }) => {
      if (echo === true || isGiven) return '';
      isGiven = true;
      return password;
    });
    finish(answers);
  };
}

async function readKey(ssh2: Ssh2, path: string, passphrase: string | null, options: string) {
  const name = `${options}.private.key ${JSON.stringify(path)}`;
  const text = await readFile(path).catch((error: unknown) => {
    throw unreadable(`${name} cannot be read`, 'let this user read it, or correct the path', error, {
      retriable: false,
    });
  });
  const parsed = ssh2.utils.parseKey(text, passphrase ?? undefined);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!(key instanceof Error) && key.isPrivateKey()) return key;
  const [problem, mend] = keyTrouble(key instanceof Error ? messageOf(key) : null, passphrase, options);
  const cause = key instanceof Error ? key : undefined;
  throw unreadable(`${name} ${problem}`, mend, cause, { retriable: false });
}

function keyTrouble(
  said: string | null,
  passphrase: string | null,
  options: string,
): readonly [string, string] {
  const option = `${options}.private.key.passphrase`;
  if (said === null)
    return ['is a public key', 'name the file of the private key, which has no .pub at its end'];
  if (/no passphrase given/.test(said)) return ['is encrypted', `set ${option}`];
  if (passphrase !== null && /integrity check|bad passphrase|decrypt/i.test(said)) {
    return ['cannot be decrypted', `check ${option}`];
  }
  return [
    'is no private key that can be used',
    'make it one of OpenSSH or PEM (ssh-keygen -p -f FILE writes it anew)',
  ];
}

import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { HeadraceError, messageOf } from '../../errors.ts';
import { ask, canAsk } from '../ask.ts';
import { JSON_OUTPUT, NO_COLOR } from '../options.ts';
import { WorkerClient } from './worker-client.ts';

/** What commands that ask a running worker are given. */
export interface WorkerFlags {
  readonly url: string;
  readonly user?: string;
  readonly token?: string;
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly json?: true;
}

/** The options that say who asks, and whom he trusts. */
const LOGIN: readonly (readonly [flags: string, description: string])[] = [
  ['--user <name>', 'who asks; the password is that of HEADRACE_PASSWORD, or asked for'],
  [
    '--token <token>',
    'a bearer token, instead of a user; also HEADRACE_TOKEN, which no list of processes shows',
  ],
  ['--cacert <file>', "certificate of the authority that signed the worker's, PEM"],
  ['--cert <file>', 'certificate of who asks, PEM'],
  ['--key <file>', 'its key, PEM'],
];

const LOGIN_FLAGS = ['user', 'token', 'cacert', 'cert', 'key'] as const;

/** A command that asks a running worker. */
export function workerCommand(name: string, description: string): Command {
  const url = new Option('--url <url>', "one of the worker's listeners")
    .default('http://127.0.0.1:8083')
    .env('HEADRACE_URL');
  return withLogin(new Command(name).description(description).addOption(url))
    .option(...JSON_OUTPUT)
    .option(...NO_COLOR);
}

export function withLogin(command: Command): Command {
  for (const option of LOGIN) command.option(...option);
  return command;
}

/**
 * The worker that is to be asked.
 *
 * @throws HeadraceError CONFIG_INVALID when a file cannot be read, or there is nobody to ask for the password
 */
export async function workerOf(flags: WorkerFlags): Promise<WorkerClient> {
  const tls = {
    ...fileOf('ca', '--cacert', flags.cacert),
    ...fileOf('cert', '--cert', flags.cert),
    ...fileOf('key', '--key', flags.key),
  };
  return new WorkerClient({ url: flags.url, authorization: await authorizationOf(flags), tls });
}

/** @throws HeadraceError CONFIG_INVALID when options of a login are given where no worker is asked */
export function requireNoLogin(flags: Partial<WorkerFlags>): void {
  const given = LOGIN_FLAGS.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw new HeadraceError(
    'CONFIG_INVALID',
    `--${given}: is for a worker that is asked over REST; give its --url, or leave it out`,
  );
}

async function authorizationOf({ user, token }: WorkerFlags): Promise<string | null> {
  const { HEADRACE_TOKEN, HEADRACE_PASSWORD } = process.env;
  if (user === undefined) {
    const bearer = token ?? HEADRACE_TOKEN ?? '';
    return bearer === ''
      ? null
      : `Bearer ${headerText(bearer, token === undefined ? 'HEADRACE_TOKEN' : '--token')}`;
  }
  if (token !== undefined)
    throw new HeadraceError('CONFIG_INVALID', '--user: expected one of --user and --token, got both');
  const password = HEADRACE_PASSWORD ?? (await askedPassword(user));
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

async function askedPassword(user: string): Promise<string> {
  const typed = canAsk() ? await ask(`password of ${user}: `, { isSecret: true }) : null;
  if (typed !== null) return typed;
  throw new HeadraceError('CONFIG_INVALID', `--user: no password of ${user}; set HEADRACE_PASSWORD`);
}

/** A token is never shown, not even one that is wrong. */
function headerText(token: string, source: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new HeadraceError('CONFIG_INVALID', `${source}: expected a token in ASCII without spaces`);
}

function fileOf<N extends string>(name: N, flag: string, path: string | undefined): { [name in N]?: Buffer } {
  if (path === undefined) return {};
  try {
    return { [name]: readFileSync(path) } as { [name in N]?: Buffer };
  } catch (error) {
    throw new HeadraceError('CONFIG_INVALID', `${flag}: ${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

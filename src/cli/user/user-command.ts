import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Command, InvalidArgumentError, Option } from 'commander';
import { HeadraceError } from '../../errors.ts';
import { ask } from '../ask.ts';
import { print } from '../print.ts';

const TOKEN_BYTES = 32;

interface Flags {
  readonly role: string;
  readonly token?: true;
}

export function userCommand(): Command {
  return new Command('user')
    .description(
      'the line of rest.users.file for who may send REST requests, with the password from standard input',
    )
    .argument('<name>', 'who it is', nameOf)
    .addOption(new Option('--role <role>', 'what it may').choices(['read', 'write']).default('read'))
    .option('--token', 'make a bearer token in place of a password, and show it')
    .action(async (name: string, { role, token }: Flags) => {
      const hash = token ? await tokenOf(name) : await passwordOf(name);
      print(`${name}:${hash}:${role}\n`);
    });
}

async function passwordOf(name: string): Promise<string> {
  const { hashPassword } = await import('../../rest/doors/secret-hash.ts');
  const given = process.stdin.isTTY
    ? await ask(`Password of ${name}: `, { isSecret: true })
    : await text(process.stdin);
  const [password = ''] = given?.split(/\r?\n/) ?? [];
  if (password !== '') return hashPassword(password);
  throw new HeadraceError('CONFIG_INVALID', 'expected a password on standard input, got nothing');
}

async function tokenOf(name: string): Promise<string> {
  const { hashToken } = await import('../../rest/doors/secret-hash.ts');
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  console.error(`The token of ${name}, which nothing shows again:\n${token}`);
  return hashToken(token);
}

function nameOf(name: string): string {
  if (/^[^:#\s][^:\r\n]*$/.test(name)) return name;
  throw new InvalidArgumentError('expected a name without colons');
}

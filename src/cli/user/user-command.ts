import { randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { print } from '../print.ts';
import { readPassword } from './read-password.ts';

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
  return hashPassword(await readPassword(`Password of ${name}: `));
}

async function tokenOf(name: string): Promise<string> {
  const { hashToken } = await import('../../rest/doors/secret-hash.ts');
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  console.error(`The token of ${name}, which nothing shows again:\n${token}`);
  return hashToken(token);
}

function nameOf(text: string): string {
  if (/^[^:#\s][^:\r\n]*$/.test(text)) return text;
  throw new InvalidArgumentError('expected a name without colons');
}

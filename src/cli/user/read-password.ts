import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { HeadraceError } from '../../errors.ts';

/**
 * Reads a password: the first line of standard input, which a terminal does not show.
 *
 * @throws HeadraceError CONFIG_INVALID when it is empty.
 */
export async function readPassword(prompt: string): Promise<string> {
  const { stdin } = process;
  const given = stdin.isTTY ? await ask(prompt) : await text(stdin);
  const [password = ''] = given.split(/\r?\n/);
  if (password === '') {
    throw new HeadraceError('CONFIG_INVALID', 'expected a password on standard input, got nothing');
  }
  return password;
}

async function ask(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const answer = await terminal.question('');
  terminal.close();
  process.stderr.write('\n');
  return answer;
}

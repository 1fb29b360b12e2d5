import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

export interface AskOptions {
  /** What is typed is not shown. */
  readonly isSecret?: true;
}

/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks the person at the terminal; null when he ends it without an answer. */
export async function ask(question: string, { isSecret }: AskOptions = {}): Promise<string | null> {
  process.stderr.write(question);
  const output = isSecret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  // In raw mode Ctrl-C is a character.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
    return await Promise.race([lines.question(''), ended]);
  } finally {
    lines.close();
    if (isSecret) process.stderr.write('\n');
  }
}

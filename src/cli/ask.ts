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
  const { stdin: input, stderr } = process;
  // What is typed is drawn with the question by the one who reads it, which clears the line before; or not drawn at all.
  const output = isSecret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : stderr;
  const lines = createInterface({ input, output, terminal: true });
  // Only now does the terminal echo nothing: who is asked before may answer before, for all to see.
  if (isSecret) stderr.write(question);
  // In raw mode Ctrl-C is a character.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  let answer: string | null = null;
  try {
    const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
    answer = await Promise.race([lines.question(isSecret ? '' : question), ended]);
    return answer;
  } finally {
    lines.close();
    // Nothing else has ended the line.
    if (isSecret || answer === null) stderr.write('\n');
  }
}

import { spawn } from 'node:child_process';
import { BUILT_COMMAND } from '../../support/built-command.ts';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What standard input has; nothing comes, and it stays open, without. */
  readonly input?: string;
  /** The script of another place where Headrace is installed. */
  readonly command?: string;
}

/** Runs `headrace …` as a process of its own, without a terminal. */
export function headrace(
  args: readonly string[],
  { cwd, env = {}, input, command = BUILT_COMMAND }: RunOptions,
): Promise<Ran> {
  const child = spawn(process.execPath, [command, ...args], { cwd, env: { ...process.env, ...env } });
  if (input !== undefined) child.stdin.end(input);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, ...output }));
  });
}

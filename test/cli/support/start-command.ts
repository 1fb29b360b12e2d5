import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { BUILT_COMMAND } from '../../support/built-command.ts';

export interface Started extends Pick<ChildProcess, 'kill'> {
  readonly exited: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** Starts `headrace …` to be ended in the middle. */
export function startHeadrace(args: readonly string[], cwd: string): Started {
  const child = spawn(process.execPath, [BUILT_COMMAND, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stderr = text(child.stderr);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    kill: (signal) => child.kill(signal),
    exited: exited.then(async (code) => ({ code, stderr: await stderr })),
  };
}

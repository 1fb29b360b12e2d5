import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

/** Starts `headrace …` to be ended in the middle. */
export function startHeadrace(
  args: readonly string[],
  cwd: string,
): Pick<ChildProcess, 'kill'> & { readonly exited: Promise<void> } {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return Object.assign(child, { exited });
}

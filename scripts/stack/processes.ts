import { existsSync, readFileSync } from 'node:fs';
import { run } from './run.ts';

/** SIGKILL, which also ends a stopped process. One that is gone already is no error. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Whether `pid` runs and has `mark` in its command line: ids are used again, so an id alone does not say that
 * it is still the process that was started.
 */
export async function isRunning(pid: number, mark: string): Promise<boolean> {
  return (await commandLine(pid)).includes(mark);
}

async function commandLine(pid: number): Promise<string> {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-ww', '-p', String(pid)]);
  return stdout;
}

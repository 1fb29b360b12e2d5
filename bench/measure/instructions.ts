import { spawnSync } from 'node:child_process';

/** Where `perf` writes what it has counted: a descriptor that the command does not use. */
export const COUNT_FD = 4;

const COUNTED = ['perf', 'stat', '-x', ',', '-e', 'instructions:u', '--log-fd', String(COUNT_FD), '--'];

let counts: boolean | undefined;

/** What goes before a command to have its instructions counted: nothing where the machine has no counter. */
export function countingCommand(): readonly string[] {
  counts ??= canCount();
  return counts ? COUNTED : [];
}

/** Many virtual machines have none, and tell so only when they are asked to count. */
function canCount(): boolean {
  const [perf = '', ...args] = COUNTED;
  const stdio = ['ignore', 'ignore', 'ignore', 'ignore', 'pipe'] as const;
  const { output } = spawnSync(perf, [...args, 'true'], { stdio: [...stdio], encoding: 'utf8' });
  return instructionsIn(output?.[COUNT_FD] ?? '') !== null;
}

/** In user mode, of all processes and threads of a command: what `perf stat -x ,` wrote. null when nothing was counted. */
export function instructionsIn(text: string): number | null {
  const count = /^(\d+),[^,]*,instructions/m.exec(text)?.[1];
  return count === undefined ? null : Number(count);
}

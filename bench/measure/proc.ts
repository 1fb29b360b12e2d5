import { readFileSync } from 'node:fs';

/** A file of /proc; empty for a process that has ended meanwhile, and where there is none. */
export function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

/** The fields of a process's `stat` from its state on: before it stands its name, which may hold anything. */
export function statFields(pid: number): string[] {
  const stat = readProc(`${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

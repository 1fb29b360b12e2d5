/**
 * The guard of guard.ts, a program: keeps the charges it is told of and, when its standard input closes, ends
 * those that were not released.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Charge, GuardMessage } from './guard.ts';
import { endProcess } from './processes.ts';

const charges = new Map<string, Charge>();

for await (const line of createInterface({ input: process.stdin })) {
  const { verb, charge } = JSON.parse(line) as GuardMessage;
  const key = `${charge.kind} ${charge.id}`;
  if (verb === 'watch') charges.set(key, charge);
  else charges.delete(key);
}

const left = [...charges.values()];
for (const { id } of left.filter(({ kind }) => kind === 'process')) endProcess(Number(id));
const containers = left.filter(({ kind }) => kind === 'container').map(({ id }) => id);
if (containers.length > 0) spawnSync('docker', ['rm', '--force', '--volumes', ...containers]);
// A process that was just ended may still be writing, so removing its folder is tried again.
for (const { id } of left.filter(({ kind }) => kind === 'folder')) {
  rmSync(id, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

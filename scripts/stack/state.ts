import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot } from './cache.ts';
import type { Engine } from './engine.ts';
import { withLock } from './lock.ts';
import { endProcess, isRunning } from './processes.ts';

/** The root of this checkout. */
export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** One server that `stack up` left running. With Docker it has no `pid`. */
export interface StackServer {
  readonly name: string;
  /** What a client is given: `host:port` for Kafka, a URL for the others. */
  readonly address: string;
  /** What a client needs beside it. */
  readonly login?: Readonly<Record<string, string>>;
  readonly pid?: number;
  /** Its data, which also tells its process from another one with the same id. */
  readonly folder?: string;
}

/** What `stack up` started and `stack down` ends. */
export interface StackState {
  readonly engine: Engine;
  readonly startedAt: string;
  readonly bootstrapServers: string;
  readonly servers: readonly StackServer[];
}

/** One file for each checkout, so that two checkouts can each have a stack. */
function stateFile(): string {
  const checkout = createHash('sha256').update(CHECKOUT).digest('hex').slice(0, 12);
  return join(cacheRoot(), `stack-${checkout}.json`);
}

/** Does `work` while no other `up` or `down` of this checkout is at work. */
export function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return withLock(`${stateFile()}.lock`, work);
}

/** The state, or undefined when nothing was started. */
export async function readState(): Promise<StackState | undefined> {
  try {
    return JSON.parse(await readFile(stateFile(), 'utf8')) as StackState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes what was started, in place of what was written before. */
export async function writeState(state: StackState): Promise<void> {
  await writeFile(stateFile(), `${JSON.stringify(state, null, 2)}\n`);
}

/** Forgets the state; nothing is ended. */
export async function forgetState(): Promise<void> {
  await rm(stateFile(), { force: true });
}

/** Whether a server of the Java engine still runs. */
export async function serverRuns({ pid, folder }: StackServer): Promise<boolean> {
  return pid !== undefined && folder !== undefined && (await isRunning(pid, folder));
}

/** Ends a server of the Java engine, if it is still the one that was started, and removes its data. */
export async function endServer(server: StackServer): Promise<void> {
  if (server.pid !== undefined && (await serverRuns(server))) endProcess(server.pid);
  if (server.folder !== undefined) {
    await rm(server.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What must not outlive this process: a process by its id, a folder by its path, a container by its name. */
export interface Charge {
  readonly kind: 'process' | 'folder' | 'container';
  readonly id: string;
}

/** One line of what this process tells its guard. */
export interface GuardMessage {
  readonly verb: 'watch' | 'release';
  readonly charge: Charge;
}

let guard: ChildProcess | undefined;

/**
 * Hands a charge to the guard: a small process that ends every charge as soon as the pipe from this process
 * closes, which the system sees to however this process dies, SIGKILL included.
 */
export function watch(charge: Charge): void {
  tell({ verb: 'watch', charge });
}

/** Takes a charge back: it has ended already, or is meant to live on. */
export function release(charge: Charge): void {
  tell({ verb: 'release', charge });
}

function tell(message: GuardMessage): void {
  guard ??= startGuard();
  guard.stdin?.write(`${JSON.stringify(message)}\n`);
}

function startGuard(): ChildProcess {
  const script = fileURLToPath(new URL('./guard-process.ts', import.meta.url));
  // A session of its own: Ctrl-C in the terminal must not take the guard before it has done its work.
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.unref();
  // The pipe must not keep this process alive; the types do not say that a child's stdin is a socket.
  (child.stdin as unknown as { unref(): void }).unref();
  child.stdin.on('error', () => {
    guard = undefined;
  });
  return child;
}

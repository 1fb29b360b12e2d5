import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type Charge, release, watch } from './guard.ts';

const LOG_TAIL_LINES = 8;

/** One server, which dies with this process unless it is released. Its output goes to `logFile`. */
export class ServerProcess {
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #logFile: string;
  #child: ChildProcess | undefined;

  constructor(command: string, args: readonly string[], logFile: string) {
    this.#command = command;
    this.#args = args;
    this.#logFile = logFile;
  }

  /** The id of the running process; undefined before the start and after the end. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const log = openSync(this.#logFile, 'a');
    // A session of its own, so that the server outlives the terminal once it has been released.
    const child = spawn(this.#command, this.#args, { stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    child.once('error', () => {
      this.#child = undefined;
    });
    if (child.pid === undefined) return;
    const charge: Charge = { kind: 'process', id: String(child.pid) };
    watch(charge);
    child.once('exit', () => {
      release(charge);
      if (this.#child === child) this.#child = undefined;
    });
    child.unref();
    this.#child = child;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** SIGKILL, and waits for the end. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    child.ref();
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Lets the server outlive this process. */
  release(): void {
    if (this.pid !== undefined) release({ kind: 'process', id: String(this.pid) });
  }

  /** The last lines the server wrote, for the message that says why it did not start. */
  logTail(): string {
    return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { BUILT_COMMAND } from '../support/built-command.ts';

export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly msg: string;
}

/** `headrace run` on a feed, or on several, with everything it logs. */
export class RunningFeed {
  readonly lines: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  /** What it said that is no line of the log. */
  #said = '';
  #waiting: (() => void)[] = [];

  constructor(
    feed: string | readonly string[],
    bootstrapServers: string,
    worker: Readonly<Record<string, string>> = {},
  ) {
    this.#child = spawn(process.execPath, [BUILT_COMMAND, 'run', ...[feed].flat()], {
      env: {
        ...process.env,
        HEADRACE_BOOTSTRAP_SERVERS: bootstrapServers,
        HEADRACE_LOG_LEVEL: 'debug',
        ...worker,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#ended = once(this.#child, 'exit');
    const log = this.#child.stderr as NonNullable<ChildProcess['stderr']>;
    createInterface({ input: log }).on('line', (line) => {
      if (line.startsWith('{')) this.lines.push(JSON.parse(line) as LogLine);
      else this.#said += `${line}\n`;
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Resolves with the first line that says this, now or later. */
  async line(msg: string): Promise<LogLine> {
    const [first] = await this.linesOf(msg, 1);
    return first as LogLine;
  }

  /** Resolves with so many lines that say this, as soon as there are. */
  async linesOf(msg: string, count: number): Promise<LogLine[]> {
    for (;;) {
      const found = this.lines.filter((line) => line.msg === msg);
      if (found.length >= count) return found;
      const next = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await Promise.race([next, this.#ended]);
      if (this.#child.exitCode !== null)
        throw new Error(`the worker ended with ${this.#child.exitCode}: ${this.#said}`);
    }
  }

  /** Stops it as a service manager would, and gives the exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM');
    await this.#ended;
    return this.#child.exitCode;
  }
}

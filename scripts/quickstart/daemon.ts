import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { release, watch } from '../stack/guard.ts';

const COMMAND = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const STOP_TIMEOUT_MS = 8_000;

/** A line of the daemon's log. */
export interface LogLine {
  readonly msg: string;
  readonly state?: string;
  readonly [field: string]: unknown;
}

/** `headrace run` as a user runs it: the built command, in a process of its own. Its log goes to a file. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #listeners = new Set<(line: LogLine) => void>();

  /** Starts it. `folder` becomes its working folder. Throws when the project is not built. */
  constructor(args: readonly string[], folder: string, logFile: string) {
    if (!existsSync(COMMAND))
      throw new Error('dist/ is missing; run npm run build, or npm run quickstart, which does');
    // A session of its own: Ctrl-C is for the quickstart, which then stops the daemon before the broker.
    this.#child = spawn(process.execPath, [COMMAND, 'run', ...args], {
      cwd: folder,
      env: withoutHeadraceVariables(process.env),
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const charge = { kind: 'process', id: String(this.#child.pid) } as const;
    watch(charge);
    this.#ended = once(this.#child, 'exit').finally(() => release(charge));
    const log = this.#child.stderr as NonNullable<ChildProcess['stderr']>;
    log.pipe(createWriteStream(logFile));
    createInterface({ input: log }).on('line', (text) => this.#tell(text));
  }

  /** Rejects when the daemon ends, which it does not do unless it is told to. */
  async failed(): Promise<never> {
    await this.#ended;
    throw new Error(`the daemon ended with exit code ${this.#child.exitCode ?? this.#child.signalCode}`);
  }

  /** Resolves with the first line that `wanted` accepts. */
  line(wanted: (line: LogLine) => boolean): Promise<LogLine> {
    return new Promise((resolve) => {
      const end = this.onLine((line) => {
        if (!wanted(line)) return;
        end();
        resolve(line);
      });
    });
  }

  /** Returns the function that ends the subscription. */
  onLine(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** SIGTERM: it commits and closes. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  /** What is not JSON is for the person who reads the log file. */
  #tell(text: string): void {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as LogLine;
    for (const listener of this.#listeners) listener(line);
  }
}

/** They would win over the files of the quickstart. */
function withoutHeadraceVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('HEADRACE_')));
}

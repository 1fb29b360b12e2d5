import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Charge, release, watch } from '../../../scripts/stack/guard.ts';
import { BUILT_COMMAND } from '../../support/built-command.ts';

const SOURCES = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const STOP_TIMEOUT_MS = 20_000;
const MAX_LINES = 2000;

/** A line of the log. `msg` is the whole line where it is not JSON. */
export interface LogLine {
  readonly msg: string;
  readonly level?: number;
  readonly [field: string]: unknown;
}

export interface HeadraceOptions {
  readonly feeds: readonly string[];
  readonly worker: string;
  /** false runs the sources, in which a fault can be planted, instead of what `npm run build` made. */
  readonly built?: boolean;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: LogLine, text: string) => void;
}

/** The daemon as a process of its own, which ends with the process that started it, however that ends. */
export class HeadraceProcess {
  readonly startedAt = performance.now();
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #emitter = new EventEmitter();
  /** The last lines of the log. */
  readonly #lines: LogLine[] = [];
  #hasExited = false;

  private constructor({ feeds, worker, built = true, env = {}, onLine }: HeadraceOptions) {
    const main = built ? BUILT_COMMAND : SOURCES;
    this.#child = spawn(process.execPath, [main, 'run', ...feeds, '--worker', worker], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#emitter.setMaxListeners(0);
    const charge: Charge = { kind: 'process', id: String(this.#child.pid) };
    watch(charge);
    this.exited = new Promise((resolve) => {
      this.#child.once('exit', (code) => {
        release(charge);
        this.#hasExited = true;
        this.#emitter.emit('exit');
        resolve(code);
      });
    });
    createInterface({ input: this.#child.stderr as NodeJS.ReadableStream }).on('line', (text) => {
      const line = lineOf(text);
      this.#lines.push(line);
      if (this.#lines.length > MAX_LINES) this.#lines.shift();
      onLine?.(line, text);
      this.#emitter.emit('line', line);
    });
  }

  static start(options: HeadraceOptions): HeadraceProcess {
    return new HeadraceProcess(options);
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** The last lines of the log, for messages and expectations. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Waits for a line of the log, also one that was written already. Rejects when the process ends before. */
  waitFor(what: string | ((line: LogLine) => boolean), timeoutMs = 20_000): Promise<LogLine> {
    const matches = typeof what === 'string' ? (line: LogLine) => line.msg === what : what;
    const already = this.#lines.find(matches);
    if (already !== undefined) return Promise.resolve(already);
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(timer);
        this.#emitter.off('line', onLine).off('exit', onExit);
        act();
      };
      const fail = (why: string) => finish(() => reject(new Error(`${why} before ${what}\n${this.#tail()}`)));
      const onLine = (line: LogLine) => matches(line) && finish(() => resolve(line));
      const onExit = () => setImmediate(() => fail('the daemon ended'));
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
      this.#emitter.on('line', onLine).on('exit', onExit);
      if (this.#hasExited) onExit();
    });
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGHUP'): void {
    this.#child.kill(signal);
  }

  /** SIGKILL, and waits for the end. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** SIGTERM, as an operator would stop it. Gives the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  #tail(): string {
    return this.#lines
      .slice(-12)
      .map((line) => JSON.stringify(line).slice(0, 400))
      .join('\n');
  }
}

function lineOf(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { msg: text };
  }
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadraceProcess, type LogLine } from '../../integration/support/headrace-process.ts';
import { type Lines, yaml } from '../feed-lines.ts';

const START_MS = 60_000;

export interface GroupWorkerOptions {
  readonly name: string;
  readonly folder: string;
  /** Its configuration. */
  readonly lines: Lines;
  readonly env: Readonly<Record<string, string>>;
  readonly built: boolean;
  /** @param life which of its lives the line is of: the name, with a number */
  readonly onLine: (life: string, line: LogLine, text: string) => void;
}

/** A worker of a group, through all of its lives. */
export class GroupWorker {
  readonly #options: GroupWorkerOptions;
  #process: HeadraceProcess | null = null;
  #lives = 0;
  #isSuspended = false;
  #url = '';

  constructor(options: GroupWorkerOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** The name of the life that it is in. */
  get life(): string {
    return `${this.name}#${this.#lives}`;
  }

  get isUp(): boolean {
    return this.#process !== null && !this.#process.hasExited;
  }

  /** Whether it can be asked, and works. */
  get isWell(): boolean {
    return this.isUp && !this.#isSuspended && this.#url !== '';
  }

  /** Where its REST is. */
  get url(): string {
    return this.#url;
  }

  /** Whether it ended although nobody ended it. */
  get hasDied(): boolean {
    return this.#process?.hasExited === true;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const { name, folder, lines, env, built, onLine } = this.#options;
    const worker = join(folder, `${name}.yaml`);
    await writeFile(worker, yaml(lines));
    this.#lives++;
    const { life } = this;
    const started = HeadraceProcess.start({
      feeds: [],
      worker,
      env,
      built,
      onLine: (line, text) => onLine(life, line, text),
    });
    this.#process = started;
    this.#url = '';
    const { address } = await started.waitFor('REST listening', START_MS);
    if (this.#process === started) this.#url = String(address);
  }

  async kill(): Promise<void> {
    const killed = this.#process;
    this.#process = null;
    this.#isSuspended = false;
    await killed?.kill();
  }

  suspend(): void {
    this.#isSuspended = true;
    this.#process?.signal('SIGSTOP');
  }

  resume(): void {
    this.#process?.signal('SIGCONT');
    this.#isSuspended = false;
  }

  /** As an operator stops it. Gives the exit code, and how long it took in milliseconds. */
  async stop(): Promise<{ readonly code: number | null; readonly ms: number }> {
    const stopped = this.#process;
    this.#process = null;
    const began = performance.now();
    const code = stopped === null ? 0 : await stopped.stop();
    return { code, ms: performance.now() - began };
  }
}

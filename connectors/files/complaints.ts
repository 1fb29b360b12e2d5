import type { PluginLog } from '../../src/plugin/index.ts';

/** What a listing has to tell: each thing once, until a listing no longer meets it. */
export class Complaints {
  readonly #log: PluginLog;
  #now = new Set<string>();
  #earlier = new Set<string>();

  constructor(log: PluginLog) {
    this.#log = log;
  }

  /** A listing begins. */
  begin(): void {
    this.#earlier = this.#now;
    this.#now = new Set();
  }

  /** @param file what it is about, as users know it; @param error what the system or server said */
  tell(level: 'warn' | 'error', file: string, message: string, error?: string): void {
    const complaint = `${message}\n${file}`;
    if (!this.#earlier.has(complaint) && !this.#now.has(complaint))
      this.#log[level](message, { file, ...(error === undefined ? {} : { error }) });
    this.#now.add(complaint);
  }
}

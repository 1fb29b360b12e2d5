import { writeSync } from 'node:fs';

/** How long a reader that is slow is waited for, and how often. */
const WAIT_MS = 10;
const WAITS = 20;
const WARN_LEVEL = 40;

/**
 * Where the log goes. What cannot be written, as its disk is full or its reader gone, is left out and counted: a log is no
 * reason to stop delivering. When there is room again, a line says how many are missing.
 */
export class LogOutput {
  readonly #fd: number;
  #lost = 0;
  #reason = '';
  /** The last line was written in part. */
  #isTorn = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(line: string): void {
    const before = `${this.#isTorn ? '\n' : ''}${this.#lost === 0 ? '' : this.#lossLine()}`;
    // Apart from the line: once it is written nothing is missing any more, whatever becomes of the line.
    if (before !== '' && !this.#put(before)) return this.#lose();
    if (before !== '') this.#lost = 0;
    if (!this.#put(line)) this.#lose();
  }

  #lose(): void {
    this.#lost++;
  }

  #lossLine(): string {
    const fields = { level: WARN_LEVEL, time: Date.now(), count: this.#lost, reason: this.#reason };
    return `${JSON.stringify({ ...fields, msg: 'log lines lost' })}\n`;
  }

  #put(text: string): boolean {
    const bytes = Buffer.from(text);
    let done = 0;
    for (let waits = 0; done < bytes.length; ) {
      try {
        done += writeSync(this.#fd, bytes, done);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        // Once it has lost a line, a reader that stands still is not waited for again.
        if (code === 'EAGAIN' && this.#lost === 0 && waits++ < WAITS) sleep(WAIT_MS);
        else {
          this.#reason = message;
          this.#isTorn ||= done > 0;
          return false;
        }
      }
    }
    this.#isTorn = false;
    return true;
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

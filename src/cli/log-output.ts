import { constants, openSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

/** How long a reader that is slow is waited for, and how often. */
const WAIT_MS = 10;
const WAITS = 20;

/** What is missing, and why the last of it is. */
export interface LostLines {
  readonly count: number;
  readonly reason: string;
}

export interface LogOutputOptions {
  /** One that does not wait for its reader. */
  readonly fd: number;
  /** The line that tells, when there is room again, how many are missing. */
  readonly lossLine: (lost: LostLines) => string;
  /** Told at once. */
  readonly onLost?: (lines: number) => void;
}

/**
 * Where lines go that tell what happens. What cannot be written, as its disk is full or its reader gone, is left out and
 * counted: no log is a reason to stop delivering.
 */
export class LogOutput {
  readonly #options: LogOutputOptions;
  #lost = 0;
  #reason = '';
  /** The last line was written in part. */
  #isTorn = false;

  constructor(options: LogOutputOptions) {
    this.#options = options;
  }

  /** Writes a line, or several at once, with the line end. */
  write(lines: string): void {
    const before = `${this.#isTorn ? '\n' : ''}${this.#lost === 0 ? '' : this.#lossLine()}`;
    // Apart from the lines: once it is written nothing is missing any more, whatever becomes of them.
    if (before !== '' && !this.#put(before)) return this.#lose(lines);
    if (before !== '') this.#lost = 0;
    if (!this.#put(lines)) this.#lose(lines);
  }

  #lose(text: string): void {
    const lines = Math.max(1, text.split('\n').length - 1);
    this.#lost += lines;
    this.#options.onLost?.(lines);
  }

  #lossLine(): string {
    return `${this.#options.lossLine({ count: this.#lost, reason: this.#reason })}\n`;
  }

  #put(text: string): boolean {
    const bytes = Buffer.from(text);
    let done = 0;
    for (let waits = 0; done < bytes.length; ) {
      try {
        done += writeSync(this.#options.fd, bytes, done);
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

/**
 * Puts such an output in the place of standard output or error, for everybody in this process: its own lines, `console`,
 * plugins, the threads of tasks, which would end it with the first line that cannot be written.
 */
export function outputInPlaceOf(name: 'stdout' | 'stderr', options: Omit<LogOutputOptions, 'fd'>): LogOutput {
  // Node opens it here, after which a pipe waits for no reader.
  const { fd, isTTY } = process[name] as NodeJS.WriteStream & { readonly fd: number };
  const output = new LogOutput({ ...options, fd: isTTY ? openedAnew(fd) : fd });
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      output.write(chunk.toString());
      done();
    },
  });
  Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true });
  return output;
}

/**
 * A terminal that somebody has stopped (Ctrl-S) holds whoever writes to it. Linux opens it once more, without waiting; the
 * terminal as others have it stays as it is. Elsewhere, or where it is another user's, it is written to as it was.
 */
function openedAnew(fd: number): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return fd;
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

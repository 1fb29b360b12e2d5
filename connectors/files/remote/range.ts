import { HeadraceError, type PluginLog } from '../../../src/plugin/index.ts';
import { unreadable } from '../source-errors.ts';
import { MayPass, retrying } from './retrying.ts';

const STALL_MS = 30_000;

/** What of a store a file is read through. */
export interface RangeSource {
  /**
   * Bytes `from` up to, not including, `to`, of the version that was opened. There may be fewer, of which the rest is asked
   * for again, or more, of which only the wanted are taken.
   *
   * @throws MayPass, with the error for people as its cause, or a HeadraceError, as does whoever iterates the bytes; any
   *   other error of theirs is taken for a connection that broke
   */
  read(from: number, to: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export interface RangeOptions {
  /** The file's path, for messages. */
  readonly path: string;
  readonly source: RangeSource;
  readonly log: PluginLog;
  /** Milliseconds without a byte after which a stream is given up for another one. */
  readonly stallMs?: number | undefined;
  /** Milliseconds before a stream that broke is continued. */
  readonly firstWaitMs?: number | undefined;
}

/** The bytes of one range, asked for when it is made and kept. One that breaks off is continued there. */
export class Range {
  readonly from: number;
  readonly to: number;
  readonly #options: RangeOptions;
  readonly #abort = new AbortController();
  /** Ends the answer that is being read. */
  #current: AbortController | null = null;
  readonly memory: Buffer;
  #received = 0;
  #failure: { readonly error: unknown } | null = null;
  #arrival: PromiseWithResolvers<void> | null = null;
  /** When there is nothing more to come, for whatever reason. */
  readonly ended: Promise<void>;
  #isEnded = false;

  /** @param memory for its bytes: what is kept as it came is a hundred small buffers, each a burden on the garbage collector */
  constructor(from: number, to: number, memory: Buffer, options: RangeOptions) {
    this.from = from;
    this.to = to;
    this.memory = memory;
    this.#options = options;
    this.ended = this.#fetch();
  }

  get bytes(): number {
    return this.to - this.from;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  has(position: number): boolean {
    return position >= this.from && position < this.to;
  }

  /** Copies what has come from `position` on; gives the number of bytes. */
  copy(into: Buffer, position: number): number {
    return this.memory.copy(into, 0, position - this.from, this.#received);
  }

  /** Waits until more has come. Throws when none will. */
  async more(): Promise<void> {
    if (this.#failure !== null) throw this.#failure.error;
    this.#arrival ??= Promise.withResolvers();
    await this.#arrival.promise;
    // Reading it in another place: it is set while this waits.
    const failure = this.#failure as { readonly error: unknown } | null;
    if (failure !== null) throw failure.error;
  }

  abort(reason: unknown): void {
    this.#abort.abort(reason);
    this.#current?.abort(reason);
  }

  async #fetch(): Promise<void> {
    const { path, log, firstWaitMs } = this.#options;
    const { signal } = this.#abort;
    const progress = () => this.#received;
    try {
      await retrying(`read ${path}`, () => this.#attempt(), { signal, log, progress, firstWaitMs });
    } catch (error) {
      this.#failure = { error };
    }
    this.#isEnded = true;
    this.#tell();
  }

  /** Asks for what is missing, and takes it as long as it comes. */
  async #attempt(): Promise<void> {
    const { stallMs = STALL_MS } = this.#options;
    const over = new AbortController();
    const aborted = Promise.withResolvers<never>();
    over.signal.addEventListener('abort', () => aborted.reject(over.signal.reason), { once: true });
    const timer = setTimeout(() => over.abort(this.#broken(`no byte for ${stallMs} ms`)), stallMs);
    this.#current = over;
    try {
      // A race keeps what it is given until all of it is settled: one for all chunks, not one for each.
      await Promise.race([this.#take(over.signal, timer), aborted.promise]);
    } catch (error) {
      over.abort(error);
      if (this.#received === this.bytes) return;
      throw error instanceof MayPass || error instanceof HeadraceError ? error : this.#broken('', error);
    } finally {
      this.#current = null;
      clearTimeout(timer);
    }
  }

  /** Reads to the end of the answer, so that its connection can be used again. Ends late where a stream hangs. */
  async #take(signal: AbortSignal, timer: NodeJS.Timeout): Promise<void> {
    const answer = await this.#options.source.read(this.from + this.#received, this.to, signal);
    for await (const chunk of answer) {
      if (signal.aborted) return;
      if (this.#received === this.bytes) throw this.#broken('the answer goes on');
      timer.refresh();
      this.#keep(chunk);
    }
    if (this.#received < this.bytes) throw this.#broken('the answer ended');
  }

  #keep(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    const wanted = chunk.subarray(0, this.bytes - this.#received);
    this.memory.set(wanted, this.#received);
    this.#received += wanted.length;
    this.#tell();
  }

  #tell(): void {
    this.#arrival?.resolve();
    this.#arrival = null;
  }

  #broken(what: string, cause?: unknown): MayPass {
    const at = this.from + this.#received;
    const problem = `${JSON.stringify(this.#options.path)} could not be read on at byte ${at} of ${this.to}`;
    const said = cause === undefined ? new Error(what) : cause;
    return new MayPass(what, {
      cause: unreadable(problem, 'check the network and the store it is on', said),
    });
  }
}

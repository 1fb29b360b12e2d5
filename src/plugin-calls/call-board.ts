import type { RowPosition } from '../plugin/index.ts';
import type { PluginUse } from './plugin-use.ts';
import { pluginTitle } from './plugin-use.ts';

/** A function of a plugin: `apply` of `transforms.ticker`. */
export interface Callee {
  readonly plugin: PluginUse;
  readonly how: string;
}

/** What is being called: nothing, a plugin, or one that is built in, which is never ended for the time it takes. */
const NOTHING = 0;
const PLUGIN = 1;
const BUILT_IN = 2;

const TICKS = 0;
const CALLS = 1;
const CALLING = 2;
const ROW = 3;
const WAITING = 4;
const FIRST_WAITING_ROW = 5;
const LIMIT_MS = 6;
const WORDS = 8;
const TEXT_BYTES = 4096;
const BYTES = 4 * WORDS + 3 * TEXT_BYTES;

/**
 * What a thread that runs plugins says of its calls, in memory that another thread reads: it can say nothing any more
 * while a plugin holds it. Written for each call of a plugin's function, at the cost of a few stores.
 */
export class CallBoard {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #call: Buffer;
  readonly #plugins: Buffer;
  readonly #stall: Buffer;
  readonly #known: string[] = [];
  #callee: Callee | null = null;
  #file: string | null = null;

  constructor(memory = new SharedArrayBuffer(BYTES)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, WORDS);
    this.#call = Buffer.from(memory, 4 * WORDS, TEXT_BYTES);
    this.#plugins = Buffer.from(memory, 4 * WORDS + TEXT_BYTES, TEXT_BYTES);
    this.#stall = Buffer.from(memory, 4 * WORDS + 2 * TEXT_BYTES, TEXT_BYTES);
  }

  /** How long a call may take; 0 before the thread has said so. */
  get limitMs(): number {
    return this.#words[LIMIT_MS] as number;
  }

  set limitMs(limitMs: number) {
    this.#words[LIMIT_MS] = limitMs;
  }

  /** Changes with each turn of the thread's event loop that a timer sees, and with each call. */
  get progress(): string {
    return `${this.#words[TICKS]} ${this.#words[CALLS]}`;
  }

  /** What another thread has found: that a plugin holds this one, which one and on which row; empty else. */
  get stall(): string {
    return readText(this.#stall);
  }

  /** Called by the other thread when nothing moves: whether a plugin is to blame, of which `stall` tells then. */
  findStall(): boolean {
    const { holder } = this;
    if (holder === null) return false;
    const limit = `${this.limitMs / 1000} s (plugin.timeout.ms of the worker)`;
    writeText(this.#stall, `${holder} has not come back for ${limit}`);
    return true;
  }

  tick(): void {
    (this.#words[TICKS] as number)++;
  }

  /** The plugins of users that the thread runs; empty when there are none. */
  get plugins(): string {
    return readText(this.#plugins);
  }

  /** The thread runs this plugin, whose own timers and sockets may hold it as well. */
  know({ name, modulePath }: PluginUse): void {
    const title = `plugin ${name}, ${modulePath}`;
    if (this.#known.includes(title)) return;
    this.#known.push(title);
    writeText(this.#plugins, this.#known.join(', '));
  }

  /** @param row 0 where the call is about no row */
  begin(callee: Callee, file: string | null, row: number): void {
    if (this.#callee !== callee || this.#file !== file) this.#tell(callee, file);
    const words = this.#words;
    words[ROW] = row;
    (words[CALLS] as number)++;
    words[CALLING] = callee.plugin.modulePath === null ? BUILT_IN : PLUGIN;
  }

  end(): void {
    this.#words[CALLING] = NOTHING;
  }

  /** The row that a plugin of a user's is being called for. */
  get position(): RowPosition | null {
    const row = this.#words[ROW] as number;
    return this.callee !== null && row > 0 && this.#file !== null ? { filePath: this.#file, row } : null;
  }

  /** The function of a plugin of a user's that is being called, in this thread. */
  get callee(): Callee | null {
    return this.#words[CALLING] === PLUGIN ? this.#callee : null;
  }

  /** So many calls have given promises that are not settled, the first of them for this row. */
  waiting(calls: number, firstRow: number): void {
    this.#words[WAITING] = calls;
    this.#words[FIRST_WAITING_ROW] = firstRow;
  }

  /** Which plugin has the thread, or had it when it ended, and for which row, by what was written last; null when none has. */
  get holder(): string | null {
    const words = this.#words;
    const [title, how, file] = readText(this.#call).split('\0');
    if (words[CALLING] === PLUGIN)
      return `${title}: ${rowsText(words[ROW] as number, words[ROW] as number, file)}${how}`;
    if (words[CALLING] === BUILT_IN) return null;
    if (words[WAITING] !== 0) {
      const rows = rowsText(words[FIRST_WAITING_ROW] as number, words[ROW] as number, file);
      return `${title}: ${rows}${how}${file ? ', which has waited for something before,' : ''}`;
    }
    const { plugins } = this;
    return plugins === '' ? null : `${plugins}: something that runs without being called, such as a timer,`;
  }

  #tell(callee: Callee, file: string | null): void {
    this.#callee = callee;
    this.#file = file;
    writeText(this.#call, `${pluginTitle(callee.plugin)}\0${callee.how}\0${file ?? ''}`);
  }
}

function rowsText(first: number, last: number, file: string | undefined): string {
  if (!file) return '';
  if (last === 0) return `${file}: `;
  return first === last || first === 0 ? `row ${last} of ${file}: ` : `rows ${first} to ${last} of ${file}: `;
}

/** As much of it as there is room for, behind its length. */
function writeText(bytes: Buffer, text: string): void {
  const length = bytes.write(text, 2, bytes.length - 2);
  bytes.writeUInt16LE(length, 0);
}

function readText(bytes: Buffer): string {
  return bytes.toString('utf8', 2, 2 + bytes.readUInt16LE(0));
}

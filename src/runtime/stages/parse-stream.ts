import { Transform, type TransformCallback } from 'node:stream';
import { HeadraceError, messageOf } from '../../errors.ts';
import { FileRejected, type ParsedRows, type Parser, type SourceFile } from '../../plugin/index.ts';
import type { Callee } from '../../plugin-calls/call-board.ts';
import { PluginFault, type PluginUse, shownValue } from '../../plugin-calls/plugin-use.ts';
import { requireIntrinsics } from '../../plugin-calls/require-intrinsics.ts';
import { threadCalls } from '../../plugin-calls/thread-calls.ts';
import { UNKNOWN_REASON } from '../../plugin-calls/thrown-at.ts';
import {
  type BlockChunk,
  type BlockFileParser,
  type BlockParser,
  RowBatch,
  release,
} from '../../rows/index.ts';
import type { HeaderCheck } from './header-check.ts';
import { parsedRowsMistake } from './parsed-rows-mistake.ts';

export interface ParseStreamOptions {
  /** Looks at each batch before it goes on. */
  readonly headers?: Pick<HeaderCheck, 'look'>;
  /** Aborts when the source is told to stop. */
  readonly signal?: AbortSignal;
}

/**
 * Bytes of files in, batches of rows out. What is left of a file that does not come to its end is dropped, unread. A
 * file that cannot be parsed, or whose header will not do, goes on as its FileRejected, in its place; so does any error
 * that ends the task.
 */
export class ParseStream extends Transform {
  readonly #parser: BlockParser;
  readonly #plugin: PluginUse;
  readonly #options: ParseStreamOptions;
  readonly #calls = threadCalls();
  readonly #callees: Readonly<Record<'open' | 'push' | 'close', Callee>>;
  #file: SourceFile | null = null;
  /** null when nothing more of `#file` is wanted. */
  #fileParser: BlockFileParser | null = null;

  constructor(parser: Parser, plugin: PluginUse, options: ParseStreamOptions = {}) {
    super({ objectMode: true, writableHighWaterMark: 2, readableHighWaterMark: 2 });
    this.#parser = parser;
    this.#plugin = plugin;
    this.#options = options;
    this.#callees = {
      open: { plugin, how: 'open' },
      push: { plugin, how: 'push' },
      close: { plugin, how: 'close' },
    };
  }

  override _transform(chunk: BlockChunk | Error, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!(chunk instanceof Error)) return this.#take(chunk, done);
    if (chunk instanceof FileRejected) this.#leave(chunk.file);
    done(null, chunk);
  }

  #take(chunk: BlockChunk, done: TransformCallback): void {
    const { file, eof } = chunk;
    try {
      const given = this.#parse(chunk);
      const rest = this.#fileParser?.rest?.() ?? null;
      if (rest !== null) this.#takeRest(file, eof, given, rest).then(() => done(), done);
      else done(null, this.#batch(file, eof, given) ?? undefined);
    } catch (error) {
      if (error instanceof PluginFault) return done(error);
      done(null, this.#rejected(file, error));
    }
  }

  /** Takes what a parser gives beside what `push` gave, after a look ahead in the file perhaps. */
  async #takeRest(
    file: SourceFile,
    eof: boolean,
    given: ParsedRows | null,
    rest: AsyncIterable<ParsedRows>,
  ): Promise<void> {
    let last = given;
    const pushLast = (isEnd: boolean) => {
      const given = last;
      last = null;
      const batch = this.#batch(file, isEnd, given);
      if (batch !== null) this.push(batch);
    };
    try {
      for await (const rows of rest) {
        pushLast(false);
        last = rows;
      }
      pushLast(eof);
    } catch (error) {
      if (error instanceof PluginFault) throw error;
      pushLast(false);
      const rejected = this.#rejected(file, error);
      if (rejected !== undefined) this.push(rejected);
    }
  }

  /** The file is given up, or the task ends, if the parser was not only told to stop. */
  #rejected(file: SourceFile, error: unknown): HeadraceError | undefined {
    this.#leave(file);
    if (this.#options.signal?.aborted) return undefined;
    if (error instanceof HeadraceError && error.code === 'HEADER_CHANGED') return error;
    const reason = messageOf(error);
    const isOfFile = error instanceof HeadraceError && /^(?:SOURCE|COLUMNS)_/.test(error.code);
    const code = isOfFile ? error.code : 'SOURCE_MALFORMED';
    const message = reason.includes(file.path) ? reason : `${file.path}: ${reason}`;
    return new FileRejected(file, code, message, error);
  }

  /** @throws PluginFault when the parser does not keep to its contract, which is no file's fault */
  #parse({ file, bytes, block, eof }: BlockChunk): ParsedRows | null {
    if (this.#file !== file) this.#open(file);
    const parser = this.#fileParser;
    if (parser === null) {
      if (block !== undefined) release(block);
      return null;
    }
    if (block === undefined || this.#parser.takesBlocks === true)
      return this.#call(file, 'push', () => parser.push(bytes, eof, block));
    const copy = Buffer.from(bytes);
    release(block);
    return this.#call(file, 'push', () => parser.push(copy, eof));
  }

  /** What a parser may give: anything else would leave rows, or the end of the file, unsaid. */
  #batch(file: SourceFile, eof: boolean, given: ParsedRows | null): RowBatch | null {
    if (given === null && (!eof || this.#fileParser === null)) return null;
    if (this.#plugin.modulePath !== null) requireIntrinsics(this.#plugin, `push, in ${file.path}`);
    const mistake = parsedRowsMistake(given, eof);
    if (mistake !== null) throw this.#fault(file, `push gave ${mistake}`);
    const rows = given as ParsedRows;
    return this.#lookedAt(new RowBatch(this.#plugin.modulePath === null ? rows : withMasks(rows)));
  }

  /** @throws HeadraceError COLUMNS_MISSING, COLUMNS_UNKNOWN, HEADER_CHANGED */
  #lookedAt(batch: RowBatch): RowBatch {
    try {
      this.#options.headers?.look(batch);
      return batch;
    } catch (error) {
      batch.release();
      throw error;
    }
  }

  #call<T>({ path }: SourceFile, how: 'open' | 'push' | 'close', act: () => T): T {
    return this.#calls.runNow(this.#callees[how], path, act);
  }

  #fault(file: SourceFile, what: string): PluginFault {
    return new PluginFault(this.#plugin, `${file.path}: ${what}`);
  }

  #open(file: SourceFile): void {
    this.#leave(file);
    const parser = this.#call(file, 'open', () => this.#parser.open(file));
    if (typeof parser?.push !== 'function')
      throw this.#fault(file, `open gave ${shownValue(parser)}; expected an object with the function push`);
    this.#fileParser = parser;
  }

  /** From now on nothing of `file`, or of the one before it, is parsed. */
  #leave(file: SourceFile): void {
    const parser = this.#fileParser;
    if (parser?.close !== undefined) this.#call(this.#file ?? file, 'close', () => parser.close?.());
    this.#fileParser = null;
    this.#file = file;
  }
}

/** What a parser says of a row it rejects may have the row's values in it: nobody knows but its author. */
function withMasks(rows: ParsedRows): ParsedRows {
  if (rows.rejections === undefined || rows.rejections.size === 0) return rows;
  const masked = [...rows.rejections].map(
    ([index, rejection]) => [index, { masked: UNKNOWN_REASON, ...rejection }] as const,
  );
  return { ...rows, rejections: new Map(masked) };
}

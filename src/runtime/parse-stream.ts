import { Transform, type TransformCallback } from 'node:stream';
import { messageOf } from '../errors.ts';
import {
  type FileParser,
  FileRejected,
  type Parser,
  RecordBatch,
  release,
  type SourceChunk,
  type SourceFile,
} from '../plugin/index.ts';
import { PluginFault, type PluginUse, shownValue } from '../plugin/plugin-use.ts';

/**
 * Bytes of files in, batches of rows out. What is left of a file that does not come to its end is dropped, unread. A
 * file that cannot be parsed goes on as its FileRejected, in its place; so does any error that comes from the source.
 */
export class ParseStream extends Transform {
  readonly #parser: Parser;
  readonly #plugin: PluginUse;
  #file: SourceFile | null = null;
  /** null when nothing more of `#file` is wanted. */
  #fileParser: FileParser | null = null;

  constructor(parser: Parser, plugin: PluginUse) {
    super({ objectMode: true, writableHighWaterMark: 2, readableHighWaterMark: 2 });
    this.#parser = parser;
    this.#plugin = plugin;
  }

  override _transform(chunk: SourceChunk | Error, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!(chunk instanceof Error)) return this.#take(chunk, done);
    if (chunk instanceof FileRejected) this.#leave(chunk.file);
    done(null, chunk);
  }

  #take(chunk: SourceChunk, done: TransformCallback): void {
    let batch: RecordBatch | FileRejected | null;
    try {
      batch = this.#parse(chunk);
    } catch (fault) {
      return done(fault as PluginFault);
    }
    done(null, batch ?? undefined);
  }

  /** @throws PluginFault when the parser does not keep to its contract, which is no file's fault */
  #parse(chunk: SourceChunk): RecordBatch | FileRejected | null {
    const { file } = chunk;
    try {
      return this.#push(chunk);
    } catch (error) {
      if (error instanceof PluginFault) throw error;
      this.#leave(file);
      const reason = messageOf(error);
      const message = reason.startsWith(file.path) ? reason : `${file.path}: ${reason}`;
      return new FileRejected(file, 'SOURCE_MALFORMED', message, error);
    }
  }

  #push({ file, bytes, block, eof }: SourceChunk): RecordBatch | null {
    if (this.#file !== file) this.#open(file);
    const parser = this.#fileParser;
    if (parser === null) {
      if (block !== undefined) release(block);
      return null;
    }
    if (block === undefined || this.#parser.takesBlocks === true)
      return this.#batch(file, eof, parser.push(bytes, eof, block));
    const copy = Buffer.from(bytes);
    release(block);
    return this.#batch(file, eof, parser.push(copy, eof));
  }

  /** What a parser may give: any other batch would leave rows, or the end of the file, unsaid. */
  #batch(file: SourceFile, eof: boolean, given: RecordBatch | null): RecordBatch | null {
    if (given === null && !eof) return null;
    if (!(given instanceof RecordBatch)) {
      const at = eof ? ' at the end of the file' : '';
      throw this.#fault(
        file,
        `push gave ${shownValue(given)}${at}; expected a RecordBatch${eof ? '' : ' or null'}`,
      );
    }
    if (given.eof === eof) return given;
    const at = eof ? 'at the end of the file' : 'before the end of the file';
    throw this.#fault(file, `push gave a RecordBatch with eof ${given.eof} ${at}`);
  }

  #fault(file: SourceFile, what: string): PluginFault {
    return new PluginFault(this.#plugin, `${file.path}: ${what}`);
  }

  #open(file: SourceFile): void {
    this.#leave(file);
    const parser = this.#parser.open(file);
    if (typeof parser?.push !== 'function')
      throw this.#fault(file, `open gave ${shownValue(parser)}; expected an object with the function push`);
    this.#fileParser = parser;
  }

  /** From now on nothing of `file`, or of the one before it, is parsed. */
  #leave(file: SourceFile): void {
    this.#fileParser?.close?.();
    this.#fileParser = null;
    this.#file = file;
  }
}

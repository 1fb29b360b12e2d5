import { Transform, type TransformCallback } from 'node:stream';
import { messageOf } from '../errors.ts';
import {
  type FileParser,
  FileRejected,
  type Parser,
  type RecordBatch,
  release,
  type SourceChunk,
  type SourceFile,
} from '../plugin/index.ts';

/**
 * Bytes of files in, batches of rows out. What is left of a file that does not come to its end is dropped, unread. A
 * file that cannot be parsed goes on as its FileRejected, in its place; so does any error that comes from the source.
 */
export class ParseStream extends Transform {
  readonly #parser: Parser;
  #file: SourceFile | null = null;
  /** null when nothing more of `#file` is wanted. */
  #fileParser: FileParser | null = null;

  constructor(parser: Parser) {
    super({ objectMode: true, writableHighWaterMark: 2, readableHighWaterMark: 2 });
    this.#parser = parser;
  }

  override _transform(chunk: SourceChunk | Error, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!(chunk instanceof Error)) return done(null, this.#parse(chunk) ?? undefined);
    if (chunk instanceof FileRejected) this.#leave(chunk.file);
    done(null, chunk);
  }

  #parse(chunk: SourceChunk): RecordBatch | FileRejected | null {
    const { file } = chunk;
    try {
      return this.#push(chunk);
    } catch (error) {
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
    if (block === undefined || this.#parser.takesBlocks === true) return parser.push(bytes, eof, block);
    const copy = Buffer.from(bytes);
    release(block);
    return parser.push(copy, eof);
  }

  #open(file: SourceFile): void {
    this.#leave(file);
    this.#fileParser = this.#parser.open(file);
  }

  /** From now on nothing of `file`, or of the one before it, is parsed. */
  #leave(file: SourceFile): void {
    this.#fileParser?.close?.();
    this.#fileParser = null;
    this.#file = file;
  }
}

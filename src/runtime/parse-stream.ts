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

/** Bytes of files in, batches of rows out. What is left of a file when the stream ends early is dropped, unread. */
export class ParseStream extends Transform {
  readonly #parser: Parser;
  #file: SourceFile | null = null;
  #fileParser: FileParser | null = null;

  constructor(parser: Parser) {
    super({ objectMode: true, writableHighWaterMark: 2, readableHighWaterMark: 2 });
    this.#parser = parser;
  }

  override _transform(chunk: SourceChunk, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      done(null, this.#parse(chunk) ?? undefined);
    } catch (error) {
      const reason = messageOf(error);
      const { file } = chunk;
      const message = reason.startsWith(file.path) ? reason : `${file.path}: ${reason}`;
      done(new FileRejected(file, 'SOURCE_MALFORMED', message, error));
    }
  }

  #parse({ file, bytes, block, eof }: SourceChunk): RecordBatch | null {
    const parser = this.#parserOf(file);
    if (block === undefined || this.#parser.takesBlocks === true) return parser.push(bytes, eof, block);
    const copy = Buffer.from(bytes);
    release(block);
    return parser.push(copy, eof);
  }

  #parserOf(file: SourceFile): FileParser {
    if (this.#fileParser === null || this.#file !== file) {
      this.#file = file;
      this.#fileParser = this.#parser.open(file);
    }
    return this.#fileParser;
  }
}

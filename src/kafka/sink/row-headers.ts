import { type FixedBytes, fixedBytes, type RecordHeader, type SourceFile } from '../../plugin/index.ts';
import type { RecordBatchBuilder } from '../record-batch.ts';
import { encodeHeaderName, encodeHeaders } from '../record-headers.ts';

const OFFSET = fixedBytes(encodeHeaderName('file.offset'));
const ROW = fixedBytes(encodeHeaderName('file.row'));
/** Headers that every record has: `file.path`, `file.name`, `file.offset`, `file.row`. */
const COMMON = 4;
/** The most that a length and a whole number take. */
const NUMBER_MAX = 1 + 16;

/** Writes the headers of records: those of the file encoded once, then where the row stands, then the record's own. */
export class RowHeaders {
  #file: SourceFile | null = null;
  #shared: FixedBytes = fixedBytes('');

  /** The most bytes that a record's headers take. */
  maxBytes(file: SourceFile, own: readonly RecordHeader[] = []): number {
    let size = this.#sharedOf(file).length + OFFSET.length + ROW.length + 2 * NUMBER_MAX;
    for (const { name, value } of own) size += 10 + 3 * name.length + 3 * (value?.length ?? 0);
    return size;
  }

  /** Writes them to the record begun in `target`. */
  write(
    target: RecordBatchBuilder,
    file: SourceFile,
    offset: number,
    row: number,
    own: readonly RecordHeader[] = [],
  ): void {
    target.headerCount(COMMON + own.length);
    target.fixed(this.#sharedOf(file));
    target.decimalHeader(OFFSET, offset);
    target.decimalHeader(ROW, row);
    for (const { name, value } of own) {
      target.header(encodeHeaderName(name), typeof value === 'string' ? Buffer.from(value) : value);
    }
  }

  #sharedOf(file: SourceFile): FixedBytes {
    if (this.#file !== file) {
      this.#file = file;
      const { bytes } = encodeHeaders([
        ['file.path', Buffer.from(file.path)],
        ['file.name', Buffer.from(file.name)],
      ]);
      this.#shared = fixedBytes(bytes);
    }
    return this.#shared;
  }
}

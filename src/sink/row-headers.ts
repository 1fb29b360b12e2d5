import {
  HEADERS,
  HEADERS_LENGTH,
  NUMBER_HEADER_BYTES,
  ROW_HEADER,
  ROW_HEADER_LENGTH,
} from '../../kernels/encode-cells/layout.ts';
import { type FixedBytes, fixedBytes } from '../kafka/records/fixed-bytes.ts';
import type { RecordBatchBuilder } from '../kafka/records/record-batch.ts';
import { encodeHeaderName, encodeHeaders } from '../kafka/records/record-headers.ts';
import type { RecordHeader, SourceFile, SourceRecord } from '../plugin/index.ts';
import { addressOf, allocate, release, type Struct } from '../rows/index.ts';
import { FILE_HEADERS } from '../values/file-headers.ts';

const OFFSET = fixedBytes(encodeHeaderName(FILE_HEADERS.offset));
const ROW = fixedBytes(encodeHeaderName(FILE_HEADERS.row));
/** Headers that every record has before its own: path and name of its file, offset and number of its row. */
const COMMON = 4;
/** The number of them as it stands in a record. */
const COMMON_COUNT = Uint8Array.of(COMMON << 1);

/** Writes the headers of records: those of the file encoded once, then where the row stands, then the record's own. */
export class RowHeaders {
  #file: SourceFile | null = null;
  #shared: FixedBytes = fixedBytes('');
  #placed: Buffer | null = null;
  #placedFor: SourceFile | null = null;

  /** The most bytes that a record's headers take. */
  maxBytes(file: SourceFile, own: readonly RecordHeader[] = []): number {
    let size = this.#sharedOf(file).length + OFFSET.length + ROW.length + 2 * NUMBER_HEADER_BYTES;
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

  /**
   * Puts the common headers where kernels find them, and tells a task for `kernels/encode-cells` where: those before the
   * row's offset, with its name, and the name of the row's number. False when there is no memory for it.
   */
  place(task: Struct, file: SourceFile): boolean {
    if (this.#placedFor !== file) this.#placeFor(file);
    const placed = this.#placed as Buffer;
    const address = addressOf(placed);
    const length = placed.length - ROW.length;
    task.setWord(HEADERS, address);
    task.setWord(HEADERS_LENGTH, length);
    task.setWord(ROW_HEADER, address + length);
    task.setWord(ROW_HEADER_LENGTH, ROW.length);
    return address !== 0;
  }

  #placeFor(file: SourceFile): void {
    if (this.#placed !== null) release(this.#placed);
    const parts = [
      COMMON_COUNT,
      encodedFile(file),
      encodeHeaderName(FILE_HEADERS.offset),
      encodeHeaderName(FILE_HEADERS.row),
    ];
    const bytes = Buffer.concat(parts);
    this.#placed = allocate(bytes.length);
    this.#placed.set(bytes);
    this.#placedFor = file;
  }

  #sharedOf(file: SourceFile): FixedBytes {
    if (this.#file !== file) {
      this.#file = file;
      this.#shared = fixedBytes(encodedFile(file));
    }
    return this.#shared;
  }
}

function encodedFile({ path, name }: SourceFile): Uint8Array {
  return encodeHeaders([
    [FILE_HEADERS.path, Buffer.from(path)],
    [FILE_HEADERS.name, Buffer.from(name)],
  ]).bytes;
}

/** The headers of a record as `RowHeaders` writes them. */
export function headersOf(file: SourceFile, { origin, headers }: SourceRecord): RecordHeader[] {
  return [
    { name: FILE_HEADERS.path, value: file.path },
    { name: FILE_HEADERS.name, value: file.name },
    { name: FILE_HEADERS.offset, value: String(origin.offset) },
    { name: FILE_HEADERS.row, value: String(origin.row) },
    ...headers,
  ];
}

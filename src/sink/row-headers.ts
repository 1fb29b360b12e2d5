import {
  HEADERS,
  HEADERS_LENGTH,
  NO_PLACE,
  NUMBER_HEADER_BYTES,
  OFFSET_AND_ROW,
  ROW_ALONE,
  ROW_HEADER,
  ROW_HEADER_LENGTH,
  ROW_PLACE,
} from '../../kernels/encode-cells/layout.ts';
import { type FixedBytes, fixedBytes } from '../kafka/records/fixed-bytes.ts';
import type { RecordBatchBuilder } from '../kafka/records/record-batch.ts';
import { encodeHeaderName, encodeHeaders } from '../kafka/records/record-headers.ts';
import type { RecordHeader, SourceFile, SourceRecord } from '../plugin/index.ts';
import { addressOf, allocate, release, type Struct } from '../rows/index.ts';
import { FILE_HEADERS } from '../values/file-headers.ts';

/** What records say of the row they are of. `none`: nothing; `row`: `file`, path and row in one; `full`: each by itself. */
export type HeadersSource = 'none' | 'row' | 'full';

const OFFSET = fixedBytes(encodeHeaderName(FILE_HEADERS.offset));
const ROW = fixedBytes(encodeHeaderName(FILE_HEADERS.row));
const PLACE = encodeHeaderName(FILE_HEADERS.place);
const TRACEPARENT = 'traceparent';
const NOTHING: Uint8Array = new Uint8Array();
const NO_TRACE = fixedBytes('');

/** How many headers each puts before a record's own, and how the kernel writes them. */
const COMMON = { none: 0, row: 1, full: 4 } as const;
const PLACES = { none: NO_PLACE, row: ROW_ALONE, full: OFFSET_AND_ROW } as const;

/** Writes the headers of records: those of the file encoded once, then where the row stands, then the record's own. */
export class RowHeaders {
  readonly #source: HeadersSource;
  readonly #traceparentOf: (file: SourceFile) => string | null;
  #tracedFile: SourceFile | null = null;
  /** The header that says of which trace the file is; empty for none. */
  #traceBytes = NOTHING;
  #trace = NO_TRACE;
  #file: SourceFile | null = null;
  #shared: FixedBytes = fixedBytes('');
  #placed: Buffer | null = null;
  #placedFor: SourceFile | null = null;
  #rowHeaderLength = 0;

  /** @param traceparentOf asked once for each file; null for no such header */
  constructor(source: HeadersSource, traceparentOf: (file: SourceFile) => string | null = () => null) {
    this.#source = source;
    this.#traceparentOf = traceparentOf;
  }

  /** The most bytes that a record's headers take. */
  maxBytes(file: SourceFile, own: readonly RecordHeader[] = []): number {
    let size = 2 * NUMBER_HEADER_BYTES + this.#traceOf(file).length;
    if (this.#source === 'row') size += PLACE.length + 3 * file.path.length;
    if (this.#source === 'full') size += this.#sharedOf(file).length + OFFSET.length + ROW.length;
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
    const trace = this.#traceOf(file);
    target.headerCount(this.#common(file) + own.length);
    if (trace.length > 0) target.fixed(trace);
    if (this.#source === 'row') target.header(PLACE, Buffer.from(placeOf(file, row)));
    else if (this.#source === 'full') {
      target.fixed(this.#sharedOf(file));
      target.decimalHeader(OFFSET, offset);
      target.decimalHeader(ROW, row);
    }
    for (const { name, value } of own) {
      target.header(encodeHeaderName(name), typeof value === 'string' ? Buffer.from(value) : value);
    }
  }

  /**
   * Puts the common headers where kernels find them, and tells a task for `kernels/encode-cells` where: those before the
   * row's own, and what stands before the row's number. False when there is no memory for it.
   */
  place(task: Struct, file: SourceFile): boolean {
    if (this.#placedFor !== file) this.#placeFor(file);
    const placed = this.#placed as Buffer;
    const address = addressOf(placed);
    const length = placed.length - this.#rowHeaderLength;
    task.setWord(HEADERS, address);
    task.setWord(HEADERS_LENGTH, length);
    task.setWord(ROW_HEADER, address + length);
    task.setWord(ROW_HEADER_LENGTH, this.#rowHeaderLength);
    task.setWord(ROW_PLACE, PLACES[this.#source]);
    return address !== 0;
  }

  /** The headers of a record as `write` writes them. */
  of(file: SourceFile, { origin, headers }: SourceRecord): RecordHeader[] {
    const { path, name, offset, row, place } = FILE_HEADERS;
    const common = {
      none: [],
      row: [{ name: place, value: placeOf(file, origin.row) }],
      full: [
        { name: path, value: file.path },
        { name, value: file.name },
        { name: offset, value: String(origin.offset) },
        { name: row, value: String(origin.row) },
      ],
    };
    return [...common[this.#source], ...headers];
  }

  #placeFor(file: SourceFile): void {
    if (this.#placed !== null) release(this.#placed);
    const rowHeader = this.#rowHeaderOf(file);
    const bytes = Buffer.concat([this.#sharedByRows(file), rowHeader]);
    this.#placed = allocate(bytes.length);
    this.#placed.set(bytes);
    this.#placedFor = file;
    this.#rowHeaderLength = rowHeader.length;
  }

  /** As they stand in a record, behind their number. */
  #sharedByRows(file: SourceFile): Uint8Array {
    const begin = Buffer.concat([Uint8Array.of(this.#common(file) << 1), this.#traceBytes]);
    if (this.#source === 'none') return begin;
    if (this.#source === 'row') return Buffer.concat([begin, PLACE]);
    return Buffer.concat([begin, encodedFile(file), encodeHeaderName(FILE_HEADERS.offset)]);
  }

  #rowHeaderOf(file: SourceFile): Uint8Array {
    if (this.#source === 'none') return NOTHING;
    return this.#source === 'row' ? Buffer.from(placeOf(file, '')) : encodeHeaderName(FILE_HEADERS.row);
  }

  #common(file: SourceFile): number {
    return COMMON[this.#source] + (this.#traceOf(file).length > 0 ? 1 : 0);
  }

  #traceOf(file: SourceFile): FixedBytes {
    if (this.#tracedFile !== file) {
      const traceparent = this.#traceparentOf(file);
      const headers = traceparent === null ? [] : [[TRACEPARENT, Buffer.from(traceparent)] as const];
      this.#tracedFile = file;
      this.#traceBytes = encodeHeaders(headers).bytes;
      this.#trace = fixedBytes(this.#traceBytes);
    }
    return this.#trace;
  }

  #sharedOf(file: SourceFile): FixedBytes {
    if (this.#file !== file) {
      this.#file = file;
      this.#shared = fixedBytes(encodedFile(file));
    }
    return this.#shared;
  }
}

function placeOf({ path }: SourceFile, row: number | ''): string {
  return `${path}:${row}`;
}

function encodedFile({ path, name }: SourceFile): Uint8Array {
  return encodeHeaders([
    [FILE_HEADERS.path, Buffer.from(path)],
    [FILE_HEADERS.name, Buffer.from(name)],
  ]).bytes;
}

import type { SourceFile, SourceRecord } from '../../plugin/index.ts';
import type { EncodedHeaders } from '../record-headers.ts';
import { encodeHeaders } from '../record-headers.ts';

/** The most that `file.offset` and `file.row` take: two names, four lengths, two numbers of 16 digits. */
const NUMBERS_MAX = 'file.offset'.length + 'file.row'.length + 4 + 2 * 16;

/** The headers of every record: `file.path` and `file.name`, encoded once per file, then where the row stands. */
export class RowHeaders {
  #file: SourceFile | null = null;
  #shared: EncodedHeaders = { bytes: Buffer.alloc(0), count: 0 };

  /** An upper bound of the bytes of a record's headers. */
  sizeBound(file: SourceFile, record: SourceRecord): number {
    let size = this.#sharedOf(file).bytes.length + NUMBERS_MAX;
    for (const { name, value } of record.headers) size += 10 + 3 * name.length + 3 * (value?.length ?? 0);
    return size;
  }

  encode(file: SourceFile, record: SourceRecord): EncodedHeaders {
    const shared = this.#sharedOf(file);
    const own = encodeHeaders([
      ['file.offset', Buffer.from(String(record.origin.offset))],
      ['file.row', Buffer.from(String(record.origin.row))],
      ...record.headers.map(
        ({ name, value }) => [name, typeof value === 'string' ? Buffer.from(value) : value] as const,
      ),
    ]);
    return { bytes: Buffer.concat([shared.bytes, own.bytes]), count: shared.count + own.count };
  }

  #sharedOf(file: SourceFile): EncodedHeaders {
    if (this.#file !== file) {
      this.#file = file;
      this.#shared = encodeHeaders([
        ['file.path', Buffer.from(file.path)],
        ['file.name', Buffer.from(file.name)],
      ]);
    }
    return this.#shared;
  }
}

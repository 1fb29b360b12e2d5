import { copyBytes } from './fixed-bytes.ts';
import { writeVarint, ZIGZAG_MAX, zigzagWidth } from './varint.ts';

/** A header's name, and its value. */
export type Header = readonly [name: string, value: Uint8Array | null];

/** Headers as they stand in a record, without the number of them that comes before. */
export interface EncodedHeaders {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** A header's name as it stands in a record: its length, then its bytes. */
export function encodeHeaderName(name: string): Uint8Array {
  const bytes = Buffer.from(name);
  const encoded = Buffer.allocUnsafe(zigzagWidth(bytes.length) + bytes.length);
  encoded.set(bytes, writeVarint(encoded, 0, bytes.length));
  return encoded;
}

/** The most bytes that a header takes whose name was encoded. */
export function maxHeaderBytes(name: Uint8Array, value: Uint8Array | null): number {
  return name.length + ZIGZAG_MAX + (value?.length ?? 0);
}

/** Writes a header whose name was encoded, and gives its end. */
export function writeHeader(
  target: Uint8Array,
  at: number,
  name: Uint8Array,
  value: Uint8Array | null,
): number {
  const lengthAt = copyBytes(target, at, name);
  const valueAt = writeVarint(target, lengthAt, value?.length ?? -1);
  return value === null ? valueAt : copyBytes(target, valueAt, value);
}

/** Encodes headers once for the many records that carry them. */
export function encodeHeaders(headers: readonly Header[]): EncodedHeaders {
  const parts = headers.map(([name, value]) => {
    const encoded = encodeHeaderName(name);
    const header = Buffer.alloc(maxHeaderBytes(encoded, value));
    return header.subarray(0, writeHeader(header, 0, encoded, value));
  });
  return { bytes: Buffer.concat(parts), count: headers.length };
}

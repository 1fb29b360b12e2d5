import { writeVarint, ZIGZAG_MAX, zigzagWidth } from './varint.ts';

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

/** Encodes headers once for the many records that carry them. */
export function encodeHeaders(
  headers: readonly (readonly [name: string, value: Uint8Array | null])[],
): EncodedHeaders {
  const parts = headers.flatMap(([name, value]) => {
    const length = Buffer.allocUnsafe(ZIGZAG_MAX);
    const end = writeVarint(length, 0, value?.length ?? -1);
    return [encodeHeaderName(name), length.subarray(0, end), value ?? Buffer.alloc(0)];
  });
  return { bytes: Buffer.concat(parts), count: headers.length };
}

import type { Header } from './record-headers.ts';
import { zigzagWidth } from './varint.ts';

/** Attributes, and the deltas of time and offset and the length of no key, which take one byte each. */
const LONE_RECORD_BYTES = 4;

/** The bytes of a record without a key that is alone in its batch. */
export function loneRecordBytes(valueBytes: number, headers: readonly Header[]): number {
  let body = LONE_RECORD_BYTES + zigzagWidth(valueBytes) + valueBytes + zigzagWidth(headers.length);
  for (const [name, value] of headers) {
    const nameBytes = Buffer.byteLength(name);
    const length = value?.length ?? -1;
    body += zigzagWidth(nameBytes) + nameBytes + zigzagWidth(length) + Math.max(0, length);
  }
  return zigzagWidth(body) + body;
}

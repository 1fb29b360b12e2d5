/** Where values are written: bytes, and a view of the same bytes. */
export interface ByteTarget {
  readonly buffer: Buffer;
  readonly view: DataView;
}

const FIRST_CAPACITY = 1024;

/** Bytes that grow as they are written. */
export class ByteWriter implements ByteTarget {
  buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  view = viewOf(this.buffer);
  /** Where the next byte goes. */
  at = 0;

  /** Makes room for so many more. */
  room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.buffer.length, this.at + bytes));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
    this.view = viewOf(grown);
  }

  append(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** The bytes written so far, for keeps; begins anew. */
  take(): Buffer {
    const bytes = Buffer.from(this.buffer.subarray(0, this.at));
    this.at = 0;
    return bytes;
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}

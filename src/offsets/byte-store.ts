const CHUNK = 2 ** 20;

/** Where bytes are kept; a number, so that it costs nothing to have many. */
export type Address = number;

/** Keeps many short runs of bytes, outside of the heap and without an object for each. What is put there stays there. */
export class ByteStore {
  readonly #chunks: Buffer[] = [];
  #free = CHUNK;

  /** Room that it takes. */
  get size(): number {
    return this.#chunks.length * CHUNK;
  }

  add(bytes: Buffer): Address {
    if (this.#free + bytes.length > CHUNK) {
      this.#chunks.push(Buffer.allocUnsafeSlow(Math.max(CHUNK, bytes.length)));
      this.#free = 0;
    }
    const address = (this.#chunks.length - 1) * CHUNK + this.#free;
    this.#free += bytes.copy(this.#chunks.at(-1) as Buffer, this.#free);
    return address;
  }

  /** A view of them. */
  at(address: Address, length: number): Buffer {
    const start = address % CHUNK;
    return (this.#chunks[Math.floor(address / CHUNK)] as Buffer).subarray(start, start + length);
  }
}

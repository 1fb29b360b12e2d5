const LINE_FEED = 0x0a;

/** The rows of a file of trades by their number, 1 being the first after the header. No row holds a line feed. */
export class SourceRows {
  readonly name: string;
  readonly #bytes: Buffer;
  /** Where each line begins, and where the file ends. */
  readonly #starts: number[] = [0];

  constructor(name: string, bytes: Buffer) {
    this.name = name;
    this.#bytes = bytes;
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) {
      this.#starts.push(at + 1);
    }
  }

  get count(): number {
    return this.#starts.length - 2;
  }

  get size(): number {
    return this.#bytes.length;
  }

  /** The byte at which a row begins. */
  offset(row: number): number {
    return this.#starts[row] as number;
  }

  /** A row without its line end. */
  bytes(row: number): Buffer {
    return this.#bytes.subarray(this.offset(row), this.offset(row + 1) - 1);
  }
}

import { CUT_SHORT, Damaged } from '../damaged.ts';

/** Reads bits out of bytes that come piece by piece, the highest of a byte first. */
export class BitReader {
  #bytes: Buffer = Buffer.alloc(0);
  #next = 0;
  #usedBefore = 0;
  /** The last `#count` bits of it are those that come next; what stands before them is used. */
  #held = 0;
  #count = 0;

  /** All bytes that are used, the last one perhaps in part. */
  get used(): number {
    return this.#usedBefore + this.#next - (this.#count >>> 3);
  }

  /** Bytes that can be read without another piece. */
  get left(): number {
    return this.#bytes.length - this.#next + (this.#count >>> 3);
  }

  /** Takes the next bytes. */
  add(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#next), bytes]);
    this.#usedBefore += this.#next;
    this.#next = 0;
  }

  /** The next bits, at most 24, without using them. @throws Damaged when there are no more so many */
  peek(count: number): number {
    while (this.#count < count) {
      if (this.#next === this.#bytes.length) throw new Damaged(CUT_SHORT);
      this.#held = (this.#held << 8) | (this.#bytes[this.#next++] as number);
      this.#count += 8;
    }
    return (this.#held >>> (this.#count - count)) & ((1 << count) - 1);
  }

  skip(count: number): void {
    this.#count -= count;
  }

  /** At most 24 bits. */
  take(count: number): number {
    const bits = this.peek(count);
    this.#count -= count;
    return bits;
  }

  /** 32 bits. */
  word(): number {
    return ((this.take(16) << 16) | this.take(16)) >>> 0;
  }

  /** Passes over what is left of a byte that is used in part. */
  align(): void {
    this.#count -= this.#count & 7;
  }
}

const WIDTH = 9;
const FIRST_ROWS = 256;
const NONE = -1;

/** Fields of a row, by their places in it. */
export const HASH = 0;
export const KEY = 1;
export const KEY_BYTES = 2;
export const VALUE = 3;
export const VALUE_BYTES = 4;
export const TOPIC_PARTITION = 5;
export const VERSION = 6;
export const TIMESTAMP = 7;
const NEXT = 8;

/** What is known of one record of the offset topic, but for its bytes. */
export type OffsetRow = readonly [
  hash: number,
  key: number,
  keyBytes: number,
  value: number,
  valueBytes: number,
  topicPartition: number,
  version: number,
  timestamp: number,
];

/** Rows of numbers that are found by a hash: as of a map of objects, in a seventh of the memory. */
export class OffsetRows {
  #numbers = new Float64Array(FIRST_ROWS * WIDTH);
  #buckets = new Int32Array(FIRST_ROWS).fill(NONE);
  #rows = 0;
  /** The last row that was removed, whose place the next one gets. */
  #free = NONE;
  #count = 0;

  /** Rows that are there. */
  get size(): number {
    return this.#count;
  }

  get(row: number, field: number): number {
    return this.#numbers[row * WIDTH + field] as number;
  }

  set(row: number, values: OffsetRow): void {
    this.#numbers.set(values, row * WIDTH);
  }

  setField(row: number, field: number, value: number): void {
    this.#numbers[row * WIDTH + field] = value;
  }

  add(values: OffsetRow): void {
    if (this.#free === NONE && this.#rows * WIDTH === this.#numbers.length) this.#grow();
    const row = this.#free === NONE ? this.#rows++ : this.#free;
    if (row === this.#free) this.#free = this.get(row, NEXT);
    this.set(row, values);
    this.#link(row);
    this.#count++;
  }

  remove(row: number): void {
    const bucket = this.#bucketOf(this.get(row, HASH));
    let before = NONE;
    for (let other = this.#buckets[bucket] as number; other !== row; other = this.get(other, NEXT))
      before = other;
    if (before === NONE) this.#buckets[bucket] = this.get(row, NEXT);
    else this.setField(before, NEXT, this.get(row, NEXT));
    this.setField(row, HASH, NONE);
    this.setField(row, NEXT, this.#free);
    this.#free = row;
    this.#count--;
  }

  /** Rows with this hash, in the order of their places. */
  withHash(hash: number): number[] {
    const found: number[] = [];
    for (let row = this.#buckets[this.#bucketOf(hash)] as number; row !== NONE; row = this.get(row, NEXT))
      if (this.get(row, HASH) === hash) found.push(row);
    return found.sort((one, other) => one - other);
  }

  *all(): Generator<number> {
    for (let row = 0; row < this.#rows; row++) if (this.get(row, HASH) !== NONE) yield row;
  }

  #bucketOf(hash: number): number {
    return hash % this.#buckets.length;
  }

  #link(row: number): void {
    const bucket = this.#bucketOf(this.get(row, HASH));
    this.setField(row, NEXT, this.#buckets[bucket] as number);
    this.#buckets[bucket] = row;
  }

  #grow(): void {
    const numbers = new Float64Array(Math.ceil(this.#rows * 1.5) * WIDTH);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    this.#buckets = new Int32Array(numbers.length / WIDTH).fill(NONE);
    for (let row = 0; row < this.#rows; row++) this.#link(row);
  }
}

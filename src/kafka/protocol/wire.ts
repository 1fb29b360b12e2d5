/**
 * Writes the primitive types of Kafka's protocol (https://kafka.apache.org/protocol#protocol_types): the kinds that
 * messages had before "flexible versions" (KIP-482), and of the compact ones those that are needed.
 */
export class WireWriter {
  #buffer: Buffer;
  #at = 0;

  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  int8(value: number): this {
    this.#at = this.#room(1).writeInt8(value, this.#at);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  int16(value: number): this {
    this.#at = this.#room(2).writeInt16BE(value, this.#at);
    return this;
  }

  int32(value: number): this {
    this.#at = this.#room(4).writeInt32BE(value, this.#at);
    return this;
  }

  int64(value: bigint): this {
    this.#at = this.#room(8).writeBigInt64BE(value, this.#at);
    return this;
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const length = Buffer.byteLength(value);
    this.int16(length);
    this.#at += this.#room(length).write(value, this.#at);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.int32(value.length);
    this.#room(value.length).set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  array<T>(items: readonly T[], each: (writer: this, item: T) => void): this {
    this.int32(items.length);
    for (const item of items) each(this, item);
    return this;
  }

  compactString(value: string | null): this {
    if (value === null) return this.unsignedVarint(0);
    const length = Buffer.byteLength(value);
    this.unsignedVarint(length + 1);
    this.#at += this.#room(length).write(value, this.#at);
    return this;
  }

  compactArray<T>(items: readonly T[], each: (writer: this, item: T) => void): this {
    this.unsignedVarint(items.length + 1);
    for (const item of items) each(this, item);
    return this;
  }

  /** Tagged fields, of which Headrace has none to say. */
  noTags(): this {
    return this.unsignedVarint(0);
  }

  unsignedVarint(value: number): this {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.int8((((rest & 0x7f) | 0x80) << 24) >> 24);
    return this.int8(rest);
  }

  /** What was written since the start or since the last call, as a buffer that stays as it is. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#at);
    this.#buffer = this.#buffer.subarray(this.#at);
    this.#at = 0;
    return taken;
  }

  #room(bytes: number): Buffer {
    if (this.#buffer.length - this.#at < bytes) {
      const grown = Buffer.allocUnsafe(Math.max(256, (this.#at + bytes) * 2));
      this.#buffer.copy(grown, 0, 0, this.#at);
      this.#buffer = grown;
    }
    return this.#buffer;
  }
}

/** Reads the same types. Throws a RangeError when the message is shorter than it says. */
export class WireReader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  int8(): number {
    return this.#buffer.readInt8(this.#forward(1));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#forward(2));
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#forward(4));
  }

  int64(): bigint {
    return this.#buffer.readBigInt64BE(this.#forward(8));
  }

  /** A string that the protocol allows to be null. */
  nullableString(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.#slice(length).toString();
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  /** A view of a byte string; null reads as empty. */
  bytes(): Buffer {
    return this.#slice(Math.max(0, this.int32()));
  }

  /** An array; null reads as empty. */
  array<T>(each: (reader: this) => T): T[] {
    const count = this.int32();
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(each(this));
    return items;
  }

  compactString(): string {
    return this.compactNullableString() ?? '';
  }

  /** A string that the protocol allows to be null. */
  compactNullableString(): string | null {
    const length = this.unsignedVarint() - 1;
    return length < 0 ? null : this.#slice(length).toString();
  }

  compactArray<T>(each: (reader: this) => T): T[] {
    const count = this.unsignedVarint() - 1;
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(each(this));
    return items;
  }

  /** Passes over tagged fields, except those that `take` reads by their number. */
  tags(take?: (tag: number, field: WireReader) => void): void {
    for (let count = this.unsignedVarint(); count > 0; count--) {
      const tag = this.unsignedVarint();
      const field = this.#slice(this.unsignedVarint());
      take?.(tag, new WireReader(field));
    }
  }

  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.int8();
      value |= (byte & 0x7f) << shift;
      if (byte >= 0) return value;
    }
  }

  #forward(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  #slice(length: number): Buffer {
    const start = this.#forward(length);
    if (this.#at > this.#buffer.length)
      throw new RangeError(`Kafka's answer ends within a field of ${length} bytes`);
    return this.#buffer.subarray(start, this.#at);
  }
}

import type { SourceOffset, SourcePartition } from '../plugin/index.ts';
import { ByteStore } from './byte-store.ts';
import {
  decodeOffsetKey,
  decodeOffsetValue,
  fileBytesIn,
  isPlainlyOfAnother,
  versionOf,
} from './offset-codec.ts';
import {
  HASH,
  KEY,
  KEY_BYTES,
  OffsetRows,
  TIMESTAMP,
  TOPIC_PARTITION,
  VALUE,
  VALUE_BYTES,
  VERSION,
} from './offset-rows.ts';
import { PackedObjects } from './packed-objects.ts';

/** A record of the offset topic, as both of its readers give it. */
export interface OffsetTopicRecord {
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Milliseconds since 1970. */
  readonly timestamp?: number;
  readonly headers?: readonly (readonly [name: string, value: Buffer | null])[];
}

/** Where a record is that only one of the same bytes in the same partition takes the place of. */
export interface OffsetPlace {
  readonly key: Buffer;
  readonly topicPartition: number;
}

/** The newest offset of a source partition, and everywhere that one is kept for it. */
export interface StoredSourceOffset extends OffsetPlace {
  readonly connector: string;
  readonly partition: SourcePartition;
  /** `unreadable`, with the beginning of it, where the value is no JSON object. */
  readonly offset: SourceOffset;
  /** When its transaction wrote it, in milliseconds since 1970; 0 where nothing tells. */
  readonly timestamp: number;
  /** More than one when the topic got partitions meanwhile: a tombstone goes to each of them. */
  readonly places: readonly OffsetPlace[];
}

const SHOWN_BYTES = 60;
/** Replaced offsets may take as much as what is kept, and this beside it. */
const SPARE_BYTES = 4 * 2 ** 20;

/**
 * The offsets in a topic. A key's records lie in several partitions when the topic got more of them: within a partition
 * the last counts, between partitions the one of the highest version. Without versions it is the one that is further in
 * the file, since a position only ever grows within a generation; then the later one.
 *
 * A feed that runs for years has hundreds of thousands of files behind it: each is some 250 bytes outside of the heap,
 * and becomes an object when somebody asks for it.
 */
export class OffsetTable {
  readonly #only: string | null;
  /** A row for each place. */
  readonly #rows = new OffsetRows();
  readonly #packer = new PackedObjects();
  #bytes = new ByteStore();
  /** Of what is not replaced. */
  #usedBytes = 0;
  #version = 0;

  /** @param only the connector to keep the offsets of; null for all */
  constructor(only: string | null = null) {
    this.#only = only;
  }

  /** Takes a record of the topic, in the order of its partition; what is no offset is passed over. */
  apply({ partition: topicPartition, key, value, timestamp = 0, headers = [] }: OffsetTopicRecord): void {
    const hash = key === null ? null : this.#hashOfKey(key);
    if (key === null || hash === null) return;
    const version = versionOf(headers);
    this.#version = Math.max(this.#version, version);
    const row = this.#rowAt(hash, { key, topicPartition });
    if (value === null) {
      if (row !== undefined) this.#remove(row);
      return;
    }
    const packed = this.#packer.pack(decodeOffsetValue(value) ?? { unreadable: shownOf(value) });
    const keyAt = row === undefined ? this.#bytes.add(key) : this.#rows.get(row, KEY);
    const bytes = [keyAt, key.length, this.#bytes.add(packed), packed.length] as const;
    const values = [hash, ...bytes, topicPartition, version, timestamp] as const;
    if (row !== undefined) this.#usedBytes -= this.#bytesOf(row);
    if (row === undefined) this.#rows.add(values);
    else this.#rows.set(row, values);
    this.#usedBytes += key.length + packed.length;
    if (this.#bytes.size > 2 * this.#usedBytes + SPARE_BYTES) this.#compact();
  }

  /** Above all versions so far, these included. */
  nextVersion(): number {
    return ++this.#version;
  }

  /** What keys and values take, outside of the heap. */
  get bytes(): number {
    return this.#bytes.size;
  }

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  /** Names, sorted. */
  connectors(): string[] {
    return [...new Set([...this.all()].map(({ connector }) => connector))].sort();
  }

  /** Those of one connector, sorted by their keys. */
  of(connector: string): StoredSourceOffset[] {
    const own = [...this.all()].filter((entry) => entry.connector === connector);
    return own.sort((one, other) => Buffer.compare(one.key, other.key));
  }

  /** What is kept for a source partition, in whatever order its properties are. */
  find(connector: string, partition: SourcePartition): StoredSourceOffset | undefined {
    const candidates = this.#withHash(hashOf(partition), connector);
    return candidates.find((entry) => isSame(entry.partition, partition));
  }

  /** What is kept for a file of a connector, whatever else its source partitions have. */
  ofFile(connector: string, file: string): StoredSourceOffset[] {
    const candidates = this.#withHash(hashOf({ file }), connector);
    return candidates.filter(({ partition }) => partition.file === file);
  }

  /** Those of all source partitions. */
  *all(): Generator<StoredSourceOffset> {
    for (const row of this.#rows.all()) {
      const alike = this.#rows.withHash(this.#rows.get(row, HASH));
      // The first of those with one hash stands for them all.
      if (alike[0] === row) yield* this.#entriesOf(alike);
    }
  }

  #withHash(hash: number, connector: string): StoredSourceOffset[] {
    return this.#entriesOf(this.#rows.withHash(hash)).filter((entry) => entry.connector === connector);
  }

  /** An entry for each source partition among these rows. */
  #entriesOf(rows: readonly number[]): StoredSourceOffset[] {
    const kept = rows.map((row) => this.#keptAt(row));
    if (kept.length === 1) return kept;
    const groups: Kept[][] = [];
    for (const one of kept) {
      const group = groups.find(([first]) => first !== undefined && isOfSame(first, one));
      if (group === undefined) groups.push([one]);
      else group.push(one);
    }
    return groups.map((group) => newestOf(group));
  }

  #keptAt(row: number): Kept {
    const field = (which: number) => this.#rows.get(row, which);
    const value = this.#bytes.at(field(VALUE), field(VALUE_BYTES));
    return new Kept(this.#keyAt(row), value, this.#packer, {
      topicPartition: field(TOPIC_PARTITION),
      version: field(VERSION),
      timestamp: field(TIMESTAMP),
    });
  }

  #keyAt(row: number): Buffer {
    return this.#bytes.at(this.#rows.get(row, KEY), this.#rows.get(row, KEY_BYTES));
  }

  #rowAt(hash: number, { key, topicPartition }: OffsetPlace): number | undefined {
    return this.#rows
      .withHash(hash)
      .find((row) => this.#rows.get(row, TOPIC_PARTITION) === topicPartition && this.#keyAt(row).equals(key));
  }

  #remove(row: number): void {
    this.#usedBytes -= this.#bytesOf(row);
    this.#rows.remove(row);
  }

  #bytesOf(row: number): number {
    return this.#rows.get(row, KEY_BYTES) + this.#rows.get(row, VALUE_BYTES);
  }

  /** null for the key of what is not kept. Of a file of the one connector its bytes are enough. */
  #hashOfKey(key: Buffer): number | null {
    const file = this.#only === null ? null : fileBytesIn(key, this.#only);
    if (file !== null) return hashOfBytes(file);
    const decoded = this.#only !== null && isPlainlyOfAnother(key, this.#only) ? null : decodeOffsetKey(key);
    if (decoded === null || (this.#only !== null && decoded.connector !== this.#only)) return null;
    return hashOf(decoded.partition);
  }

  /** Leaves out what was replaced or taken away. */
  #compact(): void {
    const bytes = new ByteStore();
    for (const row of this.#rows.all()) {
      const value = this.#bytes.at(this.#rows.get(row, VALUE), this.#rows.get(row, VALUE_BYTES));
      this.#rows.setField(row, KEY, bytes.add(this.#keyAt(row)));
      this.#rows.setField(row, VALUE, bytes.add(value));
    }
    this.#bytes = bytes;
  }
}

/** What is kept in one place. Its JSON is read when somebody asks. */
class Kept implements StoredSourceOffset {
  readonly key: Buffer;
  readonly topicPartition: number;
  readonly version: number;
  readonly timestamp: number;
  places: readonly OffsetPlace[] = [this];
  readonly #value: Buffer;
  readonly #packer: PackedObjects;

  constructor(
    key: Buffer,
    value: Buffer,
    packer: PackedObjects,
    { topicPartition, version, timestamp }: Pick<Kept, 'topicPartition' | 'version' | 'timestamp'>,
  ) {
    this.key = key;
    this.#value = value;
    this.#packer = packer;
    this.topicPartition = topicPartition;
    this.version = version;
    this.timestamp = timestamp;
  }

  get connector(): string {
    return decodeOffsetKey(this.key)?.connector ?? '';
  }

  get partition(): SourcePartition {
    return decodeOffsetKey(this.key)?.partition ?? {};
  }

  get offset(): SourceOffset {
    return this.#packer.unpack(this.#value) as SourceOffset;
  }
}

function shownOf(value: Buffer): string {
  return value.toString('utf8', 0, SHOWN_BYTES);
}

function newestOf(places: readonly Kept[]): Kept {
  const newest = places.reduce((one, other) => (isNewer(other, one) ? other : one));
  newest.places = places;
  return newest;
}

/** How new one is that cannot be read, nobody knows: to go by an older one could deliver rows twice. */
function isNewer(one: Kept, other: Kept): boolean {
  const [a, b] = [one, other].map(({ offset, version, timestamp }) => [
    offset.unreadable === undefined ? 0 : 1,
    version,
    Number(offset.position ?? offset.length ?? 0),
    timestamp,
  ]) as [number[], number[]];
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] as number) > (b[at] as number);
}

function isOfSame(one: Kept, other: Kept): boolean {
  return one.connector === other.connector && isSame(one.partition, other.partition);
}

/** In whatever order their properties were written. */
function isSame(one: SourcePartition, other: SourcePartition): boolean {
  const names = Object.keys(one);
  const isEqual = (name: string) => JSON.stringify(one[name]) === JSON.stringify(other[name]);
  return names.length === Object.keys(other).length && names.every(isEqual);
}

/** Nobody is to know which names of files have the same hash. */
const SEED = Math.floor(Math.random() * 2 ** 32);

/** Equal for all source partitions of one file; and for equal ones, in whatever order their properties were written. */
function hashOf(partition: SourcePartition): number {
  const { file } = partition;
  const sorted = () => JSON.stringify(Object.entries(partition).sort(([a], [b]) => (a < b ? -1 : 1)));
  return hashOfBytes(Buffer.from(typeof file === 'string' ? file : sorted()));
}

function hashOfBytes(bytes: Buffer): number {
  let hash = SEED;
  for (let index = 0; index < bytes.length; index++)
    hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193);
  return hash >>> 0;
}

import type { SourceOffset, SourcePartition } from '../plugin/index.ts';
import { decodeOffsetKey, decodeOffsetValue, versionOf } from './offset-codec.ts';

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

interface Kept extends Omit<StoredSourceOffset, 'places'> {
  readonly version: number;
}

const SHOWN_BYTES = 60;

/**
 * The offsets in a topic. A key's records lie in several partitions when the topic got more of them: within a partition
 * the last counts, between partitions the one of the highest version. Without versions it is the one that is further in
 * the file, since a position only ever grows within a generation; then the later one.
 */
export class OffsetTable {
  readonly #only: string | null;
  /** By source partition, then by place. */
  readonly #kept = new Map<string, Map<string, Kept>>();
  #version = 0;

  /** @param only the connector to keep the offsets of; null for all */
  constructor(only: string | null = null) {
    this.#only = only;
  }

  /** Takes a record of the topic, in the order of its partition; what is no offset is passed over. */
  apply({ partition: topicPartition, key, value, timestamp = 0, headers = [] }: OffsetTopicRecord): void {
    const decoded = key === null ? null : decodeOffsetKey(key);
    if (key === null || decoded === null) return;
    if (this.#only !== null && decoded.connector !== this.#only) return;
    const version = versionOf(headers);
    this.#version = Math.max(this.#version, version);
    const id = idOf(decoded.connector, decoded.partition);
    const places = this.#kept.get(id) ?? new Map<string, Kept>();
    const place = `${topicPartition} ${key.toString('latin1')}`;
    if (value === null) places.delete(place);
    else {
      const offset = decodeOffsetValue(value) ?? {
        unreadable: value.toString('utf8', 0, SHOWN_BYTES),
      };
      places.set(place, { ...decoded, offset, key: Buffer.from(key), topicPartition, version, timestamp });
    }
    if (places.size === 0) this.#kept.delete(id);
    else this.#kept.set(id, places);
  }

  /** Above all versions so far, these included. */
  nextVersion(): number {
    return ++this.#version;
  }

  /** Names, sorted. */
  connectors(): string[] {
    return [...new Set([...this.#all()].map(({ connector }) => connector))].sort();
  }

  /** Those of one connector, sorted by their keys. */
  of(connector: string): StoredSourceOffset[] {
    const own = [...this.#all()].filter((entry) => entry.connector === connector);
    return own.sort((one, other) => Buffer.compare(one.key, other.key));
  }

  /** What is kept for a source partition, in whatever order its properties are. */
  find(connector: string, partition: SourcePartition): StoredSourceOffset | undefined {
    const places = this.#kept.get(idOf(connector, partition));
    return places === undefined ? undefined : newestOf(places);
  }

  *#all(): Iterable<StoredSourceOffset> {
    for (const places of this.#kept.values()) yield newestOf(places);
  }
}

function newestOf(places: ReadonlyMap<string, Kept>): StoredSourceOffset {
  const all = [...places.values()];
  return { ...all.reduce((one, other) => (isNewer(other, one) ? other : one)), places: all };
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

/** Equal for equal source partitions, in whatever order their properties were written. */
function idOf(connector: string, partition: SourcePartition): string {
  return JSON.stringify([connector, Object.entries(partition).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

import type { OffsetReader, SourceOffset, SourcePartition } from '../plugin/index.ts';
import { decodeOffsetKey, decodeOffsetValue } from './offset-codec.ts';

interface Entry {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
}

/** The offsets of one connector, the last of each source partition. */
export class CommittedOffsets implements OffsetReader {
  readonly #connector: string;
  readonly #entries = new Map<string, Entry>();

  constructor(connector: string) {
    this.#connector = connector;
  }

  /** Takes a record of the offsets topic, in the order of its partition; those of other connectors are passed over. */
  apply(key: Buffer, value: Buffer | null): void {
    const decoded = decodeOffsetKey(key);
    if (decoded === null || decoded.connector !== this.#connector) return;
    const id = idOf(decoded.partition);
    const offset = value === null ? null : decodeOffsetValue(value);
    if (offset === null) this.#entries.delete(id);
    else this.#entries.set(id, { partition: decoded.partition, offset });
  }

  offset(partition: SourcePartition): SourceOffset | undefined {
    return this.#entries.get(idOf(partition))?.offset;
  }

  *find(properties: SourcePartition): Iterable<Entry> {
    for (const entry of this.#entries.values()) {
      if (Object.entries(properties).every(([name, value]) => entry.partition[name] === value)) yield entry;
    }
  }
}

/** Equal for equal source partitions, in whatever order their properties were written. */
function idOf(partition: SourcePartition): string {
  return JSON.stringify(Object.entries(partition).sort(([a], [b]) => (a < b ? -1 : 1)));
}

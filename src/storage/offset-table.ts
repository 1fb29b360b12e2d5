import type { SourceOffset, SourcePartition } from '../plugin/index.ts';
import { decodeOffsetKey, decodeOffsetValue } from './offset-codec.ts';

/** An offset with where it is in the topic: only a record of the same bytes in the same partition takes its place. */
export interface StoredSourceOffset {
  readonly connector: string;
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
  readonly key: Buffer;
  readonly topicPartition: number;
}

/** The offsets of all connectors in a topic, the last of each key. */
export class OffsetTable {
  readonly #entries = new Map<string, StoredSourceOffset>();

  /** Takes a record of the topic, in the order of its partition; what is no offset is passed over. */
  apply(record: {
    readonly partition: number;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
  }): void {
    const decoded = record.key === null ? null : decodeOffsetKey(record.key);
    if (record.key === null || decoded === null) return;
    const id = record.key.toString('latin1');
    const offset = record.value === null ? null : decodeOffsetValue(record.value);
    if (offset === null) this.#entries.delete(id);
    else {
      const key = Buffer.from(record.key);
      this.#entries.set(id, { ...decoded, offset, key, topicPartition: record.partition });
    }
  }

  /** Names, sorted. */
  connectors(): string[] {
    return [...new Set([...this.#entries.values()].map(({ connector }) => connector))].sort();
  }

  /** Those of one connector, sorted by their keys. */
  of(connector: string): StoredSourceOffset[] {
    const own = [...this.#entries.values()].filter((entry) => entry.connector === connector);
    return own.sort((one, other) => Buffer.compare(one.key, other.key));
  }
}

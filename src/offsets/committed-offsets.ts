import { HeadraceError } from '../errors.ts';
import type { OffsetReader, SourceOffset, SourcePartition } from '../plugin/index.ts';
import { encodeOffsetKey } from './offset-codec.ts';
import { OffsetTable, type OffsetTopicRecord, type StoredSourceOffset } from './offset-table.ts';

/** The offsets of one connector, the newest of each source partition. */
export class CommittedOffsets implements OffsetReader {
  readonly #connector: string;
  readonly #table: OffsetTable;

  constructor(connector: string) {
    this.#connector = connector;
    this.#table = new OffsetTable(connector);
  }

  /** Takes a record of the offsets topic, in the order of its partition; those of other connectors are passed over. */
  apply(key: Buffer, value: Buffer | null, record: Partial<OffsetTopicRecord> = {}): void {
    this.#table.apply({ partition: 0, ...record, key, value });
  }

  /** Of the next record to write. */
  nextVersion(): number {
    return this.#table.nextVersion();
  }

  /** The partitions of the topic in which a tombstone must be written. */
  partitionsOf(partition: SourcePartition): readonly number[] {
    const places = this.#table.find(this.#connector, partition)?.places ?? [];
    return places.map(({ topicPartition }) => topicPartition);
  }

  /** @throws HeadraceError SOURCE_UNREADABLE when what is stored is no JSON object */
  offset(partition: SourcePartition): SourceOffset | undefined {
    const offset = this.#table.find(this.#connector, partition)?.offset;
    if (offset?.unreadable === undefined) return offset;
    throw new HeadraceError(
      'SOURCE_UNREADABLE',
      `the stored offset of ${encodeOffsetKey(this.#connector, partition)} is ${JSON.stringify(offset.unreadable)}, not ` +
        `a JSON object; forget it: headrace offsets reset ${this.#connector}`,
      { retriable: false },
    );
  }

  *find(properties: SourcePartition): Iterable<StoredSourceOffset> {
    for (const entry of this.#table.of(this.#connector)) {
      if (Object.entries(properties).every(([name, value]) => entry.partition[name] === value)) yield entry;
    }
  }
}

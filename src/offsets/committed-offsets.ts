import { HeadraceError } from '../errors.ts';
import type { OffsetReader, SourceOffset, SourcePartition } from '../plugin/index.ts';
import { decodeOffsetKey, encodeOffsetKey, versionHeaders } from './offset-codec.ts';
import { OffsetTable, type OffsetTopicRecord, type StoredSourceOffset } from './offset-table.ts';

/** A record that takes an offset away. */
export interface Tombstone {
  readonly key: Buffer;
  readonly value: null;
  readonly partition: number;
  readonly headers: [name: string, value: Buffer][];
}

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

  /** There are none. */
  get isEmpty(): boolean {
    return this.#table.isEmpty;
  }

  /** Of the next record to write. */
  nextVersion(): number {
    return this.#table.nextVersion();
  }

  /**
   * Takes what a task has written to the topic, in its order.
   *
   * @returns the files of which nothing is known any more
   */
  commit(records: readonly (OffsetTopicRecord & { readonly key: Buffer })[]): string[] {
    const forgotten = new Set<string>();
    for (const record of records) {
      this.#table.apply(record);
      const file = record.value === null ? decodeOffsetKey(record.key)?.partition.file : undefined;
      if (typeof file === 'string') forgotten.add(file);
    }
    return [...forgotten].filter((file) => this.#table.ofFile(this.#connector, file).length === 0);
  }

  /** What to write so that nothing of a source partition is known, wherever the topic keeps something. */
  tombstonesOf(partition: SourcePartition): Tombstone[] {
    const places = this.#table.find(this.#connector, partition)?.places ?? [];
    return places.map(({ key, topicPartition }) => ({
      key,
      value: null,
      partition: topicPartition,
      headers: versionHeaders(this.nextVersion()),
    }));
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
    const { file } = properties;
    const wanted = Object.entries(properties);
    const entries = typeof file === 'string' ? this.#table.ofFile(this.#connector, file) : this.#table.all();
    for (const entry of entries) {
      if (wanted.length === 0) yield entry;
      else {
        const { partition } = entry;
        if (wanted.every(([name, value]) => partition[name] === value)) yield entry;
      }
    }
  }
}

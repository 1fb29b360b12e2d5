import { WORD_BYTES } from '../../kernels/lib/sizes.ts';
import { type BatchRecord, RecordBatchBuilder } from '../kafka/records/record-batch.ts';
import type { SourceFile } from '../plugin/index.ts';
import { allocate, allocateFor, wordsOf } from '../rows/index.ts';
import type { TopicInfo } from './topic-directory.ts';

/** One record batch and where it goes. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly batch: RecordBatchBuilder;
  /** The rows that its records are of, as far as they were noted. */
  readonly origins: RowPlace[];
}

/** A row, among all files. */
export interface RowPlace {
  readonly file: SourceFile;
  readonly row: number;
}

/** Batches grow to this size, in bytes, where the topic allows it: large enough to be cheap, small enough to overlap. */
export const BATCH_LIMIT_BYTES = 512 * 1024;

/** The batches of a topic that are being filled, by partition. */
interface Filling {
  readonly batches: (PartitionBatch | undefined)[];
  /** Where kernels find each batch's state; 0 for none. */
  readonly addresses: Uint32Array;
}

/** The records on their way to Kafka, a batch being filled for each partition. */
export class PartitionBuffers {
  readonly #filling = new Map<string, Filling>();
  readonly #spare: RecordBatchBuilder[] = [];
  #full: PartitionBatch[] = [];

  /** Adds a record of `size` bytes at most to its partition's batch. */
  append(topic: TopicInfo, partition: number, record: BatchRecord, size: number): void {
    this.batchFor(topic, partition, size).append(record);
  }

  /** The batch of a partition, with room for a record of `size` bytes at most. */
  batchFor(topic: TopicInfo, partition: number, size: number): RecordBatchBuilder {
    const { batches, addresses } = this.#fillingOf(topic);
    let open = batches[partition];
    const limit = Math.min(BATCH_LIMIT_BYTES, topic.maxMessageBytes);
    if (open !== undefined && open.batch.count > 0 && open.batch.estimatedSize + size > limit) {
      this.#full.push(open);
      open = undefined;
    }
    if (open === undefined) {
      const batch = this.#spare.pop() ?? new RecordBatchBuilder(BATCH_LIMIT_BYTES, allocate);
      open = { topic: topic.name, partition, batch, origins: [] };
      batches[partition] = open;
      addresses[partition] = batch.address;
    }
    return open.batch;
  }

  /** Notes which row the next record of a partition's batch is of. */
  note(topic: TopicInfo, partition: number, place: RowPlace): void {
    const open = this.#fillingOf(topic).batches[partition];
    if (open !== undefined) open.origins[open.batch.count] = place;
  }

  /** Ends the batches that are being filled: the next records begin others. */
  cut(): void {
    this.#full = this.takeAll();
  }

  /** The state of each partition's batch, where kernels find it; 0 where there is none to add to. */
  addresses(topic: TopicInfo): Uint32Array {
    return this.#fillingOf(topic).addresses;
  }

  /** Bytes of all batches that are not taken yet. */
  get bytes(): number {
    let bytes = 0;
    const add = (one: PartitionBatch | undefined) => {
      if (one !== undefined) bytes += one.batch.estimatedSize;
    };
    this.#full.forEach(add);
    for (const { batches } of this.#filling.values()) batches.forEach(add);
    return bytes;
  }

  /** The batches that are full, in the order in which they filled. */
  takeFull(): PartitionBatch[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** Every batch that holds a record. */
  takeAll(): PartitionBatch[] {
    const all = this.takeFull();
    for (const { batches, addresses } of this.#filling.values()) {
      for (const open of batches) if (open !== undefined) all.push(open);
      batches.length = 0;
      addresses.fill(0);
    }
    return all;
  }

  /** Gives the memory of acknowledged batches back. */
  release(batches: readonly PartitionBatch[]): void {
    for (const { batch } of batches) {
      batch.reset();
      this.#spare.push(batch);
    }
  }

  #fillingOf({ name, partitions }: TopicInfo): Filling {
    let filling = this.#filling.get(name);
    if (filling === undefined || filling.addresses.length < partitions) {
      for (const open of filling?.batches ?? []) if (open !== undefined) this.#full.push(open);
      const batches: (PartitionBatch | undefined)[] = [];
      const addresses = wordsOf(allocateFor(batches, WORD_BYTES * partitions));
      filling = { batches, addresses: addresses.fill(0) };
      this.#filling.set(name, filling);
    }
    return filling;
  }
}

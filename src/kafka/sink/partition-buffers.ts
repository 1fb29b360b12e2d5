import { type BatchRecord, RecordBatchBuilder } from '../record-batch.ts';
import type { TopicInfo } from './topic-directory.ts';

/** One record batch and where it goes. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly batch: RecordBatchBuilder;
}

/** Batches grow to this size, in bytes, where the topic allows it: large enough to be cheap, small enough to overlap. */
const TARGET_BATCH_BYTES = 512 * 1024;

/** The records on their way to Kafka, a batch being filled for each partition. */
export class PartitionBuffers {
  readonly #filling = new Map<string, (PartitionBatch | undefined)[]>();
  readonly #spare: RecordBatchBuilder[] = [];
  #full: PartitionBatch[] = [];

  /** Adds a record of `size` bytes at most to its partition's batch. */
  append(topic: TopicInfo, partition: number, record: BatchRecord, size: number): void {
    this.batchFor(topic, partition, size).append(record);
  }

  /** The batch of a partition, with room for a record of `size` bytes at most. */
  batchFor(topic: TopicInfo, partition: number, size: number): RecordBatchBuilder {
    let batches = this.#filling.get(topic.name);
    if (batches === undefined) {
      batches = [];
      this.#filling.set(topic.name, batches);
    }
    let open = batches[partition];
    const limit = Math.min(TARGET_BATCH_BYTES, topic.maxMessageBytes);
    if (open !== undefined && open.batch.count > 0 && open.batch.estimatedSize + size > limit) {
      this.#full.push(open);
      open = undefined;
    }
    if (open === undefined) {
      open = {
        topic: topic.name,
        partition,
        batch: this.#spare.pop() ?? new RecordBatchBuilder(TARGET_BATCH_BYTES),
      };
      batches[partition] = open;
    }
    return open.batch;
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
    for (const batches of this.#filling.values()) {
      for (const open of batches) if (open !== undefined) all.push(open);
    }
    this.#filling.clear();
    return all;
  }

  /** Gives the memory of acknowledged batches back. */
  release(batches: readonly PartitionBatch[]): void {
    for (const { batch } of batches) {
      batch.reset();
      this.#spare.push(batch);
    }
  }
}

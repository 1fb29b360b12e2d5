import { BATCH_OVERHEAD } from '../kafka/records/batch-header.ts';
import { partitionForKey } from '../kafka/records/partitioner.ts';
import type { Rejection } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { type DeadLetterOrigin, deadLetterRecord } from './dead-letter-record.ts';
import type { LetterContent } from './letter-content.ts';
import type { PartitionBuffers } from './partition-buffers.ts';
import type { TopicInfo } from './topic-directory.ts';

/** A dead-letter queue that is a file. */
export interface DeadLetterFile {
  append(batch: RowBatch, index: number, rejection: Rejection): void;
  /** What was appended since it was called last. */
  take(): readonly Buffer[];
  /** Puts it on the disk, and tells the open transaction how long the file is then. */
  flush(taken: readonly Buffer[]): Promise<void>;
}

/** What the deltas of time and offset may take more in a batch of many records. */
const DELTAS_BYTES = 16;

/** Where rejected rows go: a topic in the same transaction, a file, or both. */
export class DeadLetters {
  readonly #topic: () => TopicInfo | null;
  readonly #file: DeadLetterFile | null;
  readonly #buffers: PartitionBuffers;
  readonly #origin: DeadLetterOrigin;
  readonly #content: LetterContent;

  constructor(
    topic: () => TopicInfo | null,
    file: DeadLetterFile | null,
    buffers: PartitionBuffers,
    origin: DeadLetterOrigin,
    content: LetterContent,
  ) {
    this.#topic = topic;
    this.#file = file;
    this.#buffers = buffers;
    this.#origin = origin;
    this.#content = content;
  }

  add(batch: RowBatch, index: number, rejection: Rejection, now: number): void {
    this.#file?.append(batch, index, rejection);
    const topic = this.#topic();
    if (topic === null) return;
    const partition = partitionForKey(Buffer.from(batch.file.path), topic.partitions);
    const record = deadLetterRecord(
      batch,
      index,
      rejection,
      this.#content,
      this.#origin,
      now,
      topic.maxMessageBytes - BATCH_OVERHEAD,
    );
    this.#buffers.append(topic, partition, record, record.size + DELTAS_BYTES);
  }
}

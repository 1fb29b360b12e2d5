import { partitionForKey } from '../kafka/records/partitioner.ts';
import type { FileEntry } from './file-ledger.ts';
import type { PartitionBuffers } from './partition-buffers.ts';
import type { TopicDirectory } from './topic-directory.ts';

/** Of a record, with its headers and what stands before it in its batch. */
const OVERHEAD = 128;

/** The topic in which the ends of files are told, already resolved, and who knows it. */
export interface FileEnds {
  readonly name: string;
  readonly topics: TopicDirectory;
  /** What is told of a file. */
  readonly record: (entry: FileEntry) => { readonly key: Buffer; readonly value: Buffer };
}

/** Adds a record for each of the files that ends with this transaction. */
export function appendEnds(
  { name, topics, record }: FileEnds,
  files: readonly FileEntry[],
  buffers: PartitionBuffers,
  timestamp: number,
): void {
  const topic = topics.known(name);
  if (topic === undefined) throw new Error(`the topic ${name} is not resolved`);
  for (const entry of files) {
    if (!entry.progress.eof) continue;
    const { key, value } = record(entry);
    const partition = partitionForKey(key, topic.partitions);
    buffers.append(
      topic,
      partition,
      { key, value, timestamp, headers: [] },
      key.length + value.length + OVERHEAD,
    );
  }
}

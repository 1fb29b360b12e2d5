import type { WorkerConfig } from '../../config/worker-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { readCommitted } from '../../kafka/reader/topic-reader.ts';
import { decodeFileKey, decodeFileStatus } from '../../offsets/file-status.ts';
import { decodeOffsetKey, decodeOffsetValue } from '../../offsets/offset-codec.ts';
import { FileTable } from './file-table.ts';

export interface RecallOptions {
  readonly isWanted: (connector: string) => boolean;
  /** Of each connector; all of them when not given. */
  readonly mostFiles?: number;
}

/**
 * The files of connectors as Kafka knows them: what was told of their states, and where that is behind, their offsets.
 *
 * @throws HeadraceError KAFKA_UNAVAILABLE or KAFKA_DENIED
 */
export async function recallFiles(
  client: KafkaClient,
  worker: WorkerConfig,
  { isWanted, mostFiles = Number.POSITIVE_INFINITY }: RecallOptions,
): Promise<FileTable> {
  const table = new FileTable({ mostFiles });
  await readCommitted(client, worker.fileStatusStorageTopic, ({ key, value }) => {
    const of = key === null ? null : decodeFileKey(key);
    if (of === null || !isWanted(of.connector)) return;
    const status = value === null ? null : decodeFileStatus(of.file, value);
    if (status === null) table.forget(of.connector, of.file);
    else table.restore(of.connector, status);
  });
  await readCommitted(client, worker.offsetStorageTopic, ({ key, value, timestamp }) => {
    const of = key === null ? null : decodeOffsetKey(key);
    if (of === null || !isWanted(of.connector)) return;
    const { file, generation } = of.partition;
    if (typeof file !== 'string' || typeof generation !== 'string') return;
    const offset = value === null ? null : decodeOffsetValue(value);
    if (offset !== null) table.restoreOffset(of.connector, file, { generation, offset, timestamp });
    else table.forgetGeneration(of.connector, file, generation);
  });
  return table;
}

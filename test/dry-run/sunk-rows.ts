import type { ConnectorConfig } from '../../src/config/connector-config.ts';
import { settingsFor } from '../../src/config/define/topic-creation.ts';
import { sourceFile } from '../../src/dry-run/data-file.ts';
import { batchesOf, contextOf } from '../../src/dry-run/offline-parts.ts';
import { readBatches } from '../../src/kafka/records/record-batch-reader.ts';
import { recordRules } from '../../src/kafka/records/record-rules.ts';
import type { Rejection } from '../../src/plugin/index.ts';
import type { RowBatch } from '../../src/rows/index.ts';
import { createConverter, createStages } from '../../src/runtime/task/task-plugins.ts';
import { BatchEncoder } from '../../src/sink/batch-encoder.ts';
import { DeadLetters } from '../../src/sink/dead-letters.ts';
import { type PartitionBatch, PartitionBuffers } from '../../src/sink/partition-buffers.ts';
import { RecordTimes } from '../../src/sink/record-times.ts';
import { RowHeaders } from '../../src/sink/row-headers.ts';
import { RowWalk } from '../../src/sink/row-walk.ts';
import { Tally } from '../../src/sink/tally.ts';
import { TopicDirectory, type TopicInfo } from '../../src/sink/topic-directory.ts';
import { SEAL } from '../sink/seal.ts';

interface SunkRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  /** As `name=value`. */
  readonly headers: readonly string[];
}

/** What the sink makes of a row: its records in some order that is always the same, why it is rejected, or null. */
export type Sunk = readonly SunkRecord[] | Rejection | null;

/** The rows of a text as the sink takes them, with topics as the feed would make them. */
export async function sunkRows(config: ConnectorConfig, text: string): Promise<Sunk[]> {
  const context = contextOf(config.name);
  const key = await createConverter(config.keyConverter, 'key', context);
  const value = await createConverter(config.valueConverter, 'value', context);
  const buffers = new PartitionBuffers();
  const times = new RecordTimes(config.expiredTimestamps, () => {});
  const encoder = new BatchEncoder(
    key,
    value,
    directoryOf(config),
    buffers,
    times,
    new RowHeaders(config.headersSource),
  );
  const rows: Sunk[] = [];
  for await (const batch of await batchesOf(config, [chunkOf(text)])) {
    if (batch instanceof Error) throw batch;
    for (const stage of await createStages(config, context)) await stage.run(batch);
    rows.push(...(await walked(batch, encoder, buffers)));
  }
  return rows;
}

async function walked(batch: RowBatch, encoder: BatchEncoder, buffers: PartitionBuffers): Promise<Sunk[]> {
  const origin = { connector: 'feed', task: 0 };
  const letters = new DeadLetters(() => null, null, buffers, origin, 'none');
  const policy = { admit() {}, admitFile() {} };
  const walk = new RowWalk(batch, { rows: 0, rejected: 0 }, null, Date.now());
  while (!walk.run(batch.rowCount, encoder, policy, letters, new Tally())) await walk.prepare(encoder);
  const sent = Map.groupBy(buffers.takeAll().flatMap(recordsOf), ({ headers }) => headers[3]);
  return Array.from({ length: batch.rowCount }, (_, index) => {
    const records = sent.get(`file.row=${batch.rowNumber(index)}`);
    return batch.rejections.get(index) ?? records?.sort(byText) ?? null;
  });
}

function byText(one: SunkRecord, other: SunkRecord): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

function recordsOf({ topic, partition, batch }: PartitionBatch): SunkRecord[] {
  const records = readBatches(batch.seal(SEAL)).flatMap((read) => read.records());
  return records.map(({ key, value, headers }) => ({
    ...{ topic, partition, key: key?.toString() ?? null, value: value?.toString() ?? null },
    headers: headers.map(([name, header]) => `${name}=${header}`),
  }));
}

function directoryOf({ topicCreation, internalTopics }: ConnectorConfig): TopicDirectory {
  const infoOf = (name: string): TopicInfo => {
    const { partitions, config } = settingsFor(name, topicCreation);
    return {
      name,
      partitions: Math.max(1, partitions),
      maxMessageBytes: Number(config['max.message.bytes'] ?? 1_048_588),
      rules: recordRules(new Map(Object.entries(config))),
    };
  };
  const describe = async (names: readonly string[]) => new Map(names.map((name) => [name, infoOf(name)]));
  return new TopicDirectory({ describe, create: async () => {} }, true, false, internalTopics);
}

function chunkOf(text: string) {
  return { file: sourceFile('drop/rows.csv', null), bytes: Buffer.from(text), eof: true };
}

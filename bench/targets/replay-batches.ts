/**
 * `replay-batches.ts BOOTSTRAP TOPIC FILE ROWS COMPRESSION`: seals record batches of the file's first lines, key and value
 * with a tab between, then sends these until so many rows, or a few more, are written.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createKafkaClient } from '../../src/kafka/connection/client.ts';
import type { KafkaConnection } from '../../src/kafka/connection/connection.ts';
import { type SealedBatch, verifyProduced } from '../../src/kafka/producer/produce-check.ts';
import { PRODUCE } from '../../src/kafka/protocol/produce.ts';
import { type CompressionCodec, prepareCodec } from '../../src/kafka/records/compression.ts';
import { partitionForKey } from '../../src/kafka/records/partitioner.ts';
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch.ts';
import { PARTITIONS } from '../topics.ts';

/** As Headrace's sink has it. */
const BATCH_BYTES = 512 * 1024;
const SENDS_IN_FLIGHT = 5;
/** Batches of each partition that are used in turn, where keys are shared out evenly: enough that no cache holds them all. */
const ROUNDS = 8;
const TIMEOUT_MS = 30_000;
/** A producer that is neither idempotent nor in a transaction. */
const NOBODY = { producerId: -1n, producerEpoch: -1, baseSequence: -1, transactional: false };

/** Sends of at most one batch for each partition. */
async function sealedSends(topic: string, path: string, compression: CompressionCodec) {
  prepareCodec(compression);
  const filling = Array.from({ length: PARTITIONS }, () => new RecordBatchBuilder(BATCH_BYTES));
  const sealed: SealedBatch[][] = filling.map(() => []);
  let count = 0;
  const seal = (batch: RecordBatchBuilder, partition: number) => {
    const bytes = Buffer.from(batch.seal({ ...NOBODY, compression }));
    sealed[partition]?.push({ topic, partition, bytes, count: batch.count });
    batch.reset();
    count++;
  };
  const input = createReadStream(path);
  for await (const line of createInterface({ input })) {
    const tab = line.indexOf('\t');
    const key = Buffer.from(line.slice(0, tab));
    const partition = partitionForKey(key, PARTITIONS);
    const batch = filling[partition] as RecordBatchBuilder;
    batch.append({ key, value: Buffer.from(line.slice(tab + 1)), timestamp: Date.now() });
    if (batch.estimatedSize >= BATCH_BYTES) seal(batch, partition);
    if (count >= ROUNDS * PARTITIONS) break;
  }
  // It would be read on to its end beside the sending.
  input.destroy();
  filling.forEach((batch, partition) => {
    if (batch.count > 0) seal(batch, partition);
  });
  const rounds = Math.max(...sealed.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => sealed.flatMap((of) => of[round] ?? []));
}

async function replay(connection: KafkaConnection, sends: readonly SealedBatch[][], rows: number) {
  const inFlight = new Set<Promise<unknown>>();
  const doing = 'Writing sealed batches';
  for (let sent = 0, turn = 0; sent < rows; turn++) {
    const batches = sends[turn % sends.length] as SealedBatch[];
    while (inFlight.size >= SENDS_IN_FLIGHT) await Promise.race(inFlight);
    const leader = await connection.leaderOf(batches[0] as SealedBatch);
    const request = { transactionalId: null, timeoutMs: TIMEOUT_MS, batches };
    const answered = connection
      .call(leader, PRODUCE, request, doing)
      .then((answer) => verifyProduced(batches, answer))
      .finally(() => inFlight.delete(answered));
    inFlight.add(answered);
    sent += batches.reduce((sum, { count }) => sum + count, 0);
  }
  await Promise.all(inFlight);
}

const [bootstrapServers = '', topic = '', path = '', rows = '', compression = 'none'] = process.argv.slice(2);
const sends = await sealedSends(topic, path, compression as CompressionCodec);
const client = createKafkaClient(
  {
    bootstrapServers,
    clientId: 'headrace-bench',
    connectionTimeoutMs: TIMEOUT_MS,
    requestTimeoutMs: TIMEOUT_MS,
  },
  () => {},
);
const connection = await client.connect();
await connection.leaders(topic);
const startedAt = performance.now();
const before = process.cpuUsage();
await replay(connection, sends, Number(rows));
const loadMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(before);
await connection.close();
process.stdout.write(JSON.stringify({ loadMs, cpuMs: (user + system) / 1000 }));

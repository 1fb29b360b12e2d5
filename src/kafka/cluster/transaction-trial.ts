import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn } from '../connection/errors.ts';
import { TransactionalProducer } from '../producer/transactional-producer.ts';
import { FETCH } from '../protocol/fetch.ts';
import { RecordBatchBuilder } from '../records/record-batch.ts';
import { readBatches } from '../records/record-batch-reader.ts';

const TIMEOUT_MS = 10_000;
const TRIES = 20;

/** What came of a transaction that was begun and aborted. */
export interface TransactionTrial {
  /** How far the broker's clock is ahead of ours, in milliseconds; null when its marker was not found. */
  readonly clockAheadMs: number | null;
}

/**
 * Goes through a transaction as a task does, and aborts it: no reader of committed records sees anything of it. The
 * marker at its end is written by the broker, with the time of the broker's clock.
 *
 * @throws HeadraceError of the producer, such as KAFKA_DENIED
 */
export async function tryTransaction(
  client: KafkaClient,
  transactionalId: string,
  topic: string,
): Promise<TransactionTrial> {
  const producer = await TransactionalProducer.start(client, {
    transactionalId,
    transactionTimeoutMs: TIMEOUT_MS,
    startTimeoutMs: TIMEOUT_MS,
  });
  try {
    const batch = new RecordBatchBuilder();
    batch.append({ key: Buffer.from(`["${transactionalId}",{}]`), value: null, timestamp: Date.now() });
    producer.begin();
    const [written] = await producer.send([{ topic, partition: 0, batch }]);
    await producer.abort();
    const now = Date.now();
    const time = await client.withConnection((connection) =>
      markerTime(connection, topic, (written?.baseOffset ?? 0n) + 1n),
    );
    return { clockAheadMs: time === null ? null : time - now };
  } finally {
    await producer.close();
  }
}

/** The time of the first marker from an offset on; brokers write it a little after they answer. */
async function markerTime(
  connection: KafkaConnection,
  topic: string,
  offset: bigint,
): Promise<number | null> {
  const doing = `Reading topic "${topic}", partition 0`;
  const place = { topic, partition: 0 };
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const leader = await connection.leaderOf(place);
    const request = {
      partitions: [{ ...place, offset }],
      maxWaitMs: 100,
      maxBytes: 65_536,
      maxPartitionBytes: 65_536,
    };
    const { partitions } = await connection.call(leader, FETCH, request, doing);
    failOn(partitions[0]?.errorCode ?? 0, doing);
    for (const batch of readBatches(partitions[0]?.records ?? Buffer.alloc(0))) {
      if (batch.marker !== null) return batch.records()[0]?.timestamp ?? null;
    }
  }
  return null;
}

import type { KafkaClient } from '../connection/client.ts';
import type { TransactionProtocol } from '../producer/transaction-protocol.ts';
import { TransactionalProducer } from '../producer/transactional-producer.ts';
import { fetchPieces } from '../reader/fetch-loop.ts';
import { NO_END } from '../reader/spans.ts';
import { RecordBatchBuilder } from '../records/record-batch.ts';

const TIMEOUT_MS = 10_000;
/** Of fetches that wait a quarter of a second each. */
const TRIES = 8;

/** What came of a transaction that was begun and aborted. */
export interface TransactionTrial {
  /** How far the broker's clock is ahead of ours, in milliseconds; null when its marker was not found. */
  readonly clockAheadMs: number | null;
  /** Which requests it was made of. */
  readonly protocol: TransactionProtocol['name'];
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
    const time = await markerTime(client, topic, (written?.baseOffset ?? 0n) + 1n);
    return { clockAheadMs: time === null ? null : time - now, protocol: producer.protocol };
  } finally {
    await producer.close();
  }
}

/** The time of the first marker from an offset on; brokers write it a little after they answer. */
function markerTime(client: KafkaClient, topic: string, offset: bigint): Promise<number | null> {
  const span = { topic, partition: 0, offset, end: NO_END };
  return client.withConnection(async (connection) => {
    let tries = 0;
    const options = { timeoutMs: TIMEOUT_MS, log: client.log };
    for await (const { batches } of fetchPieces(connection, [span], options)) {
      const marker = batches.find((batch) => batch.marker !== null);
      if (marker !== undefined) return marker.records()[0]?.timestamp ?? null;
      if (++tries === TRIES) return null;
    }
    return null;
  });
}

import type { KafkaConnection } from '../connection/connection.ts';
import { protocolError } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import { type Api, partitionKey } from '../protocol/api.ts';
import { isError, PROTOCOL_ERRORS } from '../protocol/error-codes.ts';
import type { ProducedBatch, ProduceRequest, ProduceResponse } from '../protocol/produce.ts';
import { afterEarlierCommit } from './earlier-commit.ts';
import type { ProducerFigures } from './producer-figures.ts';

/**
 * One Produce request, written before this returns. Batches that cannot join their transaction yet are sent again, as they
 * are, until the end of the transaction before is written.
 */
export async function produceBatches(
  connection: KafkaConnection,
  leader: BrokerLink,
  api: Api<ProduceRequest, ProduceResponse>,
  request: ProduceRequest,
  figures: ProducerFigures,
): Promise<ProduceResponse> {
  const doing = `Writing to broker ${leader.host}:${leader.port}`;
  const partitions: ProducedBatch[] = [];
  let { batches } = request;
  let throttleMs = 0;
  await afterEarlierCommit(connection.requestTimeoutMs, figures, async () => {
    const answer = await connection.call(leader, api, { ...request, batches }, doing);
    throttleMs = Math.max(throttleMs, answer.throttleMs);
    const early = answer.partitions.filter(({ errorCode }) => isError(errorCode, 'CONCURRENT_TRANSACTIONS'));
    partitions.push(...answer.partitions.filter((one) => !early.includes(one)));
    if (early.length === 0) return;
    const again = new Set(early.map(partitionKey));
    batches = batches.filter((batch) => again.has(partitionKey(batch)));
    throw protocolError(PROTOCOL_ERRORS.CONCURRENT_TRANSACTIONS.id, doing);
  });
  return { partitions, throttleMs };
}

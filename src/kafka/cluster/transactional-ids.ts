import type { KafkaClient } from '../connection/client.ts';
import { failOn } from '../connection/errors.ts';
import { type KnownTransactionalId, LIST_TRANSACTIONS } from '../protocol/list-transactions.ts';
import { askEachBroker } from './brokers.ts';

/** States in which something of a transaction is still to come. */
const OPEN_STATES: readonly string[] = ['Ongoing', 'PrepareCommit', 'PrepareAbort'];

export function isOpen({ state }: KnownTransactionalId): boolean {
  return OPEN_STATES.includes(state);
}

/** The transactional ids that a cluster knows; null when its brokers are too old to tell. */
export function transactionalIds(client: KafkaClient): Promise<readonly KnownTransactionalId[] | null> {
  return idsInStates(client, []);
}

/** Those whose producers have neither committed nor aborted what they write; null when brokers are too old to tell. */
export async function ongoingIds(client: KafkaClient): Promise<readonly string[] | null> {
  const known = await idsInStates(client, ['Ongoing']);
  return known?.map(({ id }) => id) ?? null;
}

async function idsInStates(
  client: KafkaClient,
  states: readonly string[],
): Promise<readonly KnownTransactionalId[] | null> {
  const answers = await askEachBroker(client, async (connection) => {
    const link = await connection.any();
    if (!link.serves(LIST_TRANSACTIONS)) return null;
    const doing = 'Listing transactional ids';
    const answer = await connection.call(link, LIST_TRANSACTIONS, states, doing);
    failOn(answer.errorCode, doing);
    return answer.ids;
  });
  return answers.some((ids) => ids === null) ? null : answers.flatMap((ids) => ids ?? []);
}

import type { KafkaClient } from '../connection/client.ts';
import { failOn } from '../connection/errors.ts';
import { defineApi } from '../protocol/api.ts';
import { askEachBroker } from './brokers.ts';
import { servedApis } from './served-apis.ts';

/** A transactional id that a cluster knows; ids that nobody has used for seven days are forgotten. */
export interface KnownTransactionalId {
  readonly id: string;
  /** Kafka's name of it: `Ongoing`, `CompleteCommit`, … */
  readonly state: string;
}

/** States in which something of a transaction is still to come. */
const OPEN_STATES: readonly string[] = ['Ongoing', 'PrepareCommit', 'PrepareAbort'];

export function isOpen({ state }: KnownTransactionalId): boolean {
  return OPEN_STATES.includes(state);
}

/**
 * ListTransactions v0 (KIP-664), of Apache Kafka 3.0 and later: each broker lists those that it coordinates, as far as
 * the principal may DESCRIBE them. There is no version of it without compact strings and tags.
 */
const LIST_TRANSACTIONS = defineApi<
  null,
  { readonly errorCode: number; readonly ids: readonly KnownTransactionalId[] }
>({
  name: 'ListTransactions',
  key: 66,
  version: 0,
  throttleAt: 1,
  write: (writer) => {
    writer.noTags(); // of the header
    // Without filters of state and producer_id these are all.
    writer
      .compactArray([], () => {})
      .compactArray([], () => {})
      .noTags();
  },
  read: (reader) => {
    reader.tags();
    reader.int32(); // throttle_time_ms
    const errorCode = reader.int16();
    reader.compactArray((r) => r.compactString()); // unknown_state_filters
    const ids = reader.compactArray((r) => {
      const id = r.compactString();
      r.int64(); // producer_id
      const state = r.compactString();
      r.tags();
      return { id, state };
    });
    return { errorCode, ids };
  },
});

/** The transactional ids that a cluster knows; null when its brokers are too old to tell. */
export async function transactionalIds(client: KafkaClient): Promise<readonly KnownTransactionalId[] | null> {
  const answers = await askEachBroker(client, async (connection) => {
    if (!(await servedApis(connection)).has(LIST_TRANSACTIONS.key)) return null;
    const doing = 'Listing transactional ids';
    const answer = await connection.call(await connection.any(), LIST_TRANSACTIONS, null, doing);
    failOn(answer.errorCode, doing);
    return answer.ids;
  });
  return answers.some((ids) => ids === null) ? null : answers.flatMap((ids) => ids ?? []);
}

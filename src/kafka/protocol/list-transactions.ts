import { defineApi } from './api.ts';

/** A transactional id that a cluster knows; ids that nobody has used for seven days are forgotten. */
export interface KnownTransactionalId {
  readonly id: string;
  /** Kafka's name of it: `Ongoing`, `CompleteCommit`, … */
  readonly state: string;
}

/**
 * Each broker lists those that it coordinates, as far as the principal may DESCRIBE them (KIP-664, Apache Kafka 3.0 and
 * later). It has flexible versions only.
 *
 * ```
 * ListTransactions Request (Version: 0) => [state_filters] [producer_id_filters] TAG_BUFFER
 *   state_filters => COMPACT_STRING
 *   producer_id_filters => INT64
 *
 * ListTransactions Response (Version: 0) => throttle_time_ms error_code [unknown_state_filters] [transaction_states]
 *     TAG_BUFFER
 *   throttle_time_ms => INT32
 *   error_code => INT16
 *   unknown_state_filters => COMPACT_STRING
 *   transaction_states => transactional_id producer_id transaction_state TAG_BUFFER
 *     transactional_id => COMPACT_STRING
 *     producer_id => INT64
 *     transaction_state => COMPACT_STRING
 * ```
 */
export const LIST_TRANSACTIONS = defineApi<
  readonly string[],
  { readonly errorCode: number; readonly ids: readonly KnownTransactionalId[] }
>({
  name: 'ListTransactions',
  key: 66,
  version: 0,
  throttleAt: 1,
  write: (writer, states) => {
    writer.noTags(); // of the header
    // Without filters of state and producer_id these are all.
    writer
      .compactArray(states, (w, state) => w.compactString(state))
      .compactArray([], () => {})
      .noTags();
  },
  read: (reader) => {
    reader.tags(); // of the header
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

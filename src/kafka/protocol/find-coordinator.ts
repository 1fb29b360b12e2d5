import { defineApi } from './api.ts';

/** Of a transactional id; of a group it would be 0. */
const TRANSACTION = 1;

/**
 * ```
 * FindCoordinator Request (Version: 1) => key key_type
 *   key => STRING
 *   key_type => INT8
 *
 * FindCoordinator Response (Version: 1) => throttle_time_ms error_code error_message node_id host port
 *   throttle_time_ms => INT32
 *   error_code => INT16
 *   error_message => NULLABLE_STRING
 *   node_id => INT32
 *   host => STRING
 *   port => INT32
 * ```
 */
export const FIND_TRANSACTION_COORDINATOR = defineApi<
  { readonly transactionalId: string },
  { readonly errorCode: number; readonly nodeId: number }
>({
  name: 'FindCoordinator',
  key: 10,
  version: 1,
  write: (writer, { transactionalId }) => {
    writer.string(transactionalId).int8(TRANSACTION);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    const errorCode = reader.int16();
    reader.nullableString(); // error_message
    return { errorCode, nodeId: reader.int32() };
  },
});

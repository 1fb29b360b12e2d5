import { defineApi } from './api.ts';

/** What a coordinator is of. */
const COORDINATED = { group: 0, transactionalId: 1 } as const;

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
export const FIND_COORDINATOR = defineApi<
  { readonly key: string; readonly of: keyof typeof COORDINATED },
  { readonly errorCode: number; readonly nodeId: number }
>({
  name: 'FindCoordinator',
  key: 10,
  version: 1,
  write: (writer, { key, of }) => {
    writer.string(key).int8(COORDINATED[of]);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    const errorCode = reader.int16();
    reader.nullableString(); // error_message
    return { errorCode, nodeId: reader.int32() };
  },
});

import type { KafkaConnection } from '../connection/connection.ts';
import { failOn } from '../connection/errors.ts';
import { API_VERSIONS, type ServedApi } from '../protocol/api-versions.ts';

/** What the broker at the other end serves, by the key of the call. */
export async function servedApis(connection: KafkaConnection): Promise<ReadonlyMap<number, ServedApi>> {
  const doing = 'Asking which calls the broker serves';
  const { errorCode, apis } = await connection.call(await connection.any(), API_VERSIONS, null, doing);
  failOn(errorCode, doing);
  return new Map(apis.map((api) => [api.key, api]));
}

import type { KafkaConnection } from '../connection/connection.ts';
import { failOn } from '../connection/errors.ts';
import { defineApi } from '../protocol/api.ts';

/** The versions of one call that a broker serves. */
export interface ServedApi {
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** ApiVersions v0, which every broker serves. */
const API_VERSIONS = defineApi<null, { readonly errorCode: number; readonly apis: readonly ServedApi[] }>({
  name: 'ApiVersions',
  key: 18,
  version: 0,
  throttleAt: null,
  write: () => {},
  read: (reader) => ({
    errorCode: reader.int16(),
    apis: reader.array((r) => ({ key: r.int16(), minVersion: r.int16(), maxVersion: r.int16() })),
  }),
});

/** What the broker at the other end serves, by the key of the call. */
export async function servedApis(connection: KafkaConnection): Promise<ReadonlyMap<number, ServedApi>> {
  const doing = 'Asking which calls the broker serves';
  const { errorCode, apis } = await connection.call(await connection.any(), API_VERSIONS, null, doing);
  failOn(errorCode, doing);
  return new Map(apis.map((api) => [api.key, api]));
}

import { defineApi } from './api.ts';

/** The versions of one call that a broker serves. */
export interface ServedApi {
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/**
 * In the version that every broker serves.
 *
 * ```
 * ApiVersions Request (Version: 0) =>
 *
 * ApiVersions Response (Version: 0) => error_code [api_keys]
 *   error_code => INT16
 *   api_keys => api_key min_version max_version
 *     api_key => INT16
 *     min_version => INT16
 *     max_version => INT16
 * ```
 */
export const API_VERSIONS = defineApi<
  null,
  { readonly errorCode: number; readonly apis: readonly ServedApi[] }
>({
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

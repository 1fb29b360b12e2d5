import type { Api } from './api.ts';
import { WireReader, WireWriter } from './wire.ts';

/** Of the software that asks, as brokers count their clients (KIP-511). */
const SOFTWARE = { name: 'headrace', version: '0' };
const FINALIZED_FEATURES = 2;

export interface ApiVersionsResponse {
  readonly errorCode: number;
  /** The level of each feature that the brokers of the cluster have agreed on (KIP-584); none before Apache Kafka 2.7. */
  readonly features: ReadonlyMap<string, number>;
  readonly throttleMs: number;
}

/**
 * Asked for the features of the cluster alone: which versions a broker serves is known since the connection stands. The
 * header of this answer never has tagged fields.
 *
 * ```
 * ApiVersions Request (Version: 3) => client_software_name client_software_version TAG_BUFFER
 *   client_software_name => COMPACT_STRING
 *   client_software_version => COMPACT_STRING
 *
 * ApiVersions Response (Version: 3) => error_code [api_keys] throttle_time_ms TAG_BUFFER
 *   error_code => INT16
 *   api_keys => api_key min_version max_version TAG_BUFFER
 *     api_key => INT16
 *     min_version => INT16
 *     max_version => INT16
 *   throttle_time_ms => INT32
 *   (tagged field 2) [finalized_features] => name max_version_level min_version_level TAG_BUFFER
 *     name => COMPACT_STRING
 *     max_version_level => INT16
 *     min_version_level => INT16
 * ```
 */
export const API_VERSIONS: Api<null, ApiVersionsResponse> = {
  name: 'ApiVersions',
  key: 18,
  version: 3,
  encode: () => {
    const writer = new WireWriter();
    writer.noTags(); // of the header
    writer.compactString(SOFTWARE.name).compactString(SOFTWARE.version).noTags();
    return [writer.take()];
  },
  decode: (payload) => read(new WireReader(payload)),
  throttleMs: (_, answer) => answer.throttleMs,
};

function read(reader: WireReader): ApiVersionsResponse {
  const errorCode = reader.int16();
  reader.compactArray((r) => {
    for (let field = 0; field < 3; field++) r.int16(); // api_key, min_version, max_version
    r.tags();
  });
  const throttleMs = reader.int32();
  const features = new Map<string, number>();
  reader.tags((tag, field) => {
    if (tag !== FINALIZED_FEATURES) return;
    field.compactArray((r) => {
      features.set(r.compactString(), r.int16());
      r.int16(); // min_version_level
      r.tags();
    });
  });
  return { errorCode, features, throttleMs };
}

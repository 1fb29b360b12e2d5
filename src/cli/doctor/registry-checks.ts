import type { ConnectorConfig } from '../../config/connector-config.ts';
import {
  type RegistryAccess,
  registryAccess,
  registryCertificateMessage,
} from '../../converters/registry/access.ts';
import { createRegistryApi } from '../../converters/registry/api.ts';
import type { RegistryOptions } from '../../converters/registry/options.ts';
import { attempt, type Check, failed, passed } from './check.ts';

const TIMEOUT_MS = 5_000;

/** The schema registries of a feed's converters. */
export async function* registryChecks(feed: ConnectorConfig, subject: string): AsyncGenerator<Check> {
  for (const side of ['key', 'value'] as const) {
    const { values } = side === 'key' ? feed.keyConverter : feed.valueConverter;
    const { schemaRegistryUrl } = values as Readonly<Record<string, unknown>>;
    if (!Array.isArray(schemaRegistryUrl)) continue;
    for (const url of schemaRegistryUrl) {
      yield await registryCheck(subject, side, String(url), values as unknown as RegistryOptions);
    }
  }
}

function registryCheck(
  subject: string,
  side: 'key' | 'value',
  url: string,
  options: RegistryOptions,
): Promise<Check> {
  const about = { subject, key: `${side}.converter.schema.registry.url` };
  return attempt(about, async () => {
    const { status, message, body, trouble } = await ask(
      url,
      registryAccess(options, side, () => {}),
    );
    if (trouble !== null) return failed(about, `${url} ${registryCertificateMessage(trouble)}`);
    if (status === null) {
      const outage = `${url} does not answer: ${message}; start the registry, or mend the address`;
      return { ...failed(about, outage), isOutage: true };
    }
    if (status === 401 || status === 403) {
      const isToken = options.bearerAuthToken !== null;
      const key = `${side}.converter.${isToken ? 'bearer.auth.token' : 'basic.auth.user.info'}`;
      const mend = isToken ? 'mend the token' : 'mend user and password';
      return failed({ subject, key }, `${url} refused the user (status ${status}); ${mend}`);
    }
    if (status >= 500) {
      return { ...failed(about, `${url} answers with status ${status}; its log says more`), isOutage: true };
    }
    if (status < 300 && Array.isArray(body)) return passed(about, `${url} answers`);
    return failed(
      about,
      `${url} is no schema registry; compare it with the registry's address, path included`,
    );
  });
}

function ask(url: string, access: RegistryAccess) {
  const api = createRegistryApi({ url, access, timeoutMs: TIMEOUT_MS });
  return api({ name: 'all', params: {} }, new AbortController().signal);
}

import type { ConnectorConfig } from '../../config/connector-config.ts';
import { messageOf } from '../../errors.ts';
import { attempt, type Check, failed, passed } from './check.ts';

const TIMEOUT_MS = 5_000;

/** The schema registries of a feed's converters. */
export async function* registryChecks(feed: ConnectorConfig, subject: string): AsyncGenerator<Check> {
  for (const side of ['key', 'value'] as const) {
    const { values } = side === 'key' ? feed.keyConverter : feed.valueConverter;
    const { schemaRegistryUrl, basicAuthUserInfo } = values as Readonly<Record<string, unknown>>;
    if (!Array.isArray(schemaRegistryUrl)) continue;
    const userInfo = typeof basicAuthUserInfo === 'string' ? basicAuthUserInfo : null;
    for (const url of schemaRegistryUrl) yield await registryCheck(subject, side, String(url), userInfo);
  }
}

function registryCheck(
  subject: string,
  side: 'key' | 'value',
  url: string,
  userInfo: string | null,
): Promise<Check> {
  const about = { subject, key: `${side}.converter.schema.registry.url` };
  return attempt(about, async () => {
    const answer = await ask(url, userInfo);
    if (answer instanceof Error) {
      const message = `${url} does not answer: ${reasonOf(answer)}; start the registry, or mend the address`;
      return { ...failed(about, message), isOutage: true };
    }
    if (answer.status === 401 || answer.status === 403) {
      const key = `${side}.converter.basic.auth.user.info`;
      return failed(
        { subject, key },
        `${url} refused the user (status ${answer.status}); mend user and password`,
      );
    }
    if (answer.status >= 500) {
      return {
        ...failed(about, `${url} answers with status ${answer.status}; its log says more`),
        isOutage: true,
      };
    }
    const subjects: unknown = answer.ok ? await answer.json().catch(() => null) : null;
    if (Array.isArray(subjects)) return passed(about, `${url} answers`);
    return failed(
      about,
      `${url} is no schema registry; compare it with the registry's address, path included`,
    );
  });
}

async function ask(url: string, userInfo: string | null): Promise<Response | Error> {
  const headers: Record<string, string> =
    userInfo === null ? {} : { authorization: `Basic ${Buffer.from(userInfo).toString('base64')}` };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return await fetch(`${url.replace(/\/+$/, '')}/subjects`, { headers, signal });
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}

/** `fetch` tells nothing but that it failed; what it is holds. */
function reasonOf(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || String((cause as NodeJS.ErrnoException).code);
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpServer } from '../../../scripts/stack/http-server.ts';
import { startRegistry } from '../../../scripts/stack/registry.ts';
import avro from '../../../src/converters/avro/index.ts';
import { registryAccess } from '../../../src/converters/registry/access.ts';
import { RegistryClient } from '../../../src/converters/registry/client.ts';
import { type RegistryOptions, registryProblems } from '../../../src/converters/registry/options.ts';
import { testContext } from '../../../src/testing/test-context.ts';
import { type Certificate, newAuthority } from '../../support/certificates.ts';
import type { SharedGuardedKafka } from '../../support/guarded-kafka.ts';
import { sharedServer, uniqueName } from '../../support/stack.ts';
import { DEFAULTS, listen, proxy, registryConverter } from './support.ts';

const SCHEMA = '{"type":"record","name":"Trade","fields":[{"name":"symbol","type":"string"}]}';
const TRADE = { name: 'Trade', fields: [{ name: 'symbol', type: 'string', optional: false }] } as const;
const PASSWORD = 'open:sesame';

let registry: HttpServer;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

interface ClientOptions {
  readonly waitMs?: number;
  readonly timeoutMs?: number;
  readonly userInfo?: string | null;
  readonly signal?: AbortSignal;
}

function clientOf(urls: readonly string[], options: ClientOptions = {}): RegistryClient {
  const { signal = new AbortController().signal, userInfo = null, ...rest } = options;
  const access = registryAccess({ ...DEFAULTS, basicAuthUserInfo: userInfo }, 'value', () => {});
  return new RegistryClient({ urls, access, context: { ...testContext(), signal }, ...rest });
}

async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown as Error & { code: string; retriable: boolean },
  );
  if (error === null) throw new Error('expected an error');
  return error;
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a registry that is away', () => {
  it('is waited for', async () => {
    let calls = 0;
    const late = await proxy(registry.url, () => (++calls < 3 ? 503 : null));
    const id = await clientOf([late.url]).register(uniqueName('s'), 'AVRO', SCHEMA);
    expect(id).toBeGreaterThan(0);
    expect(late.requests).toHaveLength(3);
    late.close();
  });

  it('is an error that trying again may mend, with what came of the address', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const error = await failure(clientOf([url], { waitMs: 150 }).register('s', 'AVRO', SCHEMA));
    expect(error).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retriable: true });
    expect(error.message).toContain(`${url}: connect ECONNREFUSED`);
    expect(error.message).toContain('schema.registry.url');
  });

  it('is also one that never answers, or hangs up in the middle', async () => {
    const silent = createServer(() => {});
    const silentUrl = `http://127.0.0.1:${await listen(silent)}`;
    const cut = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"id":', () => response.destroy());
    });
    const cutUrl = `http://127.0.0.1:${await listen(cut)}`;
    const options = { waitMs: 0, timeoutMs: 100 };
    for (const url of [silentUrl, cutUrl]) {
      const error = await failure(clientOf([url], options).latest('s'));
      expect(error.code).toBe('REGISTRY_UNAVAILABLE');
    }
    for (const server of [silent, cut]) {
      server.close();
      server.closeAllConnections();
    }
  });

  it('gives way to the next of several', async () => {
    const away = `http://127.0.0.1:${await closedPort()}`;
    const id = await clientOf([away, registry.url]).register(uniqueName('s'), 'AVRO', SCHEMA);
    expect(id).toBeGreaterThan(0);
  });

  it('holds nobody up who stops', async () => {
    const stop = new AbortController();
    const away = await proxy(registry.url, () => {
      stop.abort(new Error('the task stops'));
      return 503;
    });
    const error = await failure(clientOf([away.url], { signal: stop.signal }).latest('s'));
    expect(error.message).toBe('the task stops');
    away.close();
  });
});

describe('a registry that says no', () => {
  const basic = `Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`;
  it.each<[string, Partial<RegistryOptions>, string]>([
    ['the user of basic.auth.user.info', { basicAuthUserInfo: `me:${PASSWORD}` }, basic],
    ['the token of bearer.auth.token', { bearerAuthToken: 'sesame' }, 'Bearer sesame'],
  ])('lets in %s, and neither another one nor nobody', async (_, options, expected) => {
    const guarded = await proxy(registry.url, (authorization) => (authorization === expected ? null : 401));
    const prepare = async (access: Partial<RegistryOptions>) =>
      registryConverter(avro, guarded.url, access).prepare?.(uniqueName('trades'), TRADE);
    await prepare(options);
    const wrong = Object.keys(options).map((key) => [key, 'me:other']);
    for (const access of [Object.fromEntries(wrong), {}]) {
      const { code, message } = await failure(prepare(access));
      expect(code).toBe('SCHEMA_REFUSED');
      expect(message).toMatch(/set basic\.auth\.user\.info .*bearer\.auth\.token/);
      expect(message).not.toContain('me:other');
    }
    expect(guarded.requests).toHaveLength(3);
    guarded.close();
  });

  it.each([401, 403])('with %i is asked once, and the message tells no secret', async (status) => {
    const guarded = await proxy(registry.url, () => status);
    const client = clientOf([guarded.url], { userInfo: `me:${PASSWORD}` });
    const error = await failure(client.register('s', 'AVRO', SCHEMA));
    expect(error).toMatchObject({ code: 'SCHEMA_REFUSED', retriable: false });
    expect(error.message).toContain('set basic.auth.user.info');
    expect(error.message).not.toContain('sesame');
    expect(guarded.requests).toHaveLength(1);
    guarded.close();
  });

  it('in its own words, when it cannot read the schema', async () => {
    const error = await failure(clientOf([registry.url]).register('s', 'AVRO', '{"type":"what"}'));
    expect(error.code).toBe('SCHEMA_REFUSED');
    expect(error.message).toMatch(/^subject s: .* answered with status 422: \w/);
  });

  it('is no registry where the path is wrong, or the answer none of a registry', async () => {
    const { origin } = new URL(registry.url);
    const wrongPath = await failure(clientOf([`${origin}/nowhere`]).register('s', 'AVRO', SCHEMA));
    expect(wrongPath.message).toContain('is no schema registry');
    const web = createServer((_request, response) => response.end('<html>'));
    const error = await failure(
      clientOf([`http://127.0.0.1:${await listen(web)}`]).register('s', 'AVRO', SCHEMA),
    );
    expect(error.message).toContain('as no schema registry does');
    web.close();
    web.closeAllConnections();
  });
});

describe('a registry with https that asks for certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-registry-'));
  const authority = newAuthority('Registries');
  const stranger = newAuthority('Nobody knows me');
  const put = (name: string, { key, certificate }: Certificate) => {
    writeFileSync(join(folder, name), key + certificate);
    return join(folder, name);
  };
  const trusted = { schemaRegistrySslTruststoreLocation: put('ca.pem', authority) };
  const known = { ...trusted, schemaRegistrySslKeystoreLocation: put('me.pem', authority.issue('me')) };
  let guarded: Awaited<ReturnType<typeof proxy>>;
  let kafka: SharedGuardedKafka;
  beforeAll(async () => {
    kafka = await sharedServer('guardedKafka');
    const { key, certificate } = authority.issue('registry', ['127.0.0.1']);
    const asks = { requestCert: true, rejectUnauthorized: true };
    guarded = await proxy(registry.url, () => null, {
      key,
      cert: certificate,
      ca: authority.certificate,
      ...asks,
    });
  });
  afterAll(() => {
    guarded.close();
    rmSync(folder, { recursive: true });
  });
  const prepare = async (options: Partial<RegistryOptions>) => {
    await registryConverter(avro, guarded.url, options).prepare?.(uniqueName('trades'), TRADE);
  };

  it('lets in who has one, also when it was renewed', async () => {
    await prepare(known);
    const file = put('renewed.pem', stranger.issue('me'));
    const converter = registryConverter(avro, guarded.url, {
      ...trusted,
      schemaRegistrySslKeystoreLocation: file,
    });
    put('renewed.pem', authority.issue('me'));
    await converter.prepare?.(uniqueName('trades'), TRADE);
  });

  it.each([
    [{}, 'has a certificate that is not trusted ('],
    [
      { schemaRegistrySslTruststoreLocation: put('other-ca.pem', stranger) },
      'has a certificate that is not trusted (',
    ],
    [trusted, 'refused the certificate of this client, or its absence ('],
  ])('is not waited for where a certificate is not right: %o', async (options, words) => {
    const error = await failure(prepare(options));
    expect(error).toMatchObject({ code: 'SCHEMA_REFUSED', retriable: false });
    expect(error.message).toContain(words);
  });

  it('is not waited for where it refuses the certificate of a stranger', async () => {
    // Registries are of Java, whose TLS says so, where Node's hangs up: a broker's is the same.
    const error = await failure(
      registryConverter(avro, `https://${kafka.address.CLIENT_CERTIFICATE}`, {
        schemaRegistrySslTruststoreLocation: put('kafka-ca.pem', kafka.authority),
        schemaRegistrySslKeystoreLocation: put('stranger.pem', stranger.issue('me')),
      }).prepare?.(uniqueName('trades'), TRADE) as Promise<void>,
    );
    expect(error).toMatchObject({ code: 'SCHEMA_REFUSED', retriable: false });
    expect(error.message).toMatch(
      /refused the certificate of this client, or its absence \((certificate unk|unk)nown/,
    );
  });

  it('is not trusted with the certificate of another host', async () => {
    const { key, certificate } = authority.issue('registry', ['registry.elsewhere.example']);
    const elsewhere = await proxy(registry.url, () => null, { key, cert: certificate });
    const converter = registryConverter(avro, elsewhere.url, trusted);
    const error = await failure(converter.prepare?.(uniqueName('trades'), TRADE) as Promise<void>);
    expect(error).toMatchObject({ code: 'SCHEMA_REFUSED', retriable: false });
    expect(error.message).toContain('has the certificate of another host (');
    elsewhere.close();
  });

  it('is told by the key of the option where a file is none of PEM', async () => {
    const nope = { schemaRegistrySslTruststoreLocation: join(folder, 'nope.pem') };
    await expect(prepare(nope)).rejects.toThrow(
      'value.converter.schema.registry.ssl.truststore.location: cannot be read',
    );
  });
});

describe('the options of a registry', () => {
  const problems = (options: Partial<RegistryOptions>) =>
    [...registryProblems({ ...DEFAULTS, ...options })].map(({ key, message }) => `${key}: ${message}`);

  it('are right as they are in the documentation', () => {
    expect(problems({ subject: '{topic}.{record}', basicAuthUserInfo: 'me:pa:ss' })).toEqual([]);
  });

  it.each([
    [{ schemaRegistryUrl: ['localhost:8081'] }, 'schema.registry.url: expected an address such as http'],
    [{ schemaRegistryUrl: ['http://me:pw@host'] }, 'schema.registry.url: expected an address without a user'],
    [{ basicAuthUserInfo: 'sesame' }, 'basic.auth.user.info: expected user:password'],
    [
      { subject: '{topics}' },
      'subject: expected topic, record, topic-record or a name with {topic} and {record}',
    ],
    [{ subject: ' ' }, 'subject: expected topic'],
    [
      { basicAuthUserInfo: 'me:sesame', bearerAuthToken: 'sesame' },
      'bearer.auth.token: expected either this or basic.auth.user.info, got both',
    ],
    [{ bearerAuthToken: 'sesame\nopen' }, 'bearer.auth.token: expected letters, digits and signs'],
    [
      { schemaRegistrySslTruststoreLocation: 'ca.pem' },
      'schema.registry.url: expected an address with https',
    ],
  ])('are checked: %o', (options, message) => {
    const [problem, ...more] = problems(options);
    expect(problem).toContain(message);
    expect(problem).not.toMatch(/sesame|pw/);
    expect(more).toEqual([]);
  });
});

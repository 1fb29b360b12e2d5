import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { REGISTRY_OPTIONS, RegistryOptions } from '../../../src/converters/registry/options.ts';
import type { Converter, ConverterPlugin, RecordSchema } from '../../../src/plugin/index.ts';
import { testContext } from '../../../src/testing/test-context.ts';

/** As the options are where only the address is given. */
export const DEFAULTS: RegistryOptions = {
  schemaRegistryUrl: ['http://localhost:8081'],
  basicAuthCredentialsSource: 'USER_INFO',
  basicAuthUserInfo: null,
  bearerAuthCredentialsSource: 'STATIC_TOKEN',
  bearerAuthToken: null,
  schemaRegistrySslTruststoreLocation: null,
  schemaRegistrySslKeystoreLocation: null,
  schemaRegistrySslKeyPassword: null,
  autoRegisterSchemas: true,
  useLatestVersion: true,
  subject: 'topic',
};

/** A converter that keeps its schemas in a registry. */
export function registryConverter(
  plugin: ConverterPlugin<typeof REGISTRY_OPTIONS>,
  url: string,
  options: Partial<RegistryOptions> = {},
  side: 'key' | 'value' = 'value',
): Converter {
  const all: RegistryOptions = { ...DEFAULTS, schemaRegistryUrl: [url], ...options };
  return plugin.create(all, { ...testContext(), side });
}

/** The converter's bytes, as the task would have them. */
export async function bytesOf(
  converter: Converter,
  topic: string,
  schema: RecordSchema | null,
  value: unknown,
): Promise<Buffer> {
  await converter.prepare?.(topic, schema);
  return Buffer.from(converter.serialize(topic, schema, value) as Uint8Array);
}

/** The id of the schema at the beginning of the bytes. */
export function idIn(bytes: Buffer): number {
  return bytes[0] === 0 ? bytes.readInt32BE(1) : -1;
}

export async function get(url: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url + path);
  return (await response.json()) as Record<string, unknown>;
}

export async function versions(url: string, subject: string): Promise<readonly number[]> {
  const listed: unknown = await get(url, `/subjects/${subject}/versions`);
  return listed as number[];
}

/** Registers a schema as somebody else would, and gives its id. */
export async function register(
  url: string,
  subject: string,
  schema: object,
  schemaType = 'AVRO',
  references: readonly object[] = [],
): Promise<number> {
  const response = await fetch(`${url}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: JSON.stringify(schema), schemaType, references }),
  });
  const { id, message } = (await response.json()) as { id: number; message?: string };
  if (!response.ok) throw new Error(message);
  return id;
}

export interface Proxy {
  readonly url: string;
  /** What came, as `METHOD /path`. */
  readonly requests: string[];
  close(): void;
}

/** Stands before the registry: `answer` may give a status of its own instead. */
export async function proxy(
  target: string,
  answer: (authorization: string | undefined) => number | 'hang up' | null,
  tls?: ServerOptions,
): Promise<Proxy> {
  const { origin, pathname } = new URL(target);
  const requests: string[] = [];
  const forward: RequestListener = async (request, response) => {
    requests.push(`${request.method} ${request.url?.replace(pathname, '')}`);
    const own = answer(request.headers.authorization);
    if (own === 'hang up') {
      request.socket.destroy();
      return;
    }
    if (own !== null) {
      response.writeHead(own, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error_code: own, message: `status ${own} it is` }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const answered = await fetch(`${origin}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      ...body,
    });
    response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? '' });
    response.end(await answered.text());
  };
  const server = tls === undefined ? createServer(forward) : createTlsServer(tls, forward);
  const port = await listen(server);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}${pathname}`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export function listen(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { entriesOf } from '../../src/config/read/config-entry.ts';
import { renderProblem } from '../../src/config/read/problem.ts';
import { parseWorkerConfig } from '../../src/config/worker-config.ts';
import { loadWorkerConfig } from '../../src/config/worker-file.ts';
import { HeadraceError } from '../../src/errors.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headrace-worker-')));
mkdirSync(join(folder, 'plugins'));

const MINIMAL = { 'bootstrap.servers': 'localhost:9092' };

function problemsOf(flat: Record<string, string>, environment: Record<string, string> = {}): string[] {
  const { problems } = parseWorkerConfig(
    entriesOf({ ...MINIMAL, ...flat }, 'worker.yaml', folder),
    environment,
  );
  return problems.map(renderProblem);
}

const CERTIFICATES = {
  'listeners.https.ssl.keystore.location': 'own.pem',
  'listeners.https.ssl.truststore.location': 'clients.pem',
};

describe("a worker's configuration", () => {
  test('needs nothing but the brokers', async () => {
    expect(await loadWorkerConfig(null, { HEADRACE_BOOTSTRAP_SERVERS: 'a:1, b:2' })).toMatchObject({
      bootstrapServers: ['a:1', 'b:2'],
      clientId: 'headrace',
      groupId: 'headrace-standalone',
      offsetStorageTopic: 'headrace-offsets',
      offsetStoragePartitions: 25,
      offsetStorageReplicationFactor: -1,
      keyConverter: 'string',
      valueConverter: 'json',
      exactlyOnceSourceSupport: 'enabled',
      topicCreationEnable: true,
      pluginPath: [],
      pluginTimeoutMs: 60_000,
      securityProtocol: 'PLAINTEXT',
    });
  });

  test('is read from a file, relative to it, and the environment wins', async () => {
    const path = join(folder, 'worker.yaml');
    writeFileSync(
      path,
      'bootstrap.servers: [a:1, b:2]\ngroup.id: cluster\nplugin.path: ./plugins\nvalue: {converter.schemas.enable: true}\n',
    );
    const worker = await loadWorkerConfig(path, { HEADRACE_GROUP_ID: 'other' });
    expect(worker).toMatchObject({
      bootstrapServers: ['a:1', 'b:2'],
      groupId: 'other',
      pluginPath: [join(folder, 'plugins')],
    });
    expect(worker.converterEntries.value.get('schemas.enable')?.value).toBe('true');
  });

  test('has the options of its converters from the environment too, which wins', async () => {
    const path = join(folder, 'converters.yaml');
    writeFileSync(path, 'bootstrap.servers: a:1\nvalue.converter.schema.registry.url: http://a:8081\n');
    const { converterEntries } = await loadWorkerConfig(path, {
      HEADRACE_VALUE_CONVERTER: 'avro',
      HEADRACE_VALUE_CONVERTER_SCHEMA_REGISTRY_URL: 'http://b:8081',
      HEADRACE_KEY_CONVERTER_SCHEMAS_ENABLE: 'true',
    });
    const texts = (entries: ReadonlyMap<string, { readonly value: string | null }>) =>
      [...entries].map(([key, { value }]) => [key, value]);
    expect(texts(converterEntries.value)).toEqual([['schema.registry.url', 'http://b:8081']]);
    expect(texts(converterEntries.key)).toEqual([['schemas.enable', 'true']]);
  });

  test('survives the way into a thread', async () => {
    const worker = await loadWorkerConfig(null, { HEADRACE_BOOTSTRAP_SERVERS: 'a:1' });
    expect(structuredClone(worker)).toEqual(worker);
  });

  test('throws one error with every problem, a line each', async () => {
    const path = join(folder, 'wrong.yaml');
    writeFileSync(path, 'bootstrap.servers: localhost\nlog.level: loud\ngroupid: x\n');
    const loaded = loadWorkerConfig(path, {});
    await expect(loaded).rejects.toThrow(HeadraceError);
    await expect(loaded).rejects.toThrow(
      [
        `${path}:1: bootstrap.servers: expected host:port, comma-separated, got "localhost"`,
        `${path}:2: log.level: expected one of trace, debug, info, warn, error, got "loud"`,
        `${path}:3: groupid: unknown key; did you mean group.id?`,
      ].join('\n'),
    );
  });

  test('says so when there are no brokers', async () => {
    await expect(loadWorkerConfig(null, {})).rejects.toThrow(
      'worker: bootstrap.servers: is required but not set (Kafka brokers to begin with, host:port, comma-separated)',
    );
  });

  const jaas =
    'org.apache.kafka.common.security.plain.PlainLoginModule required username="a" password="hunter2"';
  const OAUTH = 'x.OAuthBearerLoginModule required clientId="a" clientSecret="hunter2";';
  const mistakes: [Record<string, string>, string][] = [
    [{ 'bootstrap.servers': 'a:1,b' }, 'bootstrap.servers: expected host:port, comma-separated, got "b"'],
    [
      { 'bootstrap.servers': 'a:1,b:99999' },
      'bootstrap.servers: expected host:port, comma-separated, got "b:99999"',
    ],
    [
      { 'bootstrap.servers': 'http://a:1' },
      'bootstrap.servers: expected host:port, comma-separated, got "http://a:1"',
    ],
    [
      { 'offset.storage.topic': 'a b' },
      `offset.storage.topic: expected a topic of 1 to 249 letters, digits, dots, _ and -, got "a b"`,
    ],
    [{ 'offset.storage.partitions': '0' }, 'offset.storage.partitions: expected at least 1, got 0'],
    [
      { 'offset.storage.replication.factor': '0' },
      "offset.storage.replication.factor: expected -1 (the broker's default) or at least 1, got 0",
    ],
    [{ 'plugin.path': 'nope' }, `plugin.path: no such folder: ${join(folder, 'nope')}`],
    [
      { 'plugin.path': 'x'.repeat(300) },
      `plugin.path: cannot be read (ENAMETOOLONG): ${join(folder, 'x'.repeat(300))}`,
    ],
    [{ 'security.protocol': 'SASL_SSL' }, 'sasl.jaas.config: is required when security.protocol is SASL_SSL'],
    [
      { 'sasl.jaas.config': `${jaas};` },
      'sasl.jaas.config: has no effect while security.protocol is PLAINTEXT; set SASL_SSL or SASL_PLAINTEXT, or leave it out',
    ],
    [
      { 'security.protocol': 'SASL_SSL', 'sasl.jaas.config': jaas },
      'sasl.jaas.config: lacks the ; at the end; expected …LoginModule required username="…" password="…";',
    ],
    ...['http://0.0.0.0:8083', 'http://:8083', 'http://kafka-1:8083', 'http://[::]:8083'].map(
      (listeners): [Record<string, string>, string] => [
        { listeners },
        `listeners: expected an address of this machine alone, such as http://127.0.0.1:8083, got "${listeners}", where others reach it; name who may in rest.users.file, or set rest.allow.unauthenticated: true to let everybody read and change everything`,
      ],
    ),
    [
      { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'OAUTHBEARER', 'sasl.jaas.config': OAUTH },
      'sasl.oauthbearer.token.endpoint.url: is required when sasl.mechanism is OAUTHBEARER',
    ],
    [
      { 'sasl.oauthbearer.token.endpoint.url': 'https://issuer.example/token' },
      'sasl.oauthbearer.token.endpoint.url: has no effect unless security.protocol is SASL_… and sasl.mechanism is OAUTHBEARER',
    ],
    [
      {
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'OAUTHBEARER',
        'sasl.jaas.config': OAUTH,
        'sasl.oauthbearer.token.endpoint.url': 'file:///token',
      },
      'sasl.oauthbearer.token.endpoint.url: expected an address such as https://issuer.example/token, got "file:///token"',
    ],
    [
      {
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'OAUTHBEARER',
        'sasl.jaas.config': OAUTH,
        'sasl.oauthbearer.token.endpoint.url': 'https://me:sesame@issuer.example/token',
      },
      'sasl.oauthbearer.token.endpoint.url: expected an address without a user and password; set them in sasl.jaas.config',
    ],
    [
      { listeners: 'http://0.0.0.0:8083', ...CERTIFICATES, 'listeners.https.ssl.client.auth': 'required' },
      'listeners: expected an address of this machine alone, such as http://127.0.0.1:8083, got "http://0.0.0.0:8083", where others reach it; name who may in rest.users.file, or set rest.allow.unauthenticated: true to let everybody read and change everything',
    ],
    [
      { listeners: 'https://localhost:8443' },
      'listeners: https://localhost:8443 needs listeners.https.ssl.keystore.location: a PEM file with the key and certificates of the worker',
    ],
    [
      { 'metrics.listeners': 'https://:9404' },
      'metrics.listeners: https://:9404 needs listeners.https.ssl.keystore.location: a PEM file with the key and certificates of the worker',
    ],
    [
      { 'listeners.https.ssl.client.auth': 'requested' },
      'listeners.https.ssl.client.auth: requested needs listeners.https.ssl.truststore.location: a PEM file with who signs the certificates of clients',
    ],
    ...[
      'localhost:8083',
      'http://127.0.0.1',
      'ftp://:8083',
      'http://[::1:8083',
      'http://localhost:65536',
    ].map((listeners): [Record<string, string>, string] => [
      { listeners },
      `listeners: expected http://HOST:PORT or https://HOST:PORT, such as http://127.0.0.1:8083, got "${listeners}"`,
    ]),
    [
      { listeners: 'http://127.0.0.1:8083', 'metrics.listeners': 'http://127.0.0.1:8083' },
      'metrics.listeners: lists http://127.0.0.1:8083 twice; expected each address once',
    ],
    [
      { listeners: 'http://127.0.0.1:8083, http://127.0.0.1:8083' },
      'listeners: lists http://127.0.0.1:8083 twice; expected each address once',
    ],
    [
      { 'security.protocol': 'ssl' },
      'security.protocol: expected one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL, got "ssl"; did you mean SSL?',
    ],
  ];
  test.each(mistakes)('%j is refused', (flat, message) => {
    expect(problemsOf(flat)).toEqual([`worker.yaml: ${message}`]);
  });

  test('takes listeners on addresses of this machine, the same port 0 as often as it likes', () => {
    const listeners = 'http://127.0.0.1:8083, http://[::1]:8083, http://localhost:0, http://localhost:0';
    expect(problemsOf({ listeners })).toEqual([]);
  });

  test.each([
    { 'rest.users.file': 'users' },
    { 'rest.allow.unauthenticated': 'true' },
    { ...CERTIFICATES, 'listeners.https.ssl.client.auth': 'required', listeners: 'https://:8083' },
    { listeners: '', 'metrics.listeners': 'http://0.0.0.0:9404' },
  ])('takes listeners that others reach with %j', (more) => {
    expect(problemsOf({ listeners: 'HTTP://:8083', ...more })).toEqual([]);
  });

  test('a mistake in the environment names the variable', () => {
    expect(problemsOf({}, { HEADRACE_BOOTSTRAP_SERVERS: 'b' })).toEqual([
      'bootstrap.servers: expected host:port, comma-separated, got "b" from the environment variable HEADRACE_BOOTSTRAP_SERVERS',
    ]);
  });

  test('allowed folders hold for the file that names them', () => {
    writeFileSync(join(folder, 'secrets'), 'group=g');
    const flat = { 'group.id': `${'$'}{file:secrets:group}` };
    expect(problemsOf(flat)[0]).toContain('not below an allowed folder');
    const entries = entriesOf(
      { ...MINIMAL, ...flat, 'config.providers.allowed.paths': '.' },
      'worker.yaml',
      folder,
    );
    expect(parseWorkerConfig(entries, {}).config).toMatchObject({
      groupId: 'g',
      configProvidersAllowedPaths: [folder],
    });
  });
});

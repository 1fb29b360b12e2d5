import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../../src/config/worker-config.ts';
import type { HeadraceError } from '../../../src/errors.ts';
import type { KafkaClient } from '../../../src/kafka/connection/client.ts';
import { workerClient } from '../../../src/runtime/worker/kafka-client-config.ts';
import { type Certificate, encryptedKey, newAuthority } from '../../support/certificates.ts';
import { type GuardedKafka, startGuardedKafka, USER } from './guarded-kafka.ts';

const START_MS = 120_000;

let kafka: GuardedKafka;
const folder = mkdtempSync(join(tmpdir(), 'headrace-security-'));
const stranger = newAuthority('Nobody knows me');

beforeAll(async () => {
  kafka = await startGuardedKafka();
  put('ca.pem', kafka.authority.certificate);
  put('other-ca.pem', stranger.certificate);
  put('ann.pem', own(kafka.authority.issue('ann')));
  put('stranger.pem', own(stranger.issue('ann')));
}, START_MS);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await kafka?.stop();
});

function put(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function own({ key, certificate }: Certificate): string {
  return key + certificate;
}

type Listener = keyof GuardedKafka['address'];
type Options = Readonly<Record<string, string>>;

/** A client as a worker with these options has it. */
function clientOf(listener: Listener, options: Options, log: KafkaClient['log'] = () => {}): KafkaClient {
  const flat = { 'bootstrap.servers': kafka.address[listener], ...options };
  const { config, problems } = parseWorkerConfig(entriesOf(flat, 'worker.yaml', folder), {});
  expect(problems).toEqual([]);
  return workerClient(config as WorkerConfig, log);
}

/** What the cluster says to a client: how many brokers it names, or why not. */
async function asked(client: KafkaClient): Promise<'let in' | HeadraceError> {
  try {
    const connection = await client.connect();
    await connection.close();
    return 'let in';
  } catch (error) {
    return error as HeadraceError;
  }
}

function jaas(username: string, password: string): string {
  const quoted = password.replaceAll(/["\\]/g, '\\$&');
  return `org.apache.kafka.common.security.LoginModule required username="${username}" password="${quoted}";`;
}

const TCP = { 'security.protocol': 'SASL_PLAINTEXT' };
const LOGIN_OVER_TLS = { 'security.protocol': 'SASL_SSL', 'ssl.truststore.location': 'ca.pem' };
const TLS = { 'security.protocol': 'SSL', 'ssl.truststore.location': 'ca.pem' };

describe.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])('%s', (mechanism) => {
  const by = (password: string, name = USER.name) => ({
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': jaas(name, password),
  });

  test('lets in who knows the password, over TLS as well', async () => {
    expect(await asked(clientOf('LOGIN', { ...TCP, ...by(USER.password) }))).toBe('let in');
    expect(await asked(clientOf('LOGIN_TLS', { ...LOGIN_OVER_TLS, ...by(USER.password) }))).toBe('let in');
  });

  test.each([
    ['a wrong password', 'sesame', USER.name],
    ['a user that is not known', USER.password, 'bob'],
  ])('refuses %s for good, without telling it', async (_, password, name) => {
    const error = await asked(clientOf('LOGIN', { ...TCP, ...by(password, name) }));
    expect(error).toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
    expect(String(error)).toMatch(
      /^HeadraceError: Connecting to 127\.0\.0\.1:\d+ failed: SASL .* authentication failed: .*\. See that sasl\.mechanism and sasl\.jaas\.config fit what the broker knows\.$/,
    );
    expect(String(error)).not.toContain(password);
  });
});

test.each([
  ['a login where none is wanted', 'PLAIN', TCP, 'KAFKA_DENIED', 'security.protocol fits the listener'],
  ['no login where one is wanted', 'LOGIN', {}, 'KAFKA_UNAVAILABLE', 'as a listener does that wants a login'],
  ['TLS where none is', 'PLAIN', TLS, 'KAFKA_UNAVAILABLE', 'security.protocol is that of the listener'],
  ['no TLS where one is', 'OPEN', {}, 'KAFKA_UNAVAILABLE', 'security.protocol is that of the listener'],
] as const)('%s is told by security.protocol', async (_, listener, options, code, words) => {
  const login = options === TCP ? { 'sasl.jaas.config': jaas(USER.name, USER.password) } : {};
  const error = await asked(clientOf(listener, { ...options, ...login }));
  expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
});

test.each([
  [
    'an authority that nobody knows',
    'OPEN',
    { 'security.protocol': 'SSL' },
    /: unable to verify the first certificate\. See that ssl\.truststore\.location /,
  ],
  [
    'another authority',
    'OPEN',
    { ...TLS, 'ssl.truststore.location': 'other-ca.pem' },
    /: unable to verify the first certificate\. See that ssl\.truststore\.location /,
  ],
  [
    'another host',
    'OTHER_HOST',
    TLS,
    /: Hostname\/IP does not match .* is not in the cert's list\. Name the broker in bootstrap\.servers, /,
  ],
] as const)(
  'a broker with the certificate of %s is not trusted, ever',
  async (_, listener, options, words) => {
    const error = await asked(clientOf(listener, options));
    expect(error).toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
    expect(error).toMatchObject({ message: expect.stringMatching(words) });
  },
);

test('a broker is trusted by the authority that signed its certificate', async () => {
  expect(await asked(clientOf('OPEN', TLS))).toBe('let in');
});

describe('a broker that wants certificates of its clients', () => {
  test('lets in who has one, its key encrypted or not', async () => {
    const ann = kafka.authority.issue('ann');
    put('encrypted.pem', encryptedKey(ann, 'of the key') + ann.certificate);
    const encrypted = { 'ssl.keystore.location': 'encrypted.pem', 'ssl.key.password': 'of the key' };
    for (const key of [{ 'ssl.keystore.location': 'ann.pem' }, encrypted])
      expect(await asked(clientOf('CLIENT_CERTIFICATE', { ...TLS, ...key }))).toBe('let in');
  });

  test.each([
    ['who has none', {}, 'bad certificate|certificate required'],
    [
      'who has one of a stranger',
      { 'ssl.keystore.location': 'stranger.pem' },
      'certificate unknown|unknown ca',
    ],
  ])('refuses %s for good', async (_, options, reason) => {
    const error = await asked(clientOf('CLIENT_CERTIFICATE', { ...TLS, ...options }));
    expect(error).toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
    const words = `the broker refused the certificate of this client, or its absence \\((${reason})\\)\\. See that ssl\\.keystore\\.location `;
    expect(error).toMatchObject({ message: expect.stringMatching(words) });
  });
});

describe('certificates that are renewed while a client runs', () => {
  test('are those of its next connection', async () => {
    put('trusted.pem', stranger.certificate);
    put('renewed.pem', own(stranger.issue('ann')));
    const files = { 'ssl.truststore.location': 'trusted.pem', 'ssl.keystore.location': 'renewed.pem' };
    const client = clientOf('CLIENT_CERTIFICATE', { ...TLS, ...files });
    expect(await asked(client)).toMatchObject({ message: expect.stringContaining('unable to verify') });
    put('trusted.pem', stranger.certificate + kafka.authority.certificate);
    expect(await asked(client)).toMatchObject({ message: expect.stringContaining('of this client') });
    put('renewed.pem', own(kafka.authority.issue('ann')));
    expect(await asked(client)).toBe('let in');
  });

  test('are used as they were while their files are gone, half written or do not fit, and the log tells why', async () => {
    put('renewed.pem', own(kafka.authority.issue('ann')));
    const reasons: unknown[] = [];
    const files = { ...TLS, 'ssl.keystore.location': 'renewed.pem' };
    const client = clientOf('CLIENT_CERTIFICATE', files, (level, _, { reason }) => {
      if (level === 'warn') reasons.push(reason);
    });
    const { key } = kafka.authority.issue('ann');
    put('renewed.pem', key);
    expect(await asked(client)).toBe('let in');
    put('renewed.pem', key + kafka.authority.issue('ann').certificate);
    expect(await asked(client)).toBe('let in');
    rmSync(join(folder, 'renewed.pem'));
    expect(await asked(client)).toBe('let in');
    expect(reasons).toEqual([
      expect.stringContaining('ssl.keystore.location: expected a PEM file with a CERTIFICATE, got none'),
      expect.stringContaining('key values mismatch'),
      expect.stringContaining('ssl.keystore.location: cannot be read: ENOENT'),
    ]);
  });
});

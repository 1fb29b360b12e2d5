import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseClientCredentials, parsePassword } from '../../../src/config/define/jaas-config.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../../src/config/worker-config.ts';
import { kafkaClientConfig } from '../../../src/runtime/worker/kafka-client-config.ts';
import { encryptedKey, newAuthority } from '../../support/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-kafka-'));
const authority = newAuthority('ca');
const client = authority.issue('client');
writeFileSync(join(folder, 'ca.pem'), authority.certificate);
writeFileSync(join(folder, 'client.pem'), encryptedKey(client, 'pw') + client.certificate);
writeFileSync(join(folder, 'ca.jks'), 'not PEM');

function worker(flat: Record<string, string>): WorkerConfig {
  const entries = entriesOf({ 'bootstrap.servers': 'a:1', ...flat }, 'worker.yaml', folder);
  return parseWorkerConfig(entries, {}).config as WorkerConfig;
}

const clientConfig = (config: WorkerConfig) => kafkaClientConfig(config, () => {});
const encryptedKeyAndCertificate = () => readFileSync(join(folder, 'client.pem'), 'utf8');

const BASE = {
  bootstrapServers: 'a:1',
  clientId: 'headrace',
  connectionTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
};

describe("the Kafka client's options", () => {
  test('are plain without security', () => {
    expect(clientConfig(worker({}))).toEqual(BASE);
  });

  test('trust what the system trusts unless told otherwise', () => {
    const { tls, ...rest } = clientConfig(worker({ 'security.protocol': 'SSL' }));
    expect(rest).toEqual(BASE);
    expect(tls?.()).toEqual({});
  });

  test('hold the PEM files and the login', () => {
    const { login, tls } = clientConfig(
      worker({
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'SCRAM-SHA-512',
        'sasl.jaas.config': 'x.ScramLoginModule required username="ann" password="a\\"b=;c";',
        'ssl.truststore.location': 'ca.pem',
        'ssl.keystore.location': 'client.pem',
        'ssl.key.password': 'pw',
      }),
    );
    expect(login).toEqual({ mechanism: 'SCRAM-SHA-512', username: 'ann', password: 'a"b=;c' });
    const pem = encryptedKeyAndCertificate();
    expect(tls?.()).toEqual({ ca: authority.certificate, key: pem, cert: pem, passphrase: 'pw' });
  });

  test('say which file is not what it must be', () => {
    const jks = worker({ 'security.protocol': 'SSL', 'ssl.truststore.location': 'ca.jks' });
    expect(() => clientConfig(jks)).toThrow(
      `ssl.truststore.location: expected a PEM file with a CERTIFICATE, got none in ${join(folder, 'ca.jks')}`,
    );
    const missing = worker({ 'security.protocol': 'SSL', 'ssl.keystore.location': 'nope.pem' });
    expect(() => clientConfig(missing)).toThrow('ssl.keystore.location: cannot be read: ENOENT');
    const locked = worker({ 'security.protocol': 'SSL', 'ssl.keystore.location': 'client.pem' });
    expect(() => clientConfig(locked)).toThrow(
      `ssl.keystore.location: the key and its certificate in ${join(folder, 'client.pem')} cannot be used (an encrypted key needs ssl.key.password): bad decrypt`,
    );
  });
});

describe('sasl.jaas.config', () => {
  test.each([
    ['PlainLoginModule required username="a" password="b";', { username: 'a', password: 'b' }],
    ['  x.y.ScramLoginModule required\n password="" username=a ;\n', { username: 'a', password: '' }],
  ])('%j is a login', (text, login) => {
    expect(parsePassword(text)).toEqual(login);
  });

  test.each([
    ['', 'does not begin with …LoginModule required'],
    ['PlainLoginModule optional username="a" password="b";', 'does not begin with …LoginModule required'],
    ['PlainLoginModule required password="hunter2";', 'lacks username="…"'],
    ['PlainLoginModule required username="a";', 'lacks password="…"'],
    ['PlainLoginModule required username="a" password="b"', 'lacks the ; at the end'],
  ])('%j is refused without being shown', (text, message) => {
    const result = parsePassword(text);
    expect(result).toEqual({
      mistake: `${message}; expected …LoginModule required username="…" password="…";`,
    });
  });

  test('holds client credentials for OAUTHBEARER', () => {
    const login = 'x.OAuthBearerLoginModule required clientId="headrace" clientSecret="hunter2"';
    const expected = { clientId: 'headrace', clientSecret: 'hunter2', scope: null };
    expect(parseClientCredentials(`${login};`)).toEqual(expected);
    expect(parseClientCredentials(`${login} scope="kafka write";`)).toEqual({
      ...expected,
      scope: 'kafka write',
    });
    expect(parseClientCredentials('x.OAuthBearerLoginModule required clientId="a";')).toEqual({
      mistake: 'lacks clientSecret="…"; expected …LoginModule required clientId="…" clientSecret="…";',
    });
  });
});

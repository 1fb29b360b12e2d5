import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encryptedKey, newAuthority } from '../../support/certificates.ts';
import { USER } from '../../support/guarded-kafka.ts';
import { asked, GuardedClients, own } from './guarded-client.ts';

const START_MS = 120_000;

let guarded: GuardedClients;
const stranger = newAuthority('Nobody knows me');

beforeAll(async () => {
  guarded = await GuardedClients.open();
  guarded.put('other-ca.pem', stranger.certificate);
  guarded.put('ann.pem', own(guarded.authority.issue('ann')));
  guarded.put('stranger.pem', own(stranger.issue('ann')));
}, START_MS);
afterAll(() => guarded?.close());

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
    expect(await guarded.ask('LOGIN', { ...TCP, ...by(USER.password) })).toBe('let in');
    expect(await guarded.ask('LOGIN_TLS', { ...LOGIN_OVER_TLS, ...by(USER.password) })).toBe('let in');
  });

  test.each([
    ['a wrong password', 'sesame', USER.name],
    ['a user that is not known', USER.password, 'bob'],
  ])('refuses %s for good, without telling it', async (_, password, name) => {
    const error = await guarded.ask('LOGIN', { ...TCP, ...by(password, name) });
    expect(error).toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
    expect(String(error)).toMatch(
      /^HeadraceError: Connecting to 127\.0\.0\.1:\d+ failed: SASL .* authentication failed: .*\. See that sasl\.mechanism and sasl\.jaas\.config fit what the broker knows\.$/,
    );
    expect(String(error)).not.toContain(password);
  });
});

test('a mechanism that the broker does not have is told as such', async () => {
  const scram = { 'sasl.mechanism': 'SCRAM-SHA-256', 'sasl.jaas.config': jaas(USER.name, USER.password) };
  const error = await guarded.ask('PLAIN_LOGIN', { ...TCP, ...scram });
  expect(error).toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
  expect(String(error)).toMatch(/UNSUPPORTED_SASL_MECHANISM\. Set sasl\.mechanism to one that the listener/);
});

test.each([
  ['a login where none is wanted', 'PLAIN', TCP, 'KAFKA_DENIED', 'security.protocol fits the listener'],
  ['no login where one is wanted', 'LOGIN', {}, 'KAFKA_UNAVAILABLE', 'as a listener does that wants a login'],
  ['TLS where none is', 'PLAIN', TLS, 'KAFKA_UNAVAILABLE', 'security.protocol is that of the listener'],
  ['no TLS where one is', 'OPEN', {}, 'KAFKA_UNAVAILABLE', 'security.protocol is that of the listener'],
] as const)('%s is told by security.protocol', async (_, listener, options, code, words) => {
  const login = options === TCP ? { 'sasl.jaas.config': jaas(USER.name, USER.password) } : {};
  const error = await guarded.ask(listener, { ...options, ...login });
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
    const error = await guarded.ask(listener, options);
    expect(error).toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
    expect(error).toMatchObject({ message: expect.stringMatching(words) });
  },
);

test('a broker is trusted by the authority that signed its certificate', async () => {
  expect(await guarded.ask('OPEN', TLS)).toBe('let in');
});

describe('a broker that wants certificates of its clients', () => {
  test('lets in who has one, its key encrypted or not', async () => {
    const ann = guarded.authority.issue('ann');
    guarded.put('encrypted.pem', encryptedKey(ann, 'of the key') + ann.certificate);
    const encrypted = { 'ssl.keystore.location': 'encrypted.pem', 'ssl.key.password': 'of the key' };
    for (const key of [{ 'ssl.keystore.location': 'ann.pem' }, encrypted])
      expect(await guarded.ask('CLIENT_CERTIFICATE', { ...TLS, ...key })).toBe('let in');
  });

  test.each([
    ['who has none', {}, 'bad certificate|certificate required'],
    [
      'who has one of a stranger',
      { 'ssl.keystore.location': 'stranger.pem' },
      'certificate unknown|unknown ca',
    ],
  ])('refuses %s for good', async (_, options, reason) => {
    const error = await guarded.ask('CLIENT_CERTIFICATE', { ...TLS, ...options });
    expect(error).toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
    const words = `the broker refused the certificate of this client, or its absence \\((${reason})\\)\\. See that ssl\\.keystore\\.location `;
    expect(error).toMatchObject({ message: expect.stringMatching(words) });
  });
});

describe('certificates that are renewed while a client runs', () => {
  test('are those of its next connection', async () => {
    guarded.put('trusted.pem', stranger.certificate);
    guarded.put('renewed.pem', own(stranger.issue('ann')));
    const files = { 'ssl.truststore.location': 'trusted.pem', 'ssl.keystore.location': 'renewed.pem' };
    const client = guarded.client('CLIENT_CERTIFICATE', { ...TLS, ...files });
    expect(await asked(client)).toMatchObject({ message: expect.stringContaining('unable to verify') });
    guarded.put('trusted.pem', stranger.certificate + guarded.authority.certificate);
    expect(await asked(client)).toMatchObject({ message: expect.stringContaining('of this client') });
    guarded.put('renewed.pem', own(guarded.authority.issue('ann')));
    expect(await asked(client)).toBe('let in');
  });

  test('are used as they were while their files are gone, half written or do not fit, and the log tells why', async () => {
    guarded.put('renewed.pem', own(guarded.authority.issue('ann')));
    const reasons: unknown[] = [];
    const files = { ...TLS, 'ssl.keystore.location': 'renewed.pem' };
    const client = guarded.client('CLIENT_CERTIFICATE', files, (level, _, { reason }) => {
      if (level === 'warn') reasons.push(reason);
    });
    const { key } = guarded.authority.issue('ann');
    guarded.put('renewed.pem', key);
    expect(await asked(client)).toBe('let in');
    guarded.put('renewed.pem', key + guarded.authority.issue('ann').certificate);
    expect(await asked(client)).toBe('let in');
    guarded.remove('renewed.pem');
    expect(await asked(client)).toBe('let in');
    expect(reasons).toEqual([
      expect.stringContaining('ssl.keystore.location: expected a PEM file with a CERTIFICATE, got none'),
      expect.stringContaining('key values mismatch'),
      expect.stringContaining('ssl.keystore.location: cannot be read: ENOENT'),
    ]);
  });
});

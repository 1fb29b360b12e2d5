import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HeadraceError } from '../../../src/errors.ts';
import { ensureTopics } from '../../../src/kafka/cluster/topic-creation.ts';
import { TransactionalProducer } from '../../../src/kafka/producer/transactional-producer.ts';
import { uniqueName } from '../../support/stack.ts';
import { TokenIssuer, tokenFor } from '../../support/token-issuer.ts';
import { batchOf } from '../support.ts';
import { asked, GuardedClients } from './guarded-client.ts';

const START_MS = 120_000;
const SECRET = 'open:sesame';

let guarded: GuardedClients;
beforeAll(async () => {
  guarded = await GuardedClients.open();
}, START_MS);
afterAll(() => guarded?.close());

let issuer: TokenIssuer;
beforeEach(async () => {
  issuer = await TokenIssuer.start('headrace', SECRET);
});
afterEach(() => issuer.close());

function byToken(secret = SECRET, more = '') {
  return {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.token.endpoint.url': issuer.url,
    'sasl.jaas.config': `OAuthBearerLoginModule required clientId="headrace" clientSecret="${secret}"${more};`,
  };
}

describe('a client that logs in by tokens', () => {
  test('gets one for its credentials and scope, and keeps it for its further connections', async () => {
    const client = guarded.client('LOGIN', byToken(SECRET, ' scope="kafka write"'));
    expect([await asked(client), await asked(client)]).toEqual(['let in', 'let in']);
    expect(issuer.requests).toEqual([
      {
        authorization: `Basic ${Buffer.from(`headrace:${SECRET}`).toString('base64')}`,
        form: { grant_type: 'client_credentials', scope: 'kafka write' },
      },
    ]);
  });

  test('does so over TLS', async () => {
    const tls = { 'security.protocol': 'SASL_SSL', 'ssl.truststore.location': 'ca.pem' };
    expect(await guarded.ask('LOGIN_TLS', { ...byToken(), ...tls })).toBe('let in');
  });

  test('logs in again on the connection before its session ends, and a producer goes on over it', async () => {
    issuer.lifetimeS = 1;
    const client = guarded.client('LOGIN', byToken());
    const topic = uniqueName('topic');
    await ensureTopics(client, [{ topic, partitions: 1, replicationFactor: 1 }]);
    const producer = await TransactionalProducer.start(client, {
      transactionalId: uniqueName('tx'),
      transactionTimeoutMs: 60_000,
    });
    // A connection that is lost would end the producer.
    const logins = issuer.requests.length;
    while (issuer.requests.length < logins + 2) {
      producer.begin();
      await Promise.all(
        ['a', 'b', 'c'].map((value) => producer.send([{ topic, partition: 0, batch: batchOf(value) }])),
      );
      await producer.commit();
    }
    await producer.close();
  });
});

describe('a token that a broker does not take', () => {
  test.each([
    ['expired', () => tokenFor('ann', -3600)],
    ['none at all', () => 'sesame'],
  ])('is told as such, once: %s', async (_, token) => {
    issuer.answer = { status: 200, body: { access_token: token(), expires_in: 3600 } };
    const error = await guarded.ask('LOGIN', byToken());
    expect(error).toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
    expect(String(error)).toMatch(
      /failed: the broker does not take the token \(.*invalid_token.*\)\. See that it knows /,
    );
    expect(String(error)).not.toContain(token());
  });
});

describe('an endpoint that gives no token', () => {
  const failure = async (options = byToken()) => (await guarded.ask('LOGIN', options)) as HeadraceError;
  const begin = () => `Getting a token from ${issuer.url} failed: `;

  test('is believed when it refuses the client, and the secret is not told', async () => {
    const error = await failure(byToken('wrong'));
    expect(error).toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
    expect(error.message).toBe(
      `${begin()}it answered 401 (invalid_client: not Basic [hidden]). See that it knows clientId, clientSecret and scope of sasl.jaas.config, and that sasl.oauthbearer.token.endpoint.url is its address.`,
    );
  });

  test.each([
    [{ status: 500, body: 'oops' }, 'it answered 500.', true],
    [{ status: 400, body: { error: 'invalid_scope' } }, 'it answered 400 (invalid_scope). See that ', false],
    [{ status: 200, body: '<html>' }, 'it answered 200 without access_token. See that ', false],
    [{ status: 302, body: '' }, 'it answered 302', false],
    ['never', 'no answer within 300 ms.', true],
  ] as const)('is told in one line: %o', async (answer, words, retriable) => {
    issuer.answer = answer;
    const error = await failure({ ...byToken(), 'socket.connection.setup.timeout.ms': '300' } as never);
    expect(error).toMatchObject({ retriable, message: expect.stringContaining(begin() + words) });
    expect(error.message).not.toContain('\n');
  });

  test('is told when it is away, and not as if it were Kafka', async () => {
    issuer.close();
    const error = await failure();
    expect(error).toMatchObject({ code: 'KAFKA_UNAVAILABLE', retriable: true });
    expect(error.message).toMatch(
      /failed: connect ECONNREFUSED .*\. See that sasl\.oauthbearer\.token\.endpoint\.url is its address\.$/,
    );
    expect(error.message).not.toContain('bootstrap.servers');
  });
});

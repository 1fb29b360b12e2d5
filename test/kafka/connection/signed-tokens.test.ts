import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checksTokens } from '../../support/guarded-kafka.ts';
import { newSigningKey, type SigningKey, signedToken } from '../../support/signed-tokens.ts';
import { TokenIssuer, tokenFor } from '../../support/token-issuer.ts';
import { asked, GuardedClients } from './guarded-client.ts';

const START_MS = 120_000;
const SECRET = 'open:sesame';

describe.runIf(await checksTokens())('a broker that knows the keys of who issues tokens', () => {
  let guarded: GuardedClients;
  let issuer: TokenIssuer;
  beforeAll(async () => {
    guarded = await GuardedClients.open();
  }, START_MS);
  afterAll(() => guarded?.close());
  beforeEach(async () => {
    issuer = await TokenIssuer.start('headrace', SECRET);
    issuer.mint = (lifetimeS) => signedToken(guarded.signingKey, lifetimeS);
  });
  afterEach(() => issuer.close());

  const client = () =>
    guarded.client('SIGNED', {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.token.endpoint.url': issuer.url,
      'sasl.jaas.config': `OAuthBearerLoginModule required clientId="headrace" clientSecret="${SECRET}";`,
    });

  test('lets in who has a token of theirs', async () => {
    expect(await asked(client())).toBe('let in');
  });

  const parts = (token: string) => token.split('.') as [string, string, string];
  test.each<[string, (key: SigningKey) => string]>([
    ['signed by a key that it does not know', () => signedToken(newSigningKey('unknown'), 3600)],
    ['signed by another key of the same name', ({ id }) => signedToken(newSigningKey(id), 3600)],
    ['signed by nobody', () => tokenFor('ann', 3600)],
    ['expired', (key) => signedToken(key, -3600)],
    ['for somebody else', (key) => signedToken(key, 3600, { aud: 'another' })],
    ['of another issuer', (key) => signedToken(key, 3600, { iss: 'https://elsewhere.example' })],
    ['for nobody in particular', (key) => signedToken(key, 3600, { sub: '' })],
    [
      'with claims that were changed',
      (key) => {
        const [head, , signature] = parts(signedToken(key, 3600));
        return [head, parts(signedToken(key, 3600, { sub: 'root' }))[1], signature].join('.');
      },
    ],
  ])('takes no token that is %s, and the client does not try again', async (_, mint) => {
    const token = mint(guarded.signingKey);
    issuer.answer = { status: 200, body: { access_token: token, expires_in: 3600 } };
    const error = await asked(client());
    expect(error).toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
    expect(String(error)).toMatch(
      /^HeadraceError: Connecting to \S+ failed: the broker does not take the token \(.*invalid_token.*\)\. See that it knows [^\n]*$/,
    );
    expect(String(error)).not.toContain(parts(token)[2] || token);
    expect(issuer.requests).toHaveLength(1);
  });
});

import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { checksTokens, type SharedGuardedKafka } from '../support/guarded-kafka.ts';
import { signedToken } from '../support/signed-tokens.ts';
import { sharedServer, uniqueName } from '../support/stack.ts';
import { TokenIssuer } from '../support/token-issuer.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { recordsIn } from './support/read-topic.ts';

const TIMEOUT_MS = 120_000;

describe.runIf(await checksTokens())('a feed whose tokens are short-lived', () => {
  test(
    'goes on over their renewal and while nobody issues any, and each row comes once',
    async () => {
      const { address, signingKey } = await sharedServer<SharedGuardedKafka>('guardedKafka');
      const issuer = await TokenIssuer.start('headrace', 'open sesame');
      onTestFinished(() => issuer.close());
      issuer.mint = (lifetimeS) => signedToken(signingKey, lifetimeS);
      issuer.lifetimeS = 1;
      issuer.answer = { status: 503, body: 'not yet' };
      const folder = await FeedFolder.make(uniqueName('tokens'));
      await folder.worker({
        ...{ 'bootstrap.servers': address.SIGNED, 'security.protocol': 'SASL_PLAINTEXT' },
        ...{ 'sasl.mechanism': 'OAUTHBEARER', 'sasl.oauthbearer.token.endpoint.url': issuer.url },
        'sasl.jaas.config':
          'OAuthBearerLoginModule required clientId="headrace" clientSecret="open sesame" scope="kafka";',
      });
      await folder.feed({ 'settle.ms': '0' });
      const daemon = folder.start();
      await daemon.waitFor(({ reason }) => String(reason).includes('it answered 503'));
      issuer.answer = null;

      let files = 0;
      const deliver = async () => {
        const path = `${files}.csv`;
        await folder.write(`drop/${path}`, `symbol,price\nBHP,${files}\n`);
        files += 1;
        await daemon.waitFor((line) => line.msg === 'file completed' && line.file === path);
      };
      const deliverUntilAsked = async () => {
        const asked = issuer.requests.length;
        do await deliver();
        while (issuer.requests.length === asked);
      };
      await deliverUntilAsked();
      issuer.answer = { status: 503, body: 'away' };
      const asked = issuer.requests.length;
      const delivered = deliverUntilAsked();
      await vi.waitFor(() => expect(issuer.requests.length).toBeGreaterThan(asked), { timeout: 20_000 });
      issuer.answer = null;
      await delivered;
      await deliver();

      const prices = (await recordsIn(address.PLAIN, folder.name)).map(
        ({ value }) => JSON.parse(String(value)).price,
      );
      expect(prices).toEqual(Array.from({ length: files }, (_, file) => file));
      expect(issuer.requests.every(({ form }) => form.scope === 'kafka')).toBe(true);
      expect(daemon.lines.filter(({ msg }) => msg === 'task failed')).toEqual([]);
      expect(JSON.stringify(daemon.lines)).not.toMatch(/open sesame|eyJ/);
    },
    TIMEOUT_MS,
  );
});

import { chooseEngine } from '../../scripts/stack/engine.ts';
import { startKafka } from '../../scripts/stack/kafka.ts';
import { type Certificate, newAuthority } from './certificates.ts';
import { newSigningKey, type SigningKey, serveKeys, TOKEN_AUDIENCE, TOKEN_ISSUER } from './signed-tokens.ts';

/** Who may log in, by every mechanism that knows passwords. */
export const USER = { name: 'ann', password: 'a"b=;c' };

/** The session of a token ends after this, whatever the token says. */
const SESSION_MS = 2500;

/** A broker that wants to know who comes, by another means on each listener. */
export interface SharedGuardedKafka {
  /** Of who signed the certificates of the broker, and those of the clients that it lets in. */
  readonly authority: Certificate;
  /** By which the tokens for SIGNED are signed. */
  readonly signingKey: SigningKey;
  /** `host:port` of a listener; `PLAIN` wants nothing. */
  readonly address: Readonly<Record<'PLAIN' | ListenerName, string>>;
}

const LISTENERS = {
  /** Passwords and tokens over plain TCP. */
  LOGIN: 'SASL_PLAINTEXT',
  /** The same over TLS. */
  LOGIN_TLS: 'SASL_SSL',
  /** Tokens that their issuer has signed, over plain TCP; where a broker reaches the issuer: see {@link checksTokens}. */
  SIGNED: 'SASL_PLAINTEXT',
  /** Passwords as they are, and nothing else. */
  PLAIN_LOGIN: 'SASL_PLAINTEXT',
  /** TLS for anybody. */
  OPEN: 'SSL',
  /** TLS for clients with a certificate. */
  CLIENT_CERTIFICATE: 'SSL',
  /** TLS with the certificate of another host. */
  OTHER_HOST: 'SSL',
} as const;
type ListenerName = keyof typeof LISTENERS;

/** The common name of the authority. */
export const AUTHORITY = 'Authority of the tests';

/** A broker in a container does not reach who says on 127.0.0.1 by which keys tokens are signed. */
export async function checksTokens(): Promise<boolean> {
  const checks = (await chooseEngine()) === 'java';
  if (!checks) process.stderr.write('tests not run: a broker in a container cannot ask for keys of tokens\n');
  return checks;
}

/** Starts one. */
export async function startGuardedKafka(): Promise<{ given: SharedGuardedKafka; stop(): Promise<void> }> {
  const signingKey = newSigningKey('first');
  const keys = (await checksTokens()) ? await serveKeys([signingKey]) : null;
  const authority = newAuthority(AUTHORITY);
  const broker = authority.issue('broker', ['localhost', '127.0.0.1']);
  const elsewhere = authority.issue('elsewhere', ['kafka.elsewhere.example']);
  const cluster = await startKafka({
    listeners: LISTENERS,
    scramUsers: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
      (mechanism) => `${mechanism}=[name=${USER.name},password=${USER.password}]`,
    ),
    systemProperties: keys === null ? {} : { 'org.apache.kafka.sasl.oauthbearer.allowed.urls': keys.url },
    properties: {
      ...(keys === null ? loginProperties('SIGNED') : tokenProperties('SIGNED', keys.url)),
      ...loginProperties('LOGIN'),
      ...loginProperties('LOGIN_TLS'),
      ...loginProperties('PLAIN_LOGIN'),
      ...of('PLAIN_LOGIN', { 'sasl.enabled.mechanisms': 'PLAIN' }),
      ...keyProperties('LOGIN_TLS', broker),
      ...keyProperties('OPEN', broker),
      ...keyProperties('CLIENT_CERTIFICATE', broker),
      ...keyProperties('OTHER_HOST', elsewhere),
      ...of('CLIENT_CERTIFICATE', {
        'ssl.client.auth': 'required',
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.certificates': authority.certificate,
      }),
    },
  });
  const ports = Object.entries(cluster.brokers[0]?.listenerPorts ?? {});
  const guarded = Object.fromEntries(ports.map(([name, port]) => [name, `127.0.0.1:${port}`]));
  const address = { PLAIN: cluster.bootstrapServers, ...(guarded as Record<ListenerName, string>) };
  const { certificate, key } = authority;
  return {
    given: { authority: { certificate, key }, signingKey, address },
    async stop() {
      await cluster.stop();
      keys?.close();
    },
  };
}

/** @param keysUrl says which keys the broker trusts */
function tokenProperties(listener: ListenerName, keysUrl: string): Record<string, string> {
  const oauth = 'org.apache.kafka.common.security.oauthbearer';
  return of(listener, {
    'sasl.enabled.mechanisms': 'OAUTHBEARER',
    'oauthbearer.sasl.jaas.config': `${oauth}.OAuthBearerLoginModule required;`,
    'oauthbearer.sasl.server.callback.handler.class': `${oauth}.OAuthBearerValidatorCallbackHandler`,
    'oauthbearer.sasl.oauthbearer.jwks.endpoint.url': keysUrl,
    'oauthbearer.sasl.oauthbearer.expected.audience': TOKEN_AUDIENCE,
    'oauthbearer.sasl.oauthbearer.expected.issuer': TOKEN_ISSUER,
    'oauthbearer.connections.max.reauth.ms': String(SESSION_MS),
  });
}

function loginProperties(listener: ListenerName): Record<string, string> {
  const modules = 'org.apache.kafka.common.security';
  const password = USER.password.replaceAll(/["\\]/g, '\\$&');
  const scram = `${modules}.scram.ScramLoginModule required;`;
  return of(listener, {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    'plain.sasl.jaas.config': `${modules}.plain.PlainLoginModule required user_${USER.name}="${password}";`,
    'scram-sha-256.sasl.jaas.config': scram,
    'scram-sha-512.sasl.jaas.config': scram,
    // Without a handler of its own it takes tokens that nobody has signed.
    'oauthbearer.sasl.jaas.config': `${modules}.oauthbearer.OAuthBearerLoginModule required;`,
    'oauthbearer.connections.max.reauth.ms': String(SESSION_MS),
  });
}

function keyProperties(listener: ListenerName, { key, certificate }: Certificate): Record<string, string> {
  return of(listener, {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.key': key,
    'ssl.keystore.certificate.chain': certificate,
  });
}

function of(listener: ListenerName, properties: Readonly<Record<string, string>>): Record<string, string> {
  const prefix = `listener.name.${listener.toLowerCase()}.`;
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [prefix + name, value]));
}

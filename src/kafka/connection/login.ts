import type { AuthenticationProviderArgs, KafkaConfig } from 'kafkajs';
import { HeadraceError, messageOf } from '../../errors.ts';

/** How a client logs in at each connection. */
export type Login = PasswordLogin | TokenLogin;

export interface PasswordLogin {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

/** SASL's OAUTHBEARER. */
export interface TokenLogin {
  readonly mechanism: 'OAUTHBEARER';
  /** A token that holds for now. Throws NoLogin. */
  token(broker: Broker): Promise<string>;
}

/** There is nothing to log in with, which no broker is to blame for. */
export class NoLogin extends HeadraceError {}

interface Broker {
  readonly host: string;
  readonly port: number;
}

/** As kafkajs wants to be told of it. */
export function kafkajsLogin(login: Login): NonNullable<KafkaConfig['sasl']> {
  if (login.mechanism !== 'OAUTHBEARER') {
    const { mechanism, username, password } = login;
    return { mechanism: mechanism.toLowerCase() as 'plain', username, password };
  }
  return {
    mechanism: login.mechanism,
    authenticationProvider: (broker) => ({
      authenticate: async () => showToken(await login.token(broker), broker),
    }),
  };
}

const SEPARATOR = '\u0001';

/**
 * kafkajs has this as well, but takes a broker's no for a yes: the server says it in an answer without an error, and
 * fails the log-in only once the client has acknowledged it (RFC 7628, 3.2.3).
 */
async function showToken(
  token: string,
  { host, port, saslAuthenticate: exchange }: AuthenticationProviderArgs,
): Promise<void> {
  const message = `n,,${SEPARATOR}auth=Bearer ${token}${SEPARATOR}${SEPARATOR}`;
  const refusal = await exchange<string>({ request: asBytes(message), response: AS_TEXT });
  if (refusal === '') return;
  const reason = await exchange<string>({ request: asBytes(SEPARATOR), response: AS_TEXT }).catch(messageOf);
  throw new HeadraceError(
    'KAFKA_DENIED',
    `Connecting to ${host}:${port} failed: the broker does not take the token (${reason || refusal}). See that it knows who issues the tokens, for which audience and scope.`,
  );
}

/** The bytes behind their length, as kafkajs passes them on. */
function asBytes(text: string): { encode: () => Buffer } {
  return {
    encode: () => {
      const bytes = Buffer.alloc(4 + Buffer.byteLength(text));
      bytes.writeInt32BE(bytes.length - 4, 0);
      bytes.write(text, 4);
      return bytes;
    },
  };
}

const AS_TEXT = {
  decode: (bytes: Buffer) => bytes.subarray(4),
  parse: (bytes: Buffer) => bytes.toString(),
};

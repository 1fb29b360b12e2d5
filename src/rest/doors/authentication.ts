import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { RestError } from '../rest-error.ts';
import type { ChangingFile } from './changing-file.ts';
import type { CertificateNames, User, Users } from './users.ts';

/** Passwords that wait to be checked: each takes a thread that reads files for feeds, one at a time. */
const MAX_WAITING = 16;

const CHALLENGE = { 'www-authenticate': 'Basic realm="headrace", charset="UTF-8", Bearer realm="headrace"' };

/** Finds out who asks: by name and password, by bearer token, or by the certificate of a client. */
export class Authentication {
  readonly #users: ChangingFile<Users>;
  #checking: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(users: ChangingFile<Users>) {
    this.#users = users;
  }

  /** @throws RestError 401 when nobody knows who asks, 429 when too many guess at passwords. */
  async identify({ headers, socket }: IncomingMessage): Promise<User> {
    const { authorization } = headers;
    const users = this.#users.value;
    if (authorization !== undefined) {
      const user = await this.#byHeader(users, authorization);
      if (user !== null) return user;
      throw new RestError(401, 'the name, password or token is wrong', CHALLENGE);
    }
    const names = certificateNames(socket);
    const user = names === null ? null : users.withCertificate(names);
    if (user !== null) return user;
    const got = names === null ? '' : `; nobody is named ${names.subject}, as the certificate says`;
    throw new RestError(
      401,
      `expected a name and password, a bearer token or a client's certificate${got}`,
      CHALLENGE,
    );
  }

  async #byHeader(users: Users, authorization: string): Promise<User | null> {
    const [, scheme = '', given = ''] = /^(\S+)\s+(\S+)\s*$/.exec(authorization) ?? [];
    if (scheme.toLowerCase() === 'bearer') return users.withToken(given);
    if (scheme.toLowerCase() !== 'basic') return null;
    const [, name, password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(given, 'base64').toString()) ?? [];
    return name === undefined ? null : this.#inTurn(() => users.withPassword(name, password));
  }

  async #inTurn<T>(check: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw new RestError(429);
    this.#waiting++;
    const checked = this.#checking.then(check);
    this.#checking = checked.catch(() => {});
    try {
      return await checked;
    } finally {
      this.#waiting--;
    }
  }
}

/** Null when the client has shown no certificate, or none that is trusted. */
function certificateNames(socket: IncomingMessage['socket']): CertificateNames | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const subject = socket.getPeerX509Certificate()?.subject;
  if (subject === undefined) return null;
  const parts = subject.split('\n');
  const [commonName = null, ...others] = parts.filter((part) => part.startsWith('CN='));
  return {
    commonName: commonName === null || others.length > 0 ? null : commonName.slice('CN='.length),
    subject: parts.reverse().join(','),
  };
}

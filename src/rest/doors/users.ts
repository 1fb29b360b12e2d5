import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  isPassword,
  isToken,
  nobodysHash,
  type PasswordHash,
  parsePasswordHash,
  parseTokenHash,
} from './secret-hash.ts';

/** `read` may ask; `write` may change as well. */
export type Role = 'read' | 'write';

export interface User {
  readonly name: string;
  readonly role: Role;
}

/** How the subject of a certificate is written. */
export interface CertificateNames {
  /** The common name; null when there is none, or several. */
  readonly commonName: string | null;
  /** `CN=ops,O=Acme`, the last first (RFC 2253), as Kafka writes it. */
  readonly subject: string;
}

type Line = User & { readonly key: PasswordHash | Buffer | 'certificate' };

const LINE = /^([^:]+):([^:\s]+)(?::(\w+))?$/;

/** Who may send requests, as `rest.users.file` says. */
export class Users {
  readonly #passwords = new Map<string, { readonly user: User; readonly hash: PasswordHash }>();
  readonly #tokens: { readonly user: User; readonly hash: Buffer }[] = [];
  readonly #certificates = new Map<string, User>();
  readonly #nobody = nobodysHash();
  /** What was right before is not worked out again: digests of passwords, by who gave them. */
  readonly #proven = new Map<string, Buffer>();
  readonly #secret = randomBytes(32);

  /** Throws an error with a sentence that says which line is wrong, and quotes none. */
  constructor(text: string) {
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const { key, ...user } = parsedLine(line.trim(), index + 1);
      const known = key === 'certificate' ? this.#certificates : this.#passwords;
      if (!Buffer.isBuffer(key) && known.has(user.name)) {
        throw new Error(`line ${index + 1}: expected each name once, got that of a line before it`);
      }
      if (key === 'certificate') this.#certificates.set(user.name, user);
      else if (Buffer.isBuffer(key)) this.#tokens.push({ user, hash: key });
      else this.#passwords.set(user.name, { user, hash: key });
    }
    const isEmpty = this.#passwords.size + this.#tokens.length + this.#certificates.size === 0;
    if (isEmpty) throw new Error('expected a line name:hash:role for each who may, got none');
  }

  async withPassword(name: string, password: string): Promise<User | null> {
    const { user = null, hash = this.#nobody } = this.#passwords.get(name) ?? {};
    const digest = createHmac('sha256', this.#secret).update(password).digest();
    const proven = this.#proven.get(name);
    if (user !== null && proven !== undefined && timingSafeEqual(digest, proven)) return user;
    const isRight = await isPassword(password, hash);
    if (user === null || !isRight) return null;
    this.#proven.set(name, digest);
    return user;
  }

  withToken(token: string): User | null {
    // All of them, so that the time says nothing.
    const [found] = this.#tokens.filter(({ hash }) => isToken(token, hash));
    return found?.user ?? null;
  }

  /** By the whole subject, or by the common name. */
  withCertificate({ commonName, subject }: CertificateNames): User | null {
    const byName = commonName === null || commonName.includes('=') ? null : commonName;
    return this.#certificates.get(subject) ?? this.#certificates.get(byName ?? '') ?? null;
  }
}

function parsedLine(text: string, line: number): Line {
  const [, name, how = '', role = 'read'] = LINE.exec(text) ?? [];
  const key = how === 'certificate' ? how : (parsePasswordHash(how) ?? parseTokenHash(how));
  if (name === undefined || key === null) {
    throw new Error(
      `line ${line}: expected name:hash:role, with a hash that headrace user makes, or the word certificate for it`,
    );
  }
  if (role !== 'read' && role !== 'write') {
    throw new Error(`line ${line}: expected the role read or write after the last colon`);
  }
  return { name, role, key };
}

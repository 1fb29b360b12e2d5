import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { systemCode, unreadable } from '../files/source-errors.ts';

/*
 * OpenSSH's file of host keys (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). A key that is not in it is never accepted.
 * Lines with @cert-authority are passed over, as host certificates are not asked for.
 */

const DEFAULT_PORT = 22;

/** A line of the file that speaks of one host. */
interface KnownKey {
  readonly type: string;
  /** In base64. */
  readonly key: string;
  readonly isRevoked: boolean;
  /** 1 is the first line. */
  readonly line: number;
}

/** What the file says of a key that a server has shown. */
export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'revoked'; readonly line: number }
  /** There is another key of the same type. */
  | { readonly kind: 'changed'; readonly line: number }
  /** There is none of its type; `otherTypes` are those that there are. */
  | { readonly kind: 'unknown'; readonly otherTypes: readonly string[] };

/** What the file says of one server. */
export class KnownHost {
  /** As it is written in the file: `example.org`, `[example.org]:2222`. */
  readonly name: string;
  readonly #keys: readonly KnownKey[];

  constructor(text: string, host: string, port: number) {
    const plain = host.toLowerCase();
    this.name = port === DEFAULT_PORT ? plain : `[${plain}]:${port}`;
    this.#keys = text.split('\n').flatMap((line, index) => keyOf(line, index + 1, this.name));
  }

  /** The types of its keys, in the order of the file. */
  get types(): readonly string[] {
    return [...new Set(this.#keys.filter(({ isRevoked }) => !isRevoked).map(({ type }) => type))];
  }

  /** @param shown as it came over the wire */
  verdict(shown: Buffer): Verdict {
    const key = shown.toString('base64');
    const type = keyType(shown);
    const revoked = this.#keys.find((known) => known.isRevoked && known.key === key);
    if (revoked !== undefined) return { kind: 'revoked', line: revoked.line };
    const good = this.#keys.filter(({ isRevoked }) => !isRevoked);
    if (good.some((known) => known.key === key)) return { kind: 'known' };
    const other = good.find((known) => known.type === type);
    return other === undefined
      ? { kind: 'unknown', otherTypes: this.types }
      : { kind: 'changed', line: other.line };
  }

  /** The line that would make a key known. */
  lineFor(shown: Buffer): string {
    return `${this.name} ${keyType(shown)} ${shown.toString('base64')}`;
  }
}

/** What a file says of a server; a file that is not there says nothing. */
export async function knownHost(path: string, host: string, port: number): Promise<KnownHost> {
  let text = '';
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') {
      const problem = `sftp.known.hosts ${JSON.stringify(path)} cannot be read`;
      throw unreadable(problem, 'let this user read it', error, { retriable: false });
    }
  }
  return new KnownHost(text, host, port);
}

/** As `ssh-keygen -l` shows it: `SHA256:…`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The name that a key on the wire begins with: `ssh-ed25519`. */
export function keyType(key: Buffer): string {
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

function keyOf(text: string, line: number, name: string): KnownKey[] {
  const words = text.trim().split(/\s+/);
  const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
  const [hosts, type, key] = words;
  if (hosts === undefined || hosts.startsWith('#') || type === undefined || key === undefined) return [];
  if (marker !== undefined && marker !== '@revoked') return [];
  return isFor(hosts, name) ? [{ type, key, line, isRevoked: marker === '@revoked' }] : [];
}

/** Whether a list of patterns is for a name: one of them fits, and none of those that begin with `!`. */
function isFor(patterns: string, name: string): boolean {
  let fits = false;
  for (const pattern of patterns.split(',')) {
    if (pattern.startsWith('!')) {
      if (matches(pattern.slice(1).toLowerCase(), name)) return false;
    } else if (pattern.startsWith('|')) fits ||= isHashOf(pattern, name);
    else fits ||= matches(pattern.toLowerCase(), name);
  }
  return fits;
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, both in base64. */
function isHashOf(pattern: string, name: string): boolean {
  const [, version, salt, hash] = pattern.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** With `*` and `?`. After a mismatch the last star takes one character more, so the time is that of both lengths at most. */
function matches(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      starAt = index;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++starAt;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** How much work a guess costs: 2^15 blocks of 1 KiB, 32 MiB and some 60 ms. */
const COST_LOG2 = 15;
const BLOCK_SIZE = 8;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

const scryptOf = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** How a password is kept (RFC 7914): what it costs to hash, the salt and the hash. */
export interface PasswordHash {
  readonly costLog2: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** `scrypt$15$SALT$HASH`, in base64url. */
const PASSWORD_HASH = /^scrypt\$(1[0-9]|20)\$([\w-]{22,86})\$([\w-]{43})$/;

/** `sha256$HASH`, in base64url. Tokens are long and random: nobody guesses one, however fast. */
const TOKEN_HASH = /^sha256\$([\w-]{43})$/;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, { costLog2: COST_LOG2, salt });
  return `scrypt$${COST_LOG2}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

export function hashToken(token: string): string {
  return `sha256$${digest(token).toString('base64url')}`;
}

/** Null when it is none. */
export function parsePasswordHash(text: string): PasswordHash | null {
  const [, cost, salt = '', key = ''] = PASSWORD_HASH.exec(text) ?? [];
  if (cost === undefined) return null;
  return {
    costLog2: Number(cost),
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

/** Null when it is none. */
export function parseTokenHash(text: string): Buffer | null {
  const [, hash] = TOKEN_HASH.exec(text) ?? [];
  return hash === undefined ? null : Buffer.from(hash, 'base64url');
}

/** Of a hash that nobody knows a password for: who does not exist costs as much as who does. */
export function nobodysHash(): PasswordHash {
  return { costLog2: COST_LOG2, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) };
}

export async function isPassword(password: string, hash: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, hash), hash.key);
}

export function isToken(token: string, hash: Buffer): boolean {
  return timingSafeEqual(digest(token), hash);
}

function derive(password: string, { costLog2, salt }: Omit<PasswordHash, 'key'>): Promise<Buffer> {
  const cost = 2 ** costLog2;
  // Twice what it takes; Node allows 32 MiB otherwise.
  const maxmem = 2 * 128 * cost * BLOCK_SIZE;
  return scryptOf(password, salt, KEY_BYTES, { cost, blockSize: BLOCK_SIZE, maxmem });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

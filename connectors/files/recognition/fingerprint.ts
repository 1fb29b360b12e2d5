import { createHash } from 'node:crypto';
import type { Content } from '../reading/content.ts';
import { readRange } from '../reading/content.ts';

const FINGERPRINT_BYTES = 64 * 1024;
const HASH_DIGITS = 16;

/** A hash of the first bytes of a file. It is taken over as many as there are, so a file that grows still has it. */
export interface Fingerprint {
  readonly hash: string;
  readonly bytes: number;
}

export function shortHash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, HASH_DIGITS);
}

/** The fingerprint of a file as it is on disk, compressed or not. */
export async function fingerprintOf(file: Content, size: number): Promise<Fingerprint> {
  const head = await readRange(file, 0, Math.min(size, FINGERPRINT_BYTES));
  return { hash: shortHash(head), bytes: head.length };
}

export async function hasFingerprint(file: Content, fingerprint: Fingerprint): Promise<boolean> {
  const head = await readRange(file, 0, fingerprint.bytes);
  return head.length === fingerprint.bytes && shortHash(head) === fingerprint.hash;
}

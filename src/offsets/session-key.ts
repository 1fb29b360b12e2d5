import { randomBytes } from 'node:crypto';

const KEY = 'session-key';
/** The one algorithm of Kafka Connect's that there is here; its name is Java's. */
export const SIGNATURE_ALGORITHM = 'HmacSHA256';
const BYTES = 32;
/** The newest, and the one before it: the leader may have a new one which a follower has not read yet. */
const KEPT = 2;

interface SessionKeyRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/**
 * A new key by which requests between the workers of a group are signed (KIP-507), as the config topic keeps it
 * (org.apache.kafka.connect.storage.KafkaConfigBackingStore).
 */
export function newSessionKeyRecord(nowMs: number): { readonly key: Buffer; readonly value: Buffer } {
  const value = {
    key: randomBytes(BYTES).toString('base64'),
    algorithm: SIGNATURE_ALGORITHM,
    'creation-timestamp': nowMs,
  };
  return { key: Buffer.from(KEY), value: Buffer.from(JSON.stringify(value)) };
}

/** The session keys in a config topic. */
export class SessionKeys {
  #keys: readonly Buffer[] = [];
  #createdMs: number | null = null;

  /** The newest first. */
  get keys(): readonly Buffer[] {
    return this.#keys;
  }

  /** When the newest was made, milliseconds since 1970; null while there is none. */
  get createdMs(): number | null {
    return this.#createdMs;
  }

  /** Takes a record of the topic, in its order; others than those of keys are passed over. */
  apply({ key, value }: SessionKeyRecord): void {
    if (key?.toString() !== KEY || value === null) return;
    const read = parsed(value);
    if (read === null) return;
    this.#keys = [read.key, ...this.#keys].slice(0, KEPT);
    this.#createdMs = read.createdMs;
  }
}

/** Null for what is no key, or one of an algorithm that is not known here. */
function parsed(value: Buffer): { readonly key: Buffer; readonly createdMs: number } | null {
  try {
    const { key, algorithm, 'creation-timestamp': createdMs } = JSON.parse(value.toString());
    const isKey =
      typeof key === 'string' && typeof createdMs === 'number' && algorithm === SIGNATURE_ALGORITHM;
    return isKey ? { key: Buffer.from(key, 'base64'), createdMs } : null;
  } catch {
    return null;
  }
}

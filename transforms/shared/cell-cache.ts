/** Longer texts are not worth it. */
const MAX_LENGTH = 64;
/** A power of two. */
const SLOTS = 2 ** 14;
const PROBES = 4;

interface Entry<V> {
  readonly text: Uint8Array;
  readonly value: V;
}

/**
 * What is known of texts, found by the bytes of a cell without making a string of them, which costs more than all the
 * rest. It forgets one text for another, so whoever asks must have another way to know.
 */
export class CellCache<V> {
  readonly #slots: (Entry<V> | undefined)[] = new Array(SLOTS).fill(undefined);

  get(bytes: Uint8Array, start: number, end: number): V | undefined {
    if (end - start > MAX_LENGTH) return undefined;
    const hash = hashOf(bytes, start, end);
    for (let i = 0; i < PROBES; i++) {
      const entry = this.#slots[(hash + i) & (SLOTS - 1)];
      if (entry === undefined) return undefined;
      if (isText(entry.text, bytes, start, end)) return entry.value;
    }
    return undefined;
  }

  /** Only for a text that `get` does not know. */
  set(bytes: Uint8Array, start: number, end: number, value: V): void {
    if (end - start > MAX_LENGTH) return;
    const hash = hashOf(bytes, start, end);
    let slot = hash & (SLOTS - 1);
    for (let i = 0; i < PROBES; i++) {
      const free = (hash + i) & (SLOTS - 1);
      if (this.#slots[free] !== undefined) continue;
      slot = free;
      break;
    }
    this.#slots[slot] = { text: Uint8Array.from(bytes.subarray(start, end)), value };
  }

  clear(): void {
    this.#slots.fill(undefined);
  }
}

/** FNV-1a (draft-eastlake-fnv), its upper bits mixed into the lower ones, which choose the slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}

function isText(text: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text[i] !== bytes[start + i]) return false;
  return true;
}

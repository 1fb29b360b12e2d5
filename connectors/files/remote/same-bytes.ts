import type { FileStore } from '../file-store.ts';
import type { FoundFile } from '../file-version.ts';

const READ_BYTES = 1024 * 1024;

/** Whether two files of a store have the same bytes, where nothing else tells: both are read. False when one is gone. */
export async function haveSameBytes(
  store: Pick<FileStore, 'open'>,
  one: FoundFile,
  other: FoundFile,
  signal: AbortSignal,
): Promise<boolean> {
  const files = await Promise.all([store.open(one, signal), store.open(other, signal)]);
  const open = files.filter((file) => typeof file !== 'string');
  try {
    const [first, second] = open;
    if (first === undefined || second === undefined) return false;
    const [into, beside] = [Buffer.allocUnsafe(READ_BYTES), Buffer.allocUnsafe(READ_BYTES)];
    for (let position = 0; ; ) {
      const bytes = await first.read(into, position);
      const same =
        bytes === 0 ? await second.read(beside, position) : await readFully(second, beside, bytes, position);
      if (same !== bytes || !into.subarray(0, bytes).equals(beside.subarray(0, bytes))) return false;
      if (bytes === 0) return true;
      position += bytes;
    }
  } finally {
    await Promise.all(open.map((file) => file.close()));
  }
}

async function readFully(
  file: { read(into: Buffer, position: number): Promise<number> },
  into: Buffer,
  length: number,
  position: number,
): Promise<number> {
  let bytes = 0;
  while (bytes < length) {
    const more = await file.read(into.subarray(bytes, length), position + bytes);
    if (more === 0) break;
    bytes += more;
  }
  return bytes;
}

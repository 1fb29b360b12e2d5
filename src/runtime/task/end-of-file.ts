import type { FileEntry } from '../../sink/file-ledger.ts';

/** What consumers are told of a file that is delivered to its end: JSON, the key is its path. */
export function endOfFileRecord(
  { connector, task }: { readonly connector: string; readonly task: number },
  { file, progress }: FileEntry,
): { readonly key: Buffer; readonly value: Buffer } {
  const { produced, filtered, rejected, position, crc32 } = progress;
  const { generation = null } = file.partition;
  const end = {
    file: file.path,
    ...{ generation, connector, task },
    rows: { read: produced + filtered + rejected, produced, filtered, rejected },
    bytes: position,
    crc32: crc32.toString(16).padStart(8, '0'),
    time: new Date().toISOString(),
  };
  return { key: Buffer.from(file.path), value: Buffer.from(JSON.stringify(end)) };
}

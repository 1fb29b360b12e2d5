import type { ConnectorConfig } from '../config/connector-config.ts';
import { readDataFile } from '../dry-run/data-file.ts';
import { batchesOf } from '../dry-run/offline-parts.ts';
import type { LoadFile } from './load-files.ts';

/** The rows that a file has, as its parser sees them. */
export interface FileRows {
  /** null where there is no row, or the file cannot be read: whoever loads it tells why. */
  readonly columns: readonly string[] | null;
  /** Data rows, `atMost` of them. */
  readonly rows: number;
}

/** Looks at a file's first rows, up to `atMost`; nothing is done with them. */
export async function lookAtRows(file: LoadFile, config: ConnectorConfig, atMost: number): Promise<FileRows> {
  const batches = await batchesOf(config, readDataFile(file));
  let seen: FileRows = { columns: null, rows: 0 };
  try {
    for await (const batch of batches) {
      if (batch instanceof Error) return seen;
      const { columns, rowCount } = batch;
      batch.release();
      if (rowCount > 0) seen = { columns, rows: Math.min(atMost, seen.rows + rowCount) };
      if (seen.rows >= atMost) return seen;
    }
    return seen;
  } catch {
    return seen;
  }
}

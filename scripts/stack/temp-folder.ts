import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { release, watch } from './guard.ts';

/** A new temporary folder that goes with this process unless it is released or removed before. */
export async function makeTempFolder(purpose: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `headrace-${purpose}-`));
  watch({ kind: 'folder', id: folder });
  return folder;
}

/** Removes it with all it holds; a server killed a moment ago may still be letting go of its files. */
export async function removeTempFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  releaseTempFolder(folder);
}

/** Lets the folder outlive this process. */
export function releaseTempFolder(folder: string): void {
  release({ kind: 'folder', id: folder });
}

import type { FileProgress } from '../../../src/plugin/index.ts';
import type { FileStore } from '../file-store.ts';
import { isUntouched } from '../file-version.ts';
import { changed } from '../source-errors.ts';
import { crcOfFirst } from './content.ts';
import type { DecompressionLimits } from './decompression-limits.ts';
import type { LoadingFile } from './loading-file.ts';
import { openFile } from './open-file.ts';

/**
 * Whether what was read is what a file holds that was written to meanwhile: rows may have been changed that were
 * already read. One that has changed since it was read is left to be looked at again.
 *
 * @throws HeadraceError SOURCE_CHANGED when it is not; the next start finds the file to have other content.
 */
export async function requireSameContent(
  file: LoadingFile,
  { position, crc32 }: FileProgress,
  options: {
    readonly store: FileStore;
    readonly limits: DecompressionLimits;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { store, limits, signal } = options;
  const open = await openFile(store, file.found, signal, limits);
  if (typeof open === 'string') return;
  try {
    if (!isUntouched(open.version, file.version)) return;
    if ((await crcOfFirst(open.content, position)) !== crc32)
      throw changed(file.path, 'was changed in place');
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await open.file.close();
  }
}

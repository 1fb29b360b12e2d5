import type { FileStore } from '../file-store.ts';
import { isSameFile } from '../file-version.ts';
import { changed } from '../source-errors.ts';
import type { DecompressionLimits } from './decompression-limits.ts';
import type { LoadingFile } from './loading-file.ts';
import { openFile } from './open-file.ts';
import { isAtEnd, type ReadOptions, stillItself } from './read-chunks.ts';

/**
 * The bytes of a file that is being loaded, once more, from `from` up to `to` or where it has been quiet for `settleMs`. It is
 * opened anew: what reads its chunks may be at their end, and have closed it.
 *
 * @throws HeadraceError SOURCE_CHANGED when it is another file now; the signal's reason when told to stop
 */
export async function* lookAhead(
  file: LoadingFile,
  { store, limits }: { readonly store: FileStore; readonly limits: DecompressionLimits },
  from: number,
  to: number,
  options: ReadOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const open = await openFile(store, file.found, options.signal, limits);
  if (typeof open === 'string') throw changed(file.path, 'was taken away');
  try {
    if (!isSameFile(open.version, file.version)) throw changed(file.path, 'was replaced');
    let position = from;
    let seen = open.version;
    do {
      for await (const bytes of open.content.read(position, to)) {
        position += bytes.length;
        seen = await stillItself(open, file, position, seen);
        yield bytes;
      }
      options.signal.throwIfAborted();
    } while (!(await isAtEnd(open, file, position, options)));
    options.signal.throwIfAborted();
  } finally {
    await open.file.close();
  }
}

import { constants } from 'node:fs';
import { access, open, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HeadraceError, messageOf } from '../errors.ts';

/** More than the header line of a dead-letter file, and less than that with a row. */
const HEADER_MAX_BYTES = 100;

/**
 * Sees to it, before anything is read, that rejected rows can be written.
 *
 * @throws HeadraceError CONFIG_INVALID
 */
export async function requireWritable(path: string): Promise<void> {
  try {
    const found = await stat(path).catch(() => null);
    if (found !== null && !found.isFile()) throw new Error('it is not a regular file');
    await access(found === null ? await folderFor(path) : path, constants.W_OK);
  } catch (error) {
    throw new HeadraceError(
      'CONFIG_INVALID',
      `the file for rejected rows, ${path}, cannot be written: ${messageOf(error)}; name another one with --dlq FILE`,
      { cause: error },
    );
  }
}

/** Its folder, or the one above it, in which that is made. */
async function folderFor(path: string): Promise<string> {
  const folder = dirname(path);
  const isThere = (await stat(folder).catch(() => null)) !== null;
  return isThere ? folder : dirname(folder);
}

/** Removes a dead-letter file that holds no row: a clean load leaves nothing behind. */
export async function removeIfWithoutRows(path: string): Promise<void> {
  const file = await open(path).catch(() => null);
  if (file === null) return;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEADER_MAX_BYTES), 0, HEADER_MAX_BYTES, 0);
    const text = buffer.toString('latin1', 0, bytesRead);
    if (bytesRead > 0 && !/^row_number,error,record[^\n]*\n$/.test(text)) return;
  } finally {
    await file.close();
  }
  await unlink(path).catch(() => {});
}

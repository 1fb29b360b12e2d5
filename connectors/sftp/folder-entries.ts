import { hash } from 'node:crypto';
import type { FileEntryWithStats } from 'ssh2';
import type { SftpPool } from './connection.ts';
import type { SftpSession } from './session.ts';

/** So few bytes of a name's hash are kept that a folder with a million names costs little. */
const HASH_BYTES = 6;

/**
 * What is in a folder, as many entries at once as the server gives. When the connection breaks, the folder is opened once
 * more, and what was given before is left out.
 *
 * @throws the server's refusal as it is
 */
export async function* entriesOf(
  pool: SftpPool,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<FileEntryWithStats[], void, undefined> {
  const given = new Set<number>();
  const handles = new Map<SftpSession, Buffer>();
  const next = async (session: SftpSession) => {
    const handle = handles.get(session) ?? (await session.openFolder(path));
    handles.set(session, handle);
    return await session.readFolder(handle);
  };
  try {
    for (;;) {
      const entries = await pool.ask(`list ${path}`, next, signal);
      if (entries === null) return;
      yield entries.filter(({ filename }) => isName(filename) && isNew(filename, given));
    }
  } finally {
    for (const [session, handle] of handles) await session.close(handle);
  }
}

/** Not a path, whatever the server says. */
function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

function isNew(name: string, given: Set<number>): boolean {
  const key = hash('sha1', name, 'buffer').readUIntBE(0, HASH_BYTES);
  if (given.has(key)) return false;
  given.add(key);
  return true;
}

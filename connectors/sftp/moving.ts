import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { PutAwayOutcome } from '../files/file-store.ts';
import type { FileVersion, FoundFile } from '../files/file-version.ts';
import { isSameVersion } from '../files/file-version.ts';
import { unreadable } from '../files/source-errors.ts';
import { kindOf, lookAt, versionOf } from './file-kind.ts';
import type { SftpSession } from './session.ts';

/**
 * Moves a file to a name that nothing has. To rename is the only way: version 3 has it fail where the name is taken, but
 * some servers replace what is there, so it is looked before.
 *
 * @param mayBeDone an earlier attempt may have succeeded, whose answer was lost
 */
export async function moveTo(
  session: SftpSession,
  { absolute }: FoundFile,
  version: FileVersion,
  target: string,
  mayBeDone: boolean,
): Promise<PutAwayOutcome | 'taken'> {
  const [source, taken] = await Promise.all([lookAt(session, absolute), lookAt(session, target)]);
  if (source === null) {
    const isThere = mayBeDone && taken !== null && isSameVersion(versionOf(taken), version);
    return isThere ? 'done' : 'gone';
  }
  if (!isSameVersion(versionOf(source), version)) return 'replaced';
  if (taken !== null) return 'taken';
  try {
    await session.rename(absolute, target);
    return 'done';
  } catch (error) {
    if ((await lookAt(session, absolute)) === null) return 'gone';
    if ((await lookAt(session, target)) !== null) return 'taken';
    throw error;
  }
}

/**
 * Makes the folders below `folder` that lead to `below`, and `folder` itself, but none above it. A link that somebody has
 * put there would take files to a place that nobody has chosen, and not every server tells where one leads.
 */
export async function makeFolders(session: SftpSession, folder: string, below: string): Promise<void> {
  await makeFolder(session, folder);
  let at = folder;
  for (const name of posix.relative(folder, below).split('/')) {
    if (name === '') continue;
    at = posix.join(at, name);
    await makeFolder(session, at);
    const stats = await lookAt(session, at);
    if (stats === null || kindOf(stats) !== 'link') continue;
    throw unreadable(
      `${JSON.stringify(at)} is a link, and may lead out of ${JSON.stringify(folder)}`,
      'put a folder in its place, or set the option to the folder that it leads to',
    );
  }
}

/** Whether it was made; version 3 has no answer of its own for a folder that is there. */
export async function makeFolder(session: SftpSession, path: string): Promise<boolean> {
  if ((await lookAt(session, path)) !== null) return false;
  try {
    await session.makeFolder(path);
    return true;
  } catch (error) {
    if ((await lookAt(session, path)) === null) throw error;
    return false;
  }
}

/** Throws the server's refusal when nothing can be put into a folder. */
export async function requireWritable(session: SftpSession, folder: string): Promise<void> {
  const trial = posix.join(folder, `.headrace-${randomUUID()}`);
  await session.makeFolder(trial);
  await session.removeFolder(trial);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type BlockChunk, orRelease, release } from '../../../src/rows/index.ts';
import type { FileVersion } from '../file-version.ts';
import { isUntouched } from '../file-version.ts';
import { hasFingerprint } from '../recognition/fingerprint.ts';
import { changed } from '../source-errors.ts';
import type { LoadingFile } from './loading-file.ts';
import type { OpenFile } from './open-file.ts';

export interface ReadOptions {
  readonly settleMs: number;
  readonly signal: AbortSignal;
}

/**
 * The chunks of one file, the last of them empty. A file that is written to meanwhile is read until it has been quiet
 * for `settleMs`.
 *
 * @throws HeadraceError SOURCE_CHANGED when it was cut short or written anew, SOURCE_UNREADABLE when a read fails.
 */
export async function* readChunks(
  open: OpenFile,
  file: LoadingFile,
  options: ReadOptions,
): AsyncGenerator<BlockChunk, void, undefined> {
  const { end } = file;
  let position = file.start?.position ?? 0;
  let seen = file.version;
  const isWanted = () => !options.signal.aborted && !file.abandoned;
  do {
    for await (const { bytes: all, block } of open.content.pieces(position)) {
      if (!isWanted()) {
        if (block !== undefined) release(block);
        return;
      }
      // What is behind the end is read too, as a checksum of the compression may stand there.
      const bytes = position + all.length <= end ? all : all.subarray(0, Math.max(0, end - position));
      position += all.length;
      // What was read of another content must not be delivered as rows of this one.
      seen = await orRelease(block, stillItself(open, file, position, seen));
      if (open.content.diskPosition !== undefined) file.noteDiskPosition(position, open.content.diskPosition);
      if (bytes.length > 0) yield { file, bytes, block, eof: false };
      else if (block !== undefined) release(block);
    }
    if (!isWanted()) return;
  } while (!(await isAtEnd(open, file, position, options)));
  if (isWanted()) yield { file, bytes: Buffer.alloc(0), eof: true };
}

/** The end is the end when nothing has changed since the last look; otherwise there may be more to read. */
export async function isAtEnd(
  open: OpenFile,
  file: LoadingFile,
  position: number,
  options: ReadOptions,
): Promise<boolean> {
  const now = await stillItself(open, file, position, file.version);
  if (isUntouched(now, file.version)) return true;
  if (file.found.claims !== undefined)
    throw changed(file.path, 'was written to after its sender said that it is complete');
  file.version = now;
  file.wasWrittenTo = true;
  await sleep(options.settleMs, undefined, { signal: options.signal }).catch(() => {});
  return false;
}

/** The version the file is in now. Throws SOURCE_CHANGED when it is no longer what was `seen` of it, or that and more. */
export async function stillItself(
  open: OpenFile,
  file: LoadingFile,
  position: number,
  seen: FileVersion,
): Promise<FileVersion> {
  const now = await open.file.stat();
  const leastSize = open.compressed ? 0 : position;
  if (now.size < Math.max(seen.size, leastSize)) throw changed(file.path, 'was cut short');
  if (isUntouched(now, seen) || (await hasFingerprint(open.raw, file.fingerprint))) return now;
  throw changed(file.path, 'was written anew');
}

/** Whether the file is in another version than when it was last looked at. */
export async function hasChanged(open: OpenFile, version: FileVersion): Promise<boolean> {
  return !isUntouched(await open.file.stat(), version);
}

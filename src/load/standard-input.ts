import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HeadraceError, messageOf } from '../errors.ts';
import type { LoadFile } from './load-files.ts';

/** A place for standard input. Nothing is there yet. */
export async function reserveSpool(): Promise<LoadFile> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-stdin-'));
  const path = join(folder, 'standard-input');
  return { path, shown: 'standard input', absolute: path, bytes: 0 };
}

/**
 * Takes a stream into a file, whole, before anything of it is loaded: a row whose transaction failed has to be read
 * again, which a stream cannot. The file outlives an interrupted load, which goes on with it by its name; half a file does
 * not outlive the process.
 *
 * @returns its bytes
 * @throws HeadraceError SOURCE_UNREADABLE when the stream breaks off or the disk is full; the signal's reason.
 */
export async function spool(
  input: Readable,
  { path }: LoadFile,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onBytes(bytes);
      done(null, chunk);
    },
  });
  const removeAtExit = () => rmSync(dirname(path), { recursive: true, force: true });
  process.once('exit', removeAtExit);
  try {
    await pipeline(input, counted, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
    return bytes;
  } catch (error) {
    signal.throwIfAborted();
    const message = `standard input could not be taken into ${path}: ${messageOf(error)}; TMPDIR names another folder for it`;
    throw new HeadraceError('SOURCE_UNREADABLE', message, { cause: error });
  } finally {
    process.off('exit', removeAtExit);
  }
}

export async function removeSpool({ path }: LoadFile): Promise<void> {
  await rm(dirname(path), { recursive: true, force: true });
}

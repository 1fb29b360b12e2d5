import type { BlockChunk } from '../../../src/rows/index.ts';
import { notDecompressed } from '../source-errors.ts';
import { LoadingArchive, type LoadingMember } from './loading-archive.ts';
import type { LoadingFile } from './loading-file.ts';
import type { OpenFile } from './open-file.ts';
import { isAtEnd, type ReadOptions, readChunks, stillItself } from './read-chunks.ts';

const NOTHING = Buffer.alloc(0);

/** The chunks of a file, or of each file of an archive of several, in the archive's order. As `readChunks`. */
export async function* readFile(
  open: OpenFile,
  file: LoadingFile,
  options: ReadOptions,
): AsyncGenerator<BlockChunk, void, undefined> {
  const members = (await open.members?.()) ?? [];
  const archive = members.length > 1 ? await LoadingArchive.of(file, open, members) : null;
  if (archive === null) yield* readChunks(open, file, options);
  else if (file.claimedRows !== undefined) throw noTrailer(file.path, members.length);
  else yield* readArchive(open, file, archive, options);
}

function noTrailer(path: string, files: number): Error {
  const what = `is a zip archive of ${files} files, of which no trailer row is looked for (ready.pattern)`;
  return notDecompressed(path, `${what}; unpack it, or leave ready.pattern out`);
}

async function* readArchive(
  open: OpenFile,
  file: LoadingFile,
  archive: LoadingArchive,
  options: ReadOptions,
): AsyncGenerator<BlockChunk, void, undefined> {
  let position = file.start?.position ?? 0;
  let seen = file.version;
  let member = archive.next();
  file.part = member;
  const isWanted = () => !options.signal.aborted && !file.abandoned;
  const end = (ended: LoadingMember): BlockChunk => ({ file: ended, bytes: NOTHING, eof: true });
  const goOn = () => {
    member = archive.next();
    file.part = member;
  };
  // No piece is of two files, and the first of a file comes once the one before it was found to be whole.
  for await (const { bytes } of open.content.pieces(position)) {
    if (!isWanted()) return;
    for (; position >= member.to; goOn()) yield end(member);
    position += bytes.length;
    seen = await stillItself(open, file, position, seen);
    file.noteDiskPosition(position, open.content.diskPosition ?? position);
    yield { file: member, bytes, eof: false };
  }
  for (; isWanted() && !archive.endsWith(member); goOn()) yield end(member);
  while (isWanted() && !(await isAtEnd(open, file, position, options)));
  if (isWanted()) yield end(member);
}

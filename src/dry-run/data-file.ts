import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DiskStore } from '../../connectors/files/disk/disk-store.ts';
import type { FileStore, NotOpened } from '../../connectors/files/file-store.ts';
import type { FoundFile } from '../../connectors/files/file-version.ts';
import type { Member } from '../../connectors/files/reading/loading-archive.ts';
import { type OpenFile, openFile } from '../../connectors/files/reading/open-file.ts';
import { HeadraceError, messageOf } from '../errors.ts';
import type { SourceArchive, SourceChunk, SourceFile } from '../plugin/index.ts';

/** A file of rows, to be looked at. */
export interface DataFile {
  /** As a person would type it here. */
  readonly shown: string;
  /** As the feed's source would call it: `file.path` of its records. */
  readonly path: string;
  /** Where its store has it. */
  readonly absolute: string;
  /** Not set: this machine's disks. */
  readonly store?: FileStore | undefined;
}

/**
 * The chunks of a file, decompressed where it is compressed, or of each file of an archive.
 *
 * @throws HeadraceError SOURCE_UNREADABLE, or SOURCE_MALFORMED for a compressed file that is damaged or an empty one
 */
export async function* readDataFile(data: DataFile): AsyncGenerator<SourceChunk, void, undefined> {
  const { shown, path, store = new DiskStore() } = data;
  const absolute = data.store === undefined ? await realFile(data) : data.absolute;
  const found = { path: shown, absolute, place: basename(path) };
  const open = await openFile(store, found, new AbortController().signal);
  if (typeof open === 'string') throw unusable(shown, reasonOf(open));
  let isEmpty = true;
  try {
    for (const { file, from, to } of partsOf(path, open, (await open.members?.()) ?? [])) {
      const part = { ...file, lookAhead: (position: number) => readFrom(store, found, from + position, to) };
      for await (const bytes of open.content.read(from, to)) {
        isEmpty = false;
        yield { file: part, bytes, eof: false };
      }
      if (isEmpty && file.archive === undefined)
        throw new HeadraceError('SOURCE_MALFORMED', `${shown}: is empty; expected a file with rows`);
      yield { file: part, bytes: Buffer.alloc(0), eof: true };
    }
  } finally {
    await open.file.close();
  }
}

interface Part {
  readonly file: SourceFile;
  readonly from: number;
  readonly to: number;
}

/** A file, or those of an archive of several. */
function partsOf(path: string, { compressed, version }: OpenFile, members: readonly Member[]): Part[] {
  if (members.length < 2) {
    const file = sourceFile(path, compressed ? null : version.size);
    return [{ file, from: 0, to: Number.MAX_SAFE_INTEGER }];
  }
  const pathOf = ({ name }: Member) => `${path}/${name}`;
  const last = pathOf(members.at(-1) as Member);
  const archive: SourceArchive = {
    path,
    rowsBefore: 0,
    endsWith: (file) => file.path === last,
    // Nothing is stored, so that nobody counts what was before.
    progressOf: (_, progress) => progress,
  };
  return members.map((member) => {
    const { from, to } = member;
    return { file: { ...sourceFile(pathOf(member), null), archive }, from, to };
  });
}

/** What looks ahead may outlive what reads: it opens the file for itself. */
async function* readFrom(
  store: FileStore,
  found: FoundFile,
  from: number,
  to: number,
): AsyncGenerator<Buffer, void, undefined> {
  const open = await openFile(store, found, new AbortController().signal);
  if (typeof open === 'string') throw unusable(found.path, reasonOf(open));
  try {
    yield* open.content.read(from, to);
  } finally {
    await open.file.close();
  }
}

/** The file of a source that has no place to go on from. */
export function sourceFile(path: string, size: number | null): SourceFile {
  return {
    partition: { file: path },
    path,
    name: basename(path),
    start: null,
    size,
    offsetAt: ({ position }) => ({ position }),
  };
}

async function realFile({ shown, absolute }: DataFile): Promise<string> {
  try {
    const stats = await stat(absolute);
    if (stats.isDirectory()) throw unusable(shown, 'is a folder; name a file in it');
    if (!stats.isFile()) throw unusable(shown, 'is no regular file');
    return await realpath(absolute);
  } catch (error) {
    if (error instanceof HeadraceError) throw error;
    throw unusable(shown, missing(error) ? 'no such file' : messageOf(error), error);
  }
}

function reasonOf(notOpened: NotOpened): string {
  if (notOpened === 'denied') return 'permission denied';
  return notOpened === 'gone' ? 'no such file' : `is ${notOpened}`;
}

function missing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function unusable(shown: string, problem: string, cause?: unknown): HeadraceError {
  return new HeadraceError('SOURCE_UNREADABLE', `${shown}: ${problem}`, { cause, retriable: false });
}

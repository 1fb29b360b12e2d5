import { posix } from 'node:path';
import type {
  FileProgress,
  FileStart,
  SourceArchive,
  SourceFile,
  SourceOffset,
  SourcePartition,
} from '../../../src/plugin/index.ts';
import { crc32Combined } from '../../../src/values/crc32-combined.ts';
import { type ArchivePlace, type ArchiveTotals, archiveFields } from '../recognition/archive-place.ts';
import { readRange } from './content.ts';
import type { LoadingFile } from './loading-file.ts';
import type { OpenFile } from './open-file.ts';

/** A file in an archive, and which bytes of the archive's content are its. */
export interface Member {
  /** Its path in the archive. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const NOTHING: ArchiveTotals = {
  ...{ position: 0, row: 0, line: 0, produced: 0, filtered: 0, rejected: 0, crc32: 0 },
};

/**
 * The files of an archive that is on its way, each read as a file of its own: its rows, lines and bytes count from its own
 * beginning, and its header is its own. What is stored of the archive counts all of its files, in their order.
 */
export class LoadingArchive implements SourceArchive {
  readonly path: string;
  readonly rowsBefore: number;
  readonly #file: LoadingFile;
  readonly #members: readonly Member[];
  /** Of the files that are done, by the offsets that were asked for. */
  #before: ArchiveTotals;
  #next: number;
  /** Where the first of them goes on. */
  #start: FileStart | null;

  private constructor(
    file: LoadingFile,
    members: readonly Member[],
    { done, before }: Pick<ArchivePlace, 'done' | 'before'>,
    start: FileStart | null,
  ) {
    this.path = file.path;
    this.#file = file;
    this.#members = members;
    this.#next = done;
    this.#before = before;
    this.#start = start;
    this.rowsBefore = before.row;
  }

  /** Begins where the file's offset says; null when no file of it is left to read. */
  static async of(
    file: LoadingFile,
    open: OpenFile,
    members: readonly Member[],
  ): Promise<LoadingArchive | null> {
    const { start } = file;
    if (start === null) return new LoadingArchive(file, members, { done: 0, before: NOTHING }, null);
    const place = file.place ?? placeWithout(start, members);
    const member = members[place.done];
    if (member === undefined) return null;
    const part = start.position > place.before.position ? await startIn(open, member, start, place) : null;
    return new LoadingArchive(file, members, place, part);
  }

  /** The next of its files. */
  next(): LoadingMember {
    const index = this.#next++;
    const start = this.#start;
    this.#start = null;
    return new LoadingMember(this, this.#file, this.#members[index] as Member, index, start);
  }

  endsWith(file: SourceFile): boolean {
    return (file as LoadingMember).index === this.#members.length - 1;
  }

  progressOf(file: SourceFile, progress: FileProgress): FileProgress {
    const before = (file as LoadingMember).before ?? this.#before;
    return {
      position: before.position + progress.position,
      row: before.row + progress.row,
      line: before.line + progress.line,
      head: progress.head,
      produced: before.produced + progress.produced,
      filtered: before.filtered + progress.filtered,
      rejected: before.rejected + progress.rejected,
      crc32: crc32Combined(before.crc32, progress.crc32, progress.position),
      tail: progress.tail,
      eof: progress.eof && this.endsWith(file),
    };
  }

  offsetAt(member: LoadingMember, progress: FileProgress): SourceOffset {
    member.before ??= this.#before;
    const whole = this.progressOf(member, progress);
    const offset = this.#file.offsetAt(whole);
    if (progress.eof) this.#before = whole;
    const { index: done, before, name } = member;
    return {
      ...offset,
      ...archiveFields(
        progress.eof
          ? { done: done + 1, before: whole, crc32: 0 }
          : { done, before, crc32: progress.crc32, member: name },
      ),
    };
  }
}

/** One file of an archive that is on its way. */
export class LoadingMember implements SourceFile {
  readonly archive: LoadingArchive;
  readonly partition: SourcePartition;
  readonly path: string;
  readonly name: string;
  readonly start: FileStart | null;
  readonly size = null;
  readonly rowLimit: number | undefined;
  readonly index: number;
  /** Byte of the archive's content at which it ends. */
  readonly to: number;
  /** Of the files before it, once an offset of this one was asked for. */
  before: ArchiveTotals | null = null;
  readonly #file: LoadingFile;
  readonly #from: number;

  constructor(
    archive: LoadingArchive,
    file: LoadingFile,
    { name, from, to }: Member,
    index: number,
    start: FileStart | null,
  ) {
    this.archive = archive;
    this.#file = file;
    this.partition = file.partition;
    this.path = `${file.path}/${name}`;
    this.name = posix.basename(name);
    this.rowLimit = file.rowLimit;
    this.#from = from;
    this.to = to;
    this.index = index;
    this.start = start;
  }

  enough(): void {
    this.#file.enough();
  }

  diskPosition(position: number): number {
    return this.#file.diskPosition(this.#from + position);
  }

  lookAhead(from: number): AsyncIterable<Buffer> {
    return this.#file.lookAhead(this.#from + from, this.to);
  }

  offsetAt(progress: FileProgress): SourceOffset {
    return this.archive.offsetAt(this, progress);
  }
}

/** Where to go on when the archive was one file when its offset was stored, so that nothing of others is in it. */
function placeWithout(start: FileStart, [first]: readonly Member[]): ArchivePlace {
  if (start.position === first?.to) return { done: 1, before: start, crc32: 0 };
  return { done: 0, before: NOTHING, crc32: start.crc32 };
}

async function startIn(
  open: OpenFile,
  { from }: Member,
  start: FileStart,
  { before, crc32 }: ArchivePlace,
): Promise<FileStart> {
  const { head } = start;
  return {
    position: start.position - before.position,
    row: start.row - before.row,
    line: start.line - before.line,
    head,
    produced: start.produced - before.produced,
    filtered: start.filtered - before.filtered,
    rejected: start.rejected - before.rejected,
    crc32,
    headBytes: await readRange(open.content, from, from + head),
  };
}

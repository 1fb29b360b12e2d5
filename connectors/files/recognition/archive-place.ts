import type { FileProgress, SourceOffset } from '../../../src/plugin/index.ts';

/** What was delivered of files of an archive. */
export type ArchiveTotals = Omit<FileProgress, 'head' | 'tail' | 'eof'>;

/** How far an archive of several files is delivered. */
export interface ArchivePlace {
  /** So many of its files are done. */
  readonly done: number;
  /** What was delivered of these. */
  readonly before: ArchiveTotals;
  /** Of the content of the next one, as far as that is delivered. */
  readonly crc32: number;
  /** The next one, where it is begun; for people. */
  readonly member?: string;
}

/** The fields of an offset that tell it, beside those that count all of the archive. */
export function archiveFields({ done, before, crc32, member }: ArchivePlace): SourceOffset {
  const { position, row, line, produced, filtered, rejected } = before;
  return {
    ...(member === undefined ? {} : { member }),
    membersDone: done,
    memberCrc32: crc32,
    beforePosition: position,
    beforeRow: row,
    beforeLine: line,
    beforeProduced: produced,
    beforeFiltered: filtered,
    beforeRejected: rejected,
    beforeCrc32: before.crc32,
  };
}

/** null for the offset of what is one file. */
export function archivePlaceIn(offset: SourceOffset): ArchivePlace | null {
  const of = (name: string): number => {
    const value = offset[name];
    return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0;
  };
  if (offset.membersDone === undefined) return null;
  return {
    done: of('membersDone'),
    before: {
      position: of('beforePosition'),
      row: of('beforeRow'),
      line: of('beforeLine'),
      produced: of('beforeProduced'),
      filtered: of('beforeFiltered'),
      rejected: of('beforeRejected'),
      crc32: of('beforeCrc32'),
    },
    crc32: of('memberCrc32'),
  };
}

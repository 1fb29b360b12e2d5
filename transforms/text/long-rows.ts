import type { Fault } from './row-table.ts';

/** A rejected row that is too long is kept this far, in bytes of the file. */
export const TOO_LONG_KEPT_BYTES = 65_536;

/** How far a place in a record is from its beginning. */
export interface Place {
  /** Bytes of UTF-8. */
  readonly text: number;
  /** Bytes of the file. */
  readonly file: number;
  readonly lineEnds: number;
}

/** What becomes of a record that is no row: it is rejected up to its end. */
export interface LongOutcome {
  /** Where its text ends, without the line end. */
  readonly textEnd: Place;
  /** Where the next row begins. */
  readonly next: Place;
  readonly fault: Fault;
}

/** A record that is no row, whose end is looked for. */
export interface EndlessRecord {
  /** null until enough was seen. */
  readonly outcome: LongOutcome | null;
  /** Goes on at `from`, and gives how far the text is used up; the rest must come again. `eof` when no more follows. */
  feed(text: Buffer, from: number, eof: boolean): number;
}

export function tooLong(maxRecordBytes: number, bytes: number): Fault {
  return {
    errorName: 'RecordTooLong',
    message: `expected at most ${maxRecordBytes} bytes (max.record.bytes), got ${bytes}`,
  };
}

/** The fault of a row of this length, of which only the beginning is kept where it is much too long. */
export function cutFault(
  { text, file }: Pick<Place, 'text' | 'file'>,
  fault: Fault,
  maxRecordBytes: number,
): Fault {
  if (text <= maxRecordBytes || file <= TOO_LONG_KEPT_BYTES) return fault;
  const message = `${fault.message}; the first ${TOO_LONG_KEPT_BYTES} bytes are kept`;
  return { ...fault, message, isCut: true };
}

import type { SourcePartition } from '../plugin/index.ts';
import type { LetterContent } from '../sink/letter-content.ts';

/** A rejected row as it lies in a dead-letter queue. */
export interface DeadLetter {
  /** Where in the queue it is: no other dead letter, now or later, has the same. Its replay is marked under this. */
  readonly id: SourcePartition;
  /** The feed that rejected it; null where the queue is a file, which does not tell. */
  readonly connector: string | null;
  readonly stage: string;
  /** The kind of error, one word; null where the queue is a file. */
  readonly error: string | null;
  readonly message: string;
  /** The file that the row is of, as its feed knows it. */
  readonly file: string;
  /** Of the row in that file; 1 is the first. */
  readonly row: number;
  readonly line: number;
  /** The byte of the file at which the row starts. */
  readonly offset: number;
  /** The row's bytes as they stand in the file, without the line end, or what `content` says. */
  readonly raw: Buffer;
  /** What `raw` is: only a row can be sent through its feed once more. */
  readonly content: LetterContent;
  /** The row's full size when the topic did not take all of it. */
  readonly truncatedFrom: number | null;
  /** A replay has rejected it once more: `raw` are bytes that were mended, and may stand in no file. */
  readonly isReturned: boolean;
}

import type { SourceRecord } from '../../plugin/index.ts';
import type { RowBatch } from '../../rows/index.ts';

/** How many records a function of lists gets at once. */
const LONGEST = 1000;

/** A record of a row, which may have several. */
export interface ListedRecord {
  readonly index: number;
  readonly record: SourceRecord;
  /** It is for the function; the others of its row stay as they are. */
  readonly isSelected: boolean;
}

/**
 * The records of a batch, in lists; a row is in one list with all of its records.
 *
 * @param select gives the records of a row; none where the row is none of the function's
 */
export function* recordLists(
  batch: RowBatch,
  select: (index: number) => readonly ListedRecord[],
): Generator<readonly ListedRecord[]> {
  let list: ListedRecord[] = [];
  for (let index = 0; index < batch.rowCount; index++) {
    if (!batch.isLive(index)) continue;
    list.push(...select(index));
    if (list.length < LONGEST) continue;
    yield list;
    list = [];
  }
  if (list.length > 0) yield list;
}

/** What is wrong with what `applyBatch` gave; null where it is a list of as many results as there were records. */
export function answersMistake(answers: unknown, records: number): string | null {
  if (Array.isArray(answers) && answers.length === records) return null;
  const got = Array.isArray(answers) ? `${answers.length} results` : 'no list';
  return `applyBatch gave ${got} for ${records} records; expected one for each, in their order`;
}

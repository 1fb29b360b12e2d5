import type { RowBatch } from '../rows/index.ts';
import { dataJson } from '../values/ordered-row.ts';

/**
 * What of a rejected row is written beside its reason, `errors.deadletterqueue.value`: the bytes of its source; its record
 * as far as transformations had come, as JSON; nothing.
 */
export type LetterContent = 'row' | 'record' | 'none';

/** null for nothing. A row that could not be parsed has no record. */
export function contentOfLetter(batch: RowBatch, index: number, content: LetterContent): Buffer | null {
  if (content === 'row') return batch.rawRow(index);
  if (content === 'none') return null;
  const values = batch.rejectedRecords(index)?.map(({ value }) => value);
  return values === undefined
    ? null
    : Buffer.from(dataJson(values.length === 1 ? values[0] : values) ?? 'null');
}

import { plainText } from '../../dry-run/data-text.ts';
import { cut, printable } from '../../terminal/text.ts';
import type { FieldChange } from '../record-changes.ts';

const LONGEST_VALUE = 24;
/** Cells may be megabytes. */
const MOST_READ = 200;

/** What stands in the column of the stage that rejects a row for a field. */
export const REJECTED = '✗ rejected';

/** A field as a stage left it: `45.2 (double)`, `(long)` where the text is the same, `+ new`, `- removed`. */
export function changeText(change: FieldChange): string {
  // Text is what cells are to begin with.
  const type = change.type === null || change.type === 'string' ? '' : `(${change.type})`;
  switch (change.kind) {
    case 'typed':
      return `(${change.type})`;
    case 'removed':
      return '- removed';
    case 'added':
      return `+ ${valueText(change)} ${type}`.trimEnd();
    case 'changed':
      return `${valueText(change)} ${type}`.trimEnd();
  }
}

export function valueText({ value }: FieldChange): string {
  return cut(printable(plainText(value).slice(0, MOST_READ)), LONGEST_VALUE);
}

import { HeadraceError } from '../errors.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type CsvLetter, readDeadLetterCsv } from './dead-letter-csv.ts';

const MAX_TOLD = 10;

/** A dead letter and the bytes that are to go in its place. */
export interface MendedRow {
  readonly letter: DeadLetter;
  readonly bytes: Buffer;
}

/**
 * Finds the dead letter that each row of a mended file was, by its place in its source file: `record` is there to be
 * changed, and whoever replaces text in the whole file changes `error` with it.
 *
 * @throws HeadraceError CONFIG_INVALID with every row that is no dead letter, or is empty
 */
export async function readMendedRows(
  path: string,
  letters: readonly DeadLetter[],
  isReplayed: (letter: DeadLetter) => boolean,
): Promise<MendedRow[]> {
  const waiting = Map.groupBy(letters, placeIn);
  const rows: MendedRow[] = [];
  const mistakes: string[] = [];
  for (const [index, mended] of (await readDeadLetterCsv(path)).entries()) {
    const letter = takeBest(waiting.get(placeIn(mended)) ?? [], mended, isReplayed);
    const mistake = letter === null ? 'is no dead letter of this queue' : emptiness(mended);
    if (mistake !== null) mistakes.push(`${path}: dead letter ${index + 1} (${nameOf(mended)}) ${mistake}`);
    else if (letter !== null) rows.push({ letter, bytes: mended.raw });
  }
  if (mistakes.length === 0) return rows;
  const more = mistakes.length > MAX_TOLD ? [`and ${mistakes.length - MAX_TOLD} more`] : [];
  const mend = 'Change nothing but the column record, and leave out the rows that are not to be replayed.';
  throw new HeadraceError('CONFIG_INVALID', [...mistakes.slice(0, MAX_TOLD), ...more, mend].join('\n'));
}

/** Where a row stood in its file. */
export function placeIn({ file, row, line, offset }: CsvLetter): string {
  return JSON.stringify([file, row, line, offset]);
}

/**
 * Rows of two contents of a file may have stood at one place, and a row that was rejected again is there twice. The
 * reason tells them apart before it matters what is replayed: nothing may be sent for a letter that it is not.
 */
function takeBest(
  alike: DeadLetter[],
  mended: CsvLetter,
  isReplayed: (letter: DeadLetter) => boolean,
): DeadLetter | null {
  const rank = (letter: DeadLetter) =>
    (letter.message === mended.message ? 0 : 2) + (isReplayed(letter) ? 1 : 0);
  const [nearest] = alike.toSorted((one, other) => rank(one) - rank(other));
  if (nearest === undefined) return null;
  const best = isReplayed(nearest) ? (returnedOf(alike, mended, isReplayed) ?? nearest) : nearest;
  alike.splice(alike.indexOf(best), 1);
  return best;
}

/**
 * A row that was mended wrongly and came back, where the same file is mended once more: it still has the reason of the
 * letter before. Bytes that came back are no new mend of it: they were sent.
 */
function returnedOf(
  alike: readonly DeadLetter[],
  { raw }: CsvLetter,
  isReplayed: (letter: DeadLetter) => boolean,
): DeadLetter | undefined {
  if (alike.filter(({ isReturned }) => !isReturned).length > 1) return undefined;
  return alike.find((letter) => letter.isReturned && !isReplayed(letter) && !letter.raw.equals(raw));
}

function emptiness({ raw }: CsvLetter): string | null {
  return raw.toString('latin1').trim() === '' ? 'has an empty record' : null;
}

function nameOf({ file, row }: CsvLetter): string {
  return `row ${row} of ${file}`;
}

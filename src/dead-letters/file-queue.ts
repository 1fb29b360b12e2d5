import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { LetterContent } from '../sink/letter-content.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type CsvLetter, deadLetterCsv, readDeadLetterCsv } from './dead-letter-csv.ts';
import { isReplay } from './replay-marks.ts';

const HASH_DIGITS = 16;

/**
 * The dead letters in a file.
 *
 * @param committed bytes of it that are committed; null when it is not known
 * @param written what its feed writes of rows today: the file itself does not tell
 * @throws HeadraceError CONFIG_INVALID when it cannot be read, or is no such file
 */
export async function readFileQueue(
  path: string,
  committed: number | null,
  written: LetterContent = 'row',
): Promise<DeadLetter[]> {
  const letters = await readDeadLetterCsv(path, committed);
  return letters.map((letter, index) => ({
    ...letter,
    // Such a file only grows, or another one takes its place: number and content together are a letter's own.
    id: { queue: basename(path), number: index + 1, hash: hashOf(letter) },
    content: contentOf(letter, written),
    connector: null,
    error: null,
    truncatedFrom: null,
    isReturned: isReplay(path),
  }));
}

/** Rows from a time when the feed wrote another content are taken for what they look like. */
function contentOf({ raw }: CsvLetter, written: LetterContent): LetterContent {
  if (written === 'row') return 'row';
  if (raw.length === 0) return written;
  return written === 'record' && /^\{.*\}$|^\[.*\]$|^null$/s.test(raw.toString()) ? 'record' : 'row';
}

function hashOf(letter: CsvLetter): string {
  return createHash('sha256')
    .update(deadLetterCsv([letter]))
    .digest('hex')
    .slice(0, HASH_DIGITS);
}

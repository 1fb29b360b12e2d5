import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { DeadLetter } from './dead-letter.ts';
import { type CsvLetter, deadLetterCsv, readDeadLetterCsv } from './dead-letter-csv.ts';
import { isReplay } from './replay-marks.ts';

const HASH_DIGITS = 16;

/**
 * The dead letters in a file.
 *
 * @param committed bytes of it that are committed; null when it is not known
 * @throws HeadraceError CONFIG_INVALID when it cannot be read, or is no such file
 */
export async function readFileQueue(path: string, committed: number | null): Promise<DeadLetter[]> {
  const letters = await readDeadLetterCsv(path, committed);
  return letters.map((letter, index) => ({
    ...letter,
    // Such a file only grows, or another one takes its place: number and content together are a letter's own.
    id: { queue: basename(path), number: index + 1, hash: hashOf(letter) },
    connector: null,
    error: null,
    truncatedFrom: null,
    isReturned: isReplay(path),
  }));
}

function hashOf(letter: CsvLetter): string {
  return createHash('sha256')
    .update(deadLetterCsv([letter]))
    .digest('hex')
    .slice(0, HASH_DIGITS);
}

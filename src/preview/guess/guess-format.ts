import type { DataFile } from '../../dry-run/data-file.ts';
import { readHead, wholeLines } from './guess.ts';
import { guessDialect, splitRows } from './guess-dialect.ts';
import { binaryProblem } from './guess-encoding.ts';
import { type FlatObject, objectsIn } from './json-lines.ts';

/** What a file seems to be. */
export type GuessedFormat =
  | { readonly parser: 'csv'; readonly delimiter: string }
  | { readonly parser: 'jsonl'; readonly objects: readonly FlatObject[] };

/** Objects that are looked at for their keys, at most. */
const SAMPLE_ROWS = 1000;
/** What is called so is read so, that its own parser may tell what is wrong with it. */
const JSON_LINES = /\.(?:jsonl|ndjson)(?:\.\w+)?$/i;

/**
 * How rows and cells of a file seem to be told apart; null where its first rows do not tell: it is empty, no text, or has one
 * column. Nothing is guessed that the header does not have.
 *
 * @throws HeadraceError when it cannot be read
 */
export async function guessFormat(file: DataFile): Promise<GuessedFormat | null> {
  const head = await readHead(file);
  if (binaryProblem(head.bytes) !== null) return null;
  const text = wholeLines(head);
  const objects = objectsIn(text, SAMPLE_ROWS);
  if (objects !== null || JSON_LINES.test(file.path)) return { parser: 'jsonl', objects: objects ?? [] };
  const dialect = guessDialect(text);
  const [header = []] = splitRows(text, dialect, 1);
  return header.length > 1 ? { parser: 'csv', delimiter: dialect.delimiter } : null;
}

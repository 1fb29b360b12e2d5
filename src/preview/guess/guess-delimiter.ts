import type { DataFile } from '../../dry-run/data-file.ts';
import { readHead } from './guess.ts';
import { guessDialect, splitRows } from './guess-dialect.ts';
import { binaryProblem, decoded, guessEncoding } from './guess-encoding.ts';

/**
 * What seems to stand between the cells of a file; null where its first rows do not tell: it is empty, no text, or has one
 * column. Nothing is guessed that the header does not have.
 *
 * @throws HeadraceError when it cannot be read
 */
export async function guessDelimiter(file: DataFile): Promise<string | null> {
  const { bytes, isWhole } = await readHead(file);
  if (binaryProblem(bytes) !== null) return null;
  const text = decoded(bytes, guessEncoding(bytes));
  const dialect = guessDialect(isWhole ? text : text.slice(0, text.lastIndexOf('\n') + 1));
  const [header = []] = splitRows(text, dialect, 1);
  return header.length > 1 ? dialect.delimiter : null;
}

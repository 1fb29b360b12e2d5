import { nameWithGuess, shownNames } from '../config/check/field-names.ts';
import { FieldWalk, type LackingField, onePerName } from '../config/check/field-walk.ts';
import { HeadraceError, messageOf } from '../errors.ts';
import { guessDelimiter } from '../preview/guess/guess-delimiter.ts';
import { lookAtRows } from './file-columns.ts';
import type { JobPlan } from './job-plan.ts';
import type { LoadFile } from './load-files.ts';
import type { LoadOptions } from './load-options.ts';

/**
 * The options with the delimiter that the files have, where none is given: a file of another is one column otherwise.
 *
 * @param tell is told of a file whose delimiter is not the comma
 * @throws HeadraceError CONFIG_INVALID when the files have different ones
 */
export async function withDelimiter(
  options: LoadOptions,
  files: readonly LoadFile[],
  tell: (file: string, reason: string) => void,
): Promise<LoadOptions> {
  if (options.delimiter !== undefined) return options;
  let found: { readonly file: LoadFile; readonly delimiter: string } | null = null;
  for (const file of files) {
    const delimiter = await delimiterOf(file);
    if (delimiter === null) continue;
    found ??= { file, delimiter };
    if (found.delimiter === delimiter) continue;
    const [one, other] = [found.delimiter, delimiter].map(nameOf);
    const problem = `${found.file.shown} has ${one} between its cells, and ${file.shown} ${other}`;
    throw new HeadraceError(
      'CONFIG_INVALID',
      `${problem}; load them one after the other, or give --delimiter`,
    );
  }
  if (found === null || found.delimiter === ',') return options;
  tell(
    found.file.shown,
    `${nameOf(found.delimiter)} seems to stand between its cells; --delimiter says what does`,
  );
  return { ...options, delimiter: found.delimiter };
}

/** Whatever keeps a file from being looked at keeps it from being loaded, which tells of it. */
async function delimiterOf(file: LoadFile): Promise<string | null> {
  try {
    return await guessDelimiter(file);
  } catch (error) {
    if (error instanceof HeadraceError) return null;
    throw new HeadraceError('SOURCE_UNREADABLE', `${file.shown}: ${messageOf(error)}`, { cause: error });
  }
}

function nameOf(delimiter: string): string {
  return delimiter === '\t' ? 'a tab' : JSON.stringify(delimiter);
}

/**
 * What the command line names of columns must be in the header of a file at least: a file that lacks it among others that
 * have it is given up by itself.
 *
 * @throws HeadraceError CONFIG_INVALID
 */
export async function requireColumns({ feed, files }: JobPlan, options: LoadOptions): Promise<void> {
  const walk = await FieldWalk.of(feed.config.transformations);
  let first: string | null = null;
  for (const file of files) {
    const { columns } = await lookAtRows(file, feed.config, 1);
    if (columns === null) continue;
    const lacking = walk.lacking(columns).filter(({ lack }) => lack === 'refused');
    if (lacking.length === 0) return;
    const names = onePerName(lacking).map(({ name, among }) => nameWithGuess(name, among));
    first ??= `${flagOf(lacking[0] as LackingField, options)}: ${file.shown} has no column ${names.join(', ')}; its header has ${shownNames(columns)}`;
  }
  if (first !== null) throw new HeadraceError('CONFIG_INVALID', first);
}

/** Which option names the column. */
function flagOf({ label, key }: LackingField, { schema, topic, key: column }: LoadOptions): string {
  if (label === 'validate') return `--schema ${schema}`;
  return key === 'key' ? `--key ${column}` : `--topic ${topic}`;
}

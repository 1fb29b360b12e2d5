import { nameWithGuess, shownNames } from '../config/check/field-names.ts';
import { FieldWalk, type LackingField, onePerName } from '../config/check/field-walk.ts';
import { HeadraceError, messageOf } from '../errors.ts';
import { type GuessedFormat, guessFormat } from '../preview/guess/guess-format.ts';
import { SeenColumns } from '../preview/guess/json-lines.ts';
import { lookAtRows } from './file-columns.ts';
import type { JobPlan } from './job-plan.ts';
import type { LoadFile } from './load-files.ts';
import type { LoadOptions, TopicOptions } from './load-options.ts';

/**
 * The options with the format that the files have: the delimiter, where none is given, as a file of another is one column
 * otherwise; or that they are JSON lines, with their columns.
 *
 * @param tell is told of a file whose delimiter is not the comma, and of the first that is odd in another way
 * @throws HeadraceError CONFIG_INVALID when the files have different ones
 */
export async function withFormat(
  options: LoadOptions,
  files: readonly LoadFile[],
  tell: (file: string, reason: string) => void,
): Promise<TopicOptions> {
  if (options.delimiter !== undefined) return options;
  let found: { readonly file: LoadFile; readonly format: TellingFormat } | null = null;
  const seen = new SeenColumns();
  let isOdd = false;
  for (const file of files) {
    const format = await formatOf(file);
    if (format === null) continue;
    if (format.parser === 'csv' && format.oddity !== null && !isOdd) {
      isOdd = true;
      tell(file.shown, format.oddity);
    }
    if (!tells(format)) continue;
    found ??= { file, format };
    if (format.parser === 'jsonl') seen.add(format.objects);
    const [one, other] = [found.format, format].map(nameOf);
    if (one !== other) {
      const problem = `${found.file.shown} has ${one}, and ${file.shown} ${other}`;
      throw new HeadraceError(
        'CONFIG_INVALID',
        `${problem}; load them one after the other, or give --delimiter`,
      );
    }
  }
  if (found === null) return options;
  if (found.format.parser === 'jsonl') return { ...options, jsonColumns: listable(seen.names) };
  const { delimiter } = found.format;
  if (delimiter === ',') return options;
  tell(
    found.file.shown,
    `${delimiterName(delimiter)} seems to stand between its cells; --delimiter says what does`,
  );
  return { ...options, delimiter };
}

/** Names that a list of an option can hold; none where there are others. */
function listable(columns: readonly string[]): readonly string[] {
  return columns.every((name) => name === name.trim() && !name.includes(',')) ? columns : [];
}

/** Whatever keeps a file from being looked at keeps it from being loaded, which tells of it. */
async function formatOf(file: LoadFile): Promise<GuessedFormat | null> {
  try {
    return await guessFormat(file);
  } catch (error) {
    if (error instanceof HeadraceError) return null;
    throw new HeadraceError('SOURCE_UNREADABLE', `${file.shown}: ${messageOf(error)}`, { cause: error });
  }
}

type TellingFormat = GuessedFormat & ({ readonly parser: 'jsonl' } | { readonly delimiter: string });

function tells(format: GuessedFormat): format is TellingFormat {
  return format.parser === 'jsonl' || format.delimiter !== null;
}

function nameOf(format: TellingFormat): string {
  return format.parser === 'jsonl' ? 'JSON lines' : `${delimiterName(format.delimiter)} between its cells`;
}

function delimiterName(delimiter: string): string {
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
function flagOf({ place, key }: LackingField, { schema, topic, key: column }: LoadOptions): string {
  if (place === 'transforms.validate') return `--schema ${schema}`;
  return key === 'key' ? `--key ${column}` : `--topic ${topic}`;
}

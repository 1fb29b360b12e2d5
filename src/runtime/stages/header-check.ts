import { nameWithGuess, shownName, shownNames } from '../../config/check/field-names.ts';
import { FieldWalk, type LackingField, type NewFields, onePerName } from '../../config/check/field-walk.ts';
import type { ConnectorConfig } from '../../config/connector-config.ts';
import { HeadraceError } from '../../errors.ts';
import type { SourceFile, SourceOffset } from '../../plugin/index.ts';
import type { RowBatch } from '../../rows/index.ts';
import { DELIMITERS } from '../../values/known-formats.ts';
import { type DatedOffset, HeaderChange } from './header-change.ts';

/** Is told once for a file what its columns are that the feed does not expect, where its rows go on all the same. */
export type TellColumns = (
  file: string,
  reason: string,
  what: 'file lacks columns' | 'file has new columns',
) => void;

/** Holds the columns of each file against what the feed's transformations look for, before a row of it goes on. */
export class HeaderCheck {
  readonly #walk: FieldWalk;
  readonly #parser: string;
  readonly #change: HeaderChange;
  readonly #tell: TellColumns;
  #file: SourceFile | null = null;
  #told: string | null = null;
  /** What was told of the columns of the file before that were new. */
  #toldNew = '';

  private constructor(walk: FieldWalk, parser: string, change: HeaderChange, tell: TellColumns) {
    this.#walk = walk;
    this.#parser = parser;
    this.#change = change;
    this.#tell = tell;
  }

  static async of(
    { parser, transformations, headers }: Pick<ConnectorConfig, 'parser' | 'transformations' | 'headers'>,
    tell: TellColumns,
    before: () => Iterable<DatedOffset> = () => [],
  ): Promise<HeaderCheck> {
    const walk = await FieldWalk.of(transformations);
    return new HeaderCheck(walk, parser.label, new HeaderChange(headers, before), tell);
  }

  /**
   * To be called with each batch; a file without rows may have any header.
   *
   * @throws HeadraceError COLUMNS_MISSING when no row of the file could pass, COLUMNS_UNKNOWN, HEADER_CHANGED
   */
  look({ file, columns, rowCount }: RowBatch): void {
    if (this.#file === file || rowCount === 0) return;
    this.#file = file;
    this.#change.require(file, columns);
    this.#requireFields(file, columns);
    this.#requireKnown(file, columns);
    this.#change.accept(file, columns);
  }

  /** What is to be kept with the offset of a file. */
  offsetOf(file: SourceFile): SourceOffset {
    return this.#change.offsetOf(file);
  }

  #requireFields(file: SourceFile, columns: readonly string[]): void {
    const lacking = this.#walk.lacking(columns);
    if (lacking.length === 0) return;
    const refused = lacking.filter(({ lack }) => lack === 'refused');
    if (refused.length > 0) {
      const message = `${file.path}: ${this.#text(refused, columns)}. ${consequence(refused)}`;
      throw new HeadraceError('COLUMNS_MISSING', message);
    }
    this.#tellOnce(file.path, `${this.#text(lacking, columns)}. ${goingOn(lacking)}`);
  }

  /** Columns that are as new as those of the file before are told no more. */
  #requireKnown(file: SourceFile, columns: readonly string[]): void {
    const found = this.#walk.unknown(columns);
    const refused = found.find(({ fate }) => fate === 'refused');
    if (refused !== undefined)
      throw new HeadraceError('COLUMNS_UNKNOWN', `${file.path}: ${newText(refused)}`);
    const text = found.map(newText).join('; ');
    if (text !== '' && text !== this.#toldNew) this.#tell(file.path, text, 'file has new columns');
    this.#toldNew = text;
  }

  /** Rows of one file may come as several files, as dead letters do. */
  #tellOnce(path: string, reason: string): void {
    const told = `${path}: ${reason}`;
    if (this.#told === told) return;
    this.#told = told;
    this.#tell(path, reason, 'file lacks columns');
  }

  #text(lacking: readonly LackingField[], columns: readonly string[]): string {
    const names = onePerName(lacking);
    const missing = names
      .filter(({ name }) => !columns.includes(name))
      .map(({ name, among }) => nameWithGuess(name, among));
    const dropped = names
      .filter(({ name }) => columns.includes(name))
      .map(
        (field) =>
          `no field ${nameWithGuess(field.name, field.among)} in ${field.place}, where rows have ${shownNames(field.among)}`,
      );
    const header = `no column ${missing.join(', ')}; the header has ${shownNames(columns)}`;
    return [...(missing.length > 0 ? [header] : []), ...dropped].join('; ') + this.#aboutDelimiter(columns);
  }

  #aboutDelimiter([only = '', ...others]: readonly string[]): string {
    const delimiter = others.length > 0 ? undefined : DELIMITERS.find((one) => only.includes(one));
    if (delimiter === undefined) return '';
    return ` and nothing else (is transforms.${this.#parser}.delimiter ${JSON.stringify(delimiter)}?)`;
  }
}

function consequence(refused: readonly LackingField[]): string {
  const question = `(${placesOf(refused)}): is the file of another kind?`;
  const [first] = refused;
  if (first?.kept === undefined || !refused.every(({ kept }) => kept !== undefined))
    return `Without ${refused.length === 1 ? 'it' : 'them'} no row can pass ${question}`;
  const { there, of } = first.kept;
  const much = `Of ${of} fields that ${first.place} takes ${there === 0 ? 'none' : `only ${there}`} is there`;
  return there === 0 || first.allowedBy === undefined
    ? `${much} ${question}`
    : `${much} ${question} Where a column may be absent, say so: ${first.place}.${first.allowedBy}`;
}

function newText({ place, names, fate, known }: NewFields): string {
  const option = `${place}.new.columns`;
  const inCase = new Map(known.map((name) => [name.toLowerCase(), name]));
  const alike = names.flatMap((name) => {
    const field = inCase.get(name.toLowerCase());
    return field === undefined ? [] : [`${shownName(name)} differs from ${shownName(field)} in case alone`];
  });
  const what = [`${place} does not know ${shownNames(names)}`, ...alike.slice(0, 5)].join('; ');
  if (fate === 'added') return `${what}. Added, as strings that may be empty`;
  if (fate === 'ignored') return `${what}. Ignored; to have the columns in records, set ${option}: added`;
  return `${what}, and ${option} is refused. Add the columns to the schema, or set it to ignored or added`;
}

function placesOf(lacking: readonly LackingField[]): string {
  return [...new Set(lacking.map(({ place, key }) => `${place}.${key}`))].slice(0, 5).join(', ');
}

function goingOn(lacking: readonly LackingField[]): string {
  const rows = `The rows go on without ${lacking.length === 1 ? 'it' : 'them'} (${placesOf(lacking)})`;
  const [allowed] = lacking.filter(({ allowedBy }) => allowedBy !== undefined);
  if (allowed === undefined) return `${rows}.`;
  return `${rows}; where a column may be absent, say so: ${allowed.place}.${allowed.allowedBy}`;
}

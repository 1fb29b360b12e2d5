import type {
  CellField,
  CellPlan,
  CellStage,
  Cells,
  FieldValue,
  RecordSchema,
  SourceRecord,
} from '../../src/plugin/index.ts';
import { type CellCheck, equals } from './cell-checks.ts';
import { type CellValue, cellValue } from './cell-values.ts';
import type { CompiledField } from './compile-fields.ts';

interface CheckedField {
  readonly column: number;
  readonly trim: boolean;
  readonly asciiOnly: boolean;
  /** What an empty cell becomes; undefined: the general path rejects the row. */
  readonly nothing: FieldValue | undefined;
  readonly check: CellCheck;
}

interface TypedField {
  readonly name: string;
  readonly empty: FieldValue;
  readonly read: CellValue;
}

/** Checks the cells of rows by a schema, for rows in which each is in its plain form. */
export class SchemaCells implements CellStage {
  readonly plan: CellPlan;
  readonly #fields: readonly CheckedField[];
  readonly #typed: readonly TypedField[];
  readonly #nullWords: readonly Buffer[];
  readonly #width: number;
  /** The bounds of a row before its cells are narrowed. */
  readonly #asRead: Uint32Array;

  private constructor(
    plan: CellPlan,
    fields: readonly CheckedField[],
    nullWords: readonly Buffer[],
    width: number,
  ) {
    this.plan = plan;
    this.#fields = fields;
    this.#typed = plan.fields.map(({ name, type, empty, case: toCase }) => ({
      name,
      empty,
      read: cellValue(type, toCase),
    }));
    this.#nullWords = nullWords;
    this.#width = width;
    this.#asRead = new Uint32Array(2 * width);
  }

  /** null when a field has no plain form, or a column that it needs is not in the file. */
  static compile(
    before: CellPlan,
    schema: RecordSchema,
    fields: readonly CompiledField[],
    nullValues: readonly string[],
  ): SchemaCells | null {
    // Rows that another stage has typed already come in forms that are not the file's.
    if (before.valueSchema !== null) return null;
    const checked: CheckedField[] = [];
    const planned: CellField[] = [];
    for (const { schema: field, trim, case: toCase, cellCheck: check, nothing } of fields) {
      const column = before.fields.find(({ name }) => name === field.name)?.column;
      if (column === undefined || check === null) return null;
      // Symbols are compared in ASCII anyway.
      const asciiOnly = toCase !== null && field.type !== 'enum';
      checked.push({ column, trim, asciiOnly, nothing, check });
      planned.push({ name: field.name, column, type: field.type, empty: nothing ?? null, case: toCase });
    }
    const plan = { ...before, valueSchema: schema, fields: planned };
    const nullWords = nullValues.map((word) => Buffer.from(word));
    return new SchemaCells(plan, checked, nullWords, before.width);
  }

  takes(cells: Cells, row: number): boolean {
    const { bounds } = cells;
    const first = 2 * row * this.#width;
    for (let i = 0; i < this.#asRead.length; i++) this.#asRead[i] = bounds[first + i] as number;
    if (this.#check(cells, first)) return true;
    // The general path tells of the cells as they were read.
    bounds.set(this.#asRead, first);
    return false;
  }

  /** What `apply` gives, without its checks: the cells have had theirs. */
  materialize(record: SourceRecord): void {
    const row = record.value as Readonly<Record<string, unknown>>;
    const typed: Record<string, FieldValue> = {};
    for (const { name, empty, read } of this.#typed) {
      const text = textOf(row[name]);
      const value = text === '' ? empty : read(text);
      if (name === '__proto__') setOwn(typed, name, value);
      else typed[name] = value;
    }
    record.value = typed;
    record.valueSchema = this.plan.valueSchema;
  }

  #check({ bytes, bounds }: Cells, first: number): boolean {
    for (const { column, trim, asciiOnly, nothing, check } of this.#fields) {
      const at = first + 2 * column;
      if ((trim || asciiOnly) && !isAscii(bytes, bounds[at] as number, bounds[at + 1] as number))
        return false;
      if (trim) trimCell(bytes, bounds, at);
      if (this.#nullWords.length > 0) this.#emptyNullWord(bytes, bounds, at);
      if (bounds[at] === bounds[at + 1] ? nothing === undefined : !check(bytes, bounds, at)) return false;
    }
    return true;
  }

  #emptyNullWord(bytes: Buffer, bounds: Uint32Array, at: number): void {
    const start = bounds[at] as number;
    const end = bounds[at + 1] as number;
    for (const word of this.#nullWords) if (equals(bytes, start, end, word)) bounds[at + 1] = start;
  }
}

/** A transformation before this one may have added numbers, and nothing. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : String(value ?? '');
}

/** An ordinary assignment would set the prototype. */
function setOwn(object: object, name: string, value: FieldValue): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] as number) > 0x7f) return false;
  return true;
}

/** Takes off what `String.prototype.trim` does, in ASCII. */
function trimCell(bytes: Buffer, bounds: Uint32Array, at: number): void {
  let start = bounds[at] as number;
  let end = bounds[at + 1] as number;
  while (start < end && isSpace(bytes[start] as number)) start++;
  while (end > start && isSpace(bytes[end - 1] as number)) end--;
  bounds[at] = start;
  bounds[at + 1] = end;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

import {
  type CellField,
  type CellPlan,
  type Cells,
  type CellTarget,
  type CellWriter,
  COPY_SLACK,
  copyFixed,
  type FixedBytes,
  fixedBytes,
} from '../plugin/index.ts';
import { cellsFit, checkedCells } from './cells-fit.ts';
import { type JsonCellForm, jsonCellForm } from './json-cell-forms.ts';
import { type FormOf, type JsonForm, PLAIN } from './json-forms.ts';
import { jsonValueWriter } from './json-values.ts';

interface FieldWriter {
  /** What stands before the value: a brace or comma, the name, a colon, and the quote of those that have one. */
  readonly before: FixedBytes;
  readonly column: number;
  readonly form: JsonCellForm;
  readonly after: FixedBytes;
  /** All of it, for an empty cell; null where there must be none. */
  readonly empty: FixedBytes | null;
}

export interface JsonCellOptions {
  readonly formOf: FormOf;
  /** What stands before and behind each object. */
  readonly head: Uint8Array;
  readonly tail: string;
  /** Every field of the schema, and no other, is to be there. */
  readonly isClosed: boolean;
}

/** From here on a native copy is faster than a loop over words. */
const LONG_HEAD = 100;
const INTEGER_KEY = /^(0|[1-9][0-9]*)$/;

/** A writer of JSON objects from cells, without text or objects between; null when some field needs records. */
export function compileJsonCells(
  { fields, valueSchema }: CellPlan,
  { formOf, head, tail, isClosed }: JsonCellOptions,
): CellWriter | null {
  // Objects put such keys first, whatever order they came in.
  if (valueSchema === null && fields.some(({ name }) => INTEGER_KEY.test(name))) return null;
  const schemas = new Map(valueSchema?.fields.map((field) => [field.name, field]));
  if (isClosed && !isSame(fields, valueSchema?.fields ?? [])) return null;
  const writers: FieldWriter[] = [];
  for (const field of fields) {
    const schema = schemas.get(field.name);
    const mayBeEmpty = !isClosed || field.empty !== null || schema?.optional === true;
    const form = schema === undefined ? PLAIN : formOf(schema);
    writers.push(fieldWriter(field, form, writers.length === 0, mayBeEmpty));
  }
  return new JsonCellWriter(head, writers, fixedBytes(fields.length === 0 ? `{}${tail}` : `}${tail}`));
}

class JsonCellWriter implements CellWriter {
  readonly #head: Uint8Array;
  readonly #headWords: FixedBytes;
  readonly #writers: readonly FieldWriter[];
  readonly #checked: readonly FieldWriter[];
  readonly #end: FixedBytes;
  readonly #fixedBytes: number;
  readonly #bytesPerByte: number;

  constructor(head: Uint8Array, writers: readonly FieldWriter[], end: FixedBytes) {
    this.#head = head;
    this.#headWords = fixedBytes(head);
    this.#writers = writers;
    this.#checked = checkedCells(writers);
    this.#end = end;
    const sizes = writers.map(
      ({ before, after, empty, form }) =>
        before.length + after.length + (empty?.length ?? 0) + form.extraBytes,
    );
    this.#fixedBytes = sizes.reduce((sum, size) => sum + size, head.length + end.length + COPY_SLACK);
    this.#bytesPerByte = Math.max(1, ...writers.map(({ form }) => form.bytesPerByte));
  }

  #writeHead(target: CellTarget, at: number): number {
    if (this.#head.length <= LONG_HEAD) return copyFixed(target, at, this.#headWords);
    target.buffer.set(this.#head, at);
    return at + this.#head.length;
  }

  maxBytes(cellBytes: number): number {
    return this.#fixedBytes + this.#bytesPerByte * cellBytes;
  }

  takes(cells: Cells, first: number): boolean {
    return cellsFit(this.#checked, cells, first);
  }

  write(target: CellTarget, from: number, cells: Cells, first: number): number {
    const { bounds } = cells;
    let at = this.#writeHead(target, from);
    for (const { before, column, form, after, empty } of this.#writers) {
      const start = bounds[first + 2 * column] as number;
      const stop = bounds[first + 2 * column + 1] as number;
      if (start === stop) {
        at = copyFixed(target, at, empty as FixedBytes);
        continue;
      }
      at = copyFixed(target, at, before);
      at = form.write(target, at, cells, start, stop);
      at = copyFixed(target, at, after);
    }
    return copyFixed(target, at, this.#end);
  }
}

function isSame(fields: readonly CellField[], schemas: readonly { name: string; type: string }[]): boolean {
  return (
    fields.length === schemas.length &&
    fields.every(({ name, type }, index) => name === schemas[index]?.name && type === schemas[index]?.type)
  );
}

function fieldWriter(field: CellField, form: JsonForm, isFirst: boolean, mayBeEmpty: boolean): FieldWriter {
  const cells = jsonCellForm(field, form);
  const key = `${isFirst ? '{' : ','}${JSON.stringify(field.name)}:`;
  const quote = cells.isQuoted ? '"' : '';
  const empty = mayBeEmpty ? emptyText(field, form) : null;
  return {
    before: fixedBytes(key + quote),
    column: field.column,
    form: cells,
    after: fixedBytes(quote),
    empty: empty === null ? null : fixedBytes(key + empty),
  };
}

/** null when what an empty cell stands for does not fit: the record's way tells of it. */
function emptyText({ type, empty }: CellField, form: JsonForm): string | null {
  try {
    return jsonValueWriter(type, form)(empty);
  } catch {
    return null;
  }
}

import type { InnerRecord } from '../../plugin/index.ts';
import type { CellField, CellPlan, CellWriter } from '../../rows/index.ts';
import { innerRecordsOf, ownNameOf } from '../../values/schema-shape.ts';
import { type CellStep, compileCellSteps } from '../cells/cell-program.ts';
import { jsonCellForm } from './cell-forms.ts';
import { type FormOf, type JsonForm, PLAIN } from './forms.ts';
import { jsonValueWriter } from './values.ts';

export interface JsonCellOptions {
  readonly formOf: FormOf;
  /** What stands before and behind each object. */
  readonly head: Uint8Array;
  readonly tail: string;
  /** Every field of the schema, and no other, is to be there. */
  readonly isClosed: boolean;
}

/** A writer of JSON objects from cells, without text or objects between; null when some field needs records. */
export function compileJsonCells(
  { fields, valueSchema }: CellPlan,
  { formOf, head, tail, isClosed }: JsonCellOptions,
): CellWriter | null {
  const schemas = new Map(valueSchema?.fields.map((field) => [field.name, field]));
  if (isClosed && !isSame(fields, valueSchema?.fields ?? [])) return null;
  const nesting = new Nesting();
  const steps: CellStep[] = [];
  let opened = Buffer.concat([head, Buffer.from('{')]);
  for (const field of fields) {
    const schema = schemas.get(field.name);
    const mayBeEmpty = !isClosed || field.empty !== null || schema?.optional === true;
    const within = schema === undefined ? [] : innerRecordsOf(schema);
    // Whether it is null depends on several cells.
    if (within.some(({ optional }) => optional)) return null;
    const name = schema === undefined ? field.name : ownNameOf(schema);
    const key = `${nesting.before(within, steps.length === 0)}${JSON.stringify(name)}:`;
    const form = schema === undefined ? PLAIN : formOf(schema);
    const step = cellStep(field, form, Buffer.concat([opened, Buffer.from(key)]), mayBeEmpty);
    if (step === null) return null;
    steps.push(step);
    opened = Buffer.alloc(0);
  }
  const end = Buffer.from(`${nesting.end()}}${tail}`);
  return compileCellSteps(steps, steps.length === 0 ? Buffer.concat([opened, end]) : end);
}

/** The braces of records in the record, whose fields follow one another. */
class Nesting {
  #around: readonly InnerRecord[] = [];

  /** What stands before the name of a field in these records. */
  before(within: readonly InnerRecord[], isFirst: boolean): string {
    let same = 0;
    while (same < within.length && within[same] === this.#around[same]) same++;
    const closed = '}'.repeat(this.#around.length - same);
    const entered = within.slice(same).map(({ name }) => `${JSON.stringify(name)}:{`);
    this.#around = within;
    return `${closed}${isFirst ? '' : ','}${entered.join('')}`;
  }

  end(): string {
    return '}'.repeat(this.#around.length);
  }
}

function isSame(fields: readonly CellField[], schemas: readonly { name: string; type: string }[]): boolean {
  return (
    fields.length === schemas.length &&
    fields.every(({ name, type }, index) => name === schemas[index]?.name && type === schemas[index]?.type)
  );
}

/** @param opened what stands before the value */
function cellStep(
  field: CellField,
  form: JsonForm,
  opened: Uint8Array,
  mayBeEmpty: boolean,
): CellStep | null {
  const cells = jsonCellForm(field, form);
  if (cells === null) return null;
  const before = (text: string) => Buffer.concat([opened, Buffer.from(text)]);
  const empty = mayBeEmpty ? emptyText(field, form) : null;
  return {
    column: field.column,
    form: cells,
    before: before(cells.isQuoted ? '"' : ''),
    empty: empty === null ? null : before(empty),
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

import { inCase } from './cell-texts.ts';
import type { CellField, CellPlan } from './cells.ts';

/** A field of a plan, between its cell and its value. */
export interface PlanField extends CellField {
  /** Of an enum, what may stand in its cells. */
  readonly symbols: readonly string[];
  /** Nothing but this field is made of its cell. */
  readonly ownsCell: boolean;
}

export function planField(field: CellField, { fields, key, timestamp, valueSchema }: CellPlan): PlanField {
  const made = [key, timestamp, ...fields.filter((one) => one !== field)];
  const schema = valueSchema?.fields.find(({ name }) => name === field.name);
  return {
    ...field,
    symbols: schema?.symbols ?? [],
    ownsCell: made.every((one) => one?.column !== field.column),
  };
}

/**
 * The text of the cell that has this value and is in its type's plain form; empty for what an empty cell stands for.
 * null where there is none, and for decimals and times, whose forms are not looked into.
 */
export function cellTextOf(field: PlanField, value: unknown): string | null {
  if (Object.is(value, field.empty)) return '';
  switch (field.type) {
    case 'string':
      return isTextIn(field.case, value) ? value : null;
    case 'enum':
      return isTextIn(field.case, value) && field.symbols.includes(value) ? value : null;
    case 'int':
      return typeof value === 'number' && Object.is(value | 0, value) ? String(value) : null;
    case 'float':
    case 'double':
      return typeof value === 'number' ? plainDouble(value) : null;
    case 'long':
      return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? String(value) : null;
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : null;
    default:
      return null;
  }
}

function isTextIn(toCase: CellField['case'], value: unknown): value is string {
  // An empty cell is something else; half of a surrogate pair has no UTF-8.
  if (typeof value !== 'string' || value === '' || !value.isWellFormed()) return false;
  return toCase === null || (inCase(value, toCase) === value && Buffer.byteLength(value) === value.length);
}

/** null for numbers that JSON writes with an exponent, or not at all, or without their sign. */
function plainDouble(value: number): string | null {
  const text = String(value);
  return Number.isFinite(value) && !text.includes('e') && !Object.is(value, -0) ? text : null;
}

import type { FieldType } from '../plugin/schema.ts';
import type { CellPlan } from './cells.ts';
import type { PlanField } from './plan-fields.ts';

/** A field that a function adds to rows. */
export interface AddedField {
  readonly name: string;
  readonly type: FieldType;
}

/** A plan with more fields than another, behind the others and with cells of their own. */
export interface WiderPlan {
  readonly plan: CellPlan;
  readonly added: readonly PlanField[];
}

const TYPES: Readonly<Record<string, FieldType>> = {
  string: 'string',
  number: 'double',
  bigint: 'long',
  boolean: 'boolean',
};
/** Objects put such properties before all others. */
const INTEGER = /^(0|[1-9][0-9]*)$/;

/** The fields that were added to an object of a plan's fields, behind all of them; empty where that is not what was done. */
export function addedFields({ fields }: CellPlan, value: unknown): readonly AddedField[] {
  if (typeof value !== 'object' || value === null) return [];
  const known = new Set(fields.map(({ name }) => name));
  const properties = Object.entries(value);
  if (!properties.slice(0, fields.length).every(([name]) => known.has(name))) return [];
  const added = properties.slice(fields.length).map(([name, its]) => ({ name, type: TYPES[typeof its] }));
  const isTyped = (field: { name: string; type: FieldType | undefined }): field is AddedField =>
    field.type !== undefined && !INTEGER.test(field.name);
  return added.every(isTyped) ? added : [];
}

/** null where the plan has a field of one of the names. */
export function widerPlan(plan: CellPlan, added: readonly AddedField[]): WiderPlan | null {
  const { width, fields } = plan;
  if (fields.some(({ name }) => added.some((field) => field.name === name))) return null;
  const own = added.map(
    ({ name, type }, index): PlanField => ({
      name,
      column: width + index,
      type,
      empty: null,
      case: null,
      symbols: [],
      ownsCell: true,
    }),
  );
  return { plan: { ...plan, width: width + own.length, fields: [...fields, ...own] }, added: own };
}

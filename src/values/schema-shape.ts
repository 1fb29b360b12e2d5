import type { FieldSchema, InnerRecord } from '../plugin/schema.ts';

type FieldShape = Partial<
  Pick<FieldSchema, 'type' | 'symbols' | 'precision' | 'scale' | 'unit' | 'local' | 'size'>
>;

/** What of a field its type in other formats depends on, beside whether it is optional. */
export function shapeOf(field: FieldShape): string {
  const { type, symbols, precision, scale, unit, local, size } = field;
  return JSON.stringify([type, symbols, precision, scale, unit, local, size]);
}

/** What of a record's fields its type in other formats depends on. */
export function shapeOfFields(fields: readonly FieldSchema[]): string {
  return JSON.stringify(fields.map((field) => [field.name, field.optional, shapeOf(field)]));
}

/** The records that a field is in; none once it has been renamed, as its name is no path then. */
export function innerRecordsOf({ name, within = [] }: FieldSchema): readonly InnerRecord[] {
  return name.startsWith(pathTo(within)) ? within : [];
}

/** A field's name in the innermost record that it is in. */
export function ownNameOf(field: FieldSchema): string {
  return field.name.slice(pathTo(innerRecordsOf(field)).length);
}

function pathTo(within: readonly InnerRecord[]): string {
  return within.map(({ name }) => `${name}.`).join('');
}

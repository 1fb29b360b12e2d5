import type { FieldSchema, RecordSchema } from '../plugin/schema.ts';

/** Whether a record has columns that its feed does not name. */
export function hasAdded({ fields }: RecordSchema): boolean {
  return fields.some(isAdded);
}

export function addedNames({ fields }: RecordSchema): readonly string[] {
  return fields.filter(isAdded).map(({ name }) => name);
}

/** The schema as the feed has it. */
export function withoutAdded(schema: RecordSchema): RecordSchema {
  return { ...schema, fields: schema.fields.filter((field) => !isAdded(field)) };
}

/** The schema with other columns besides its own added ones, all of them by name: one order, whichever came first. */
export function withAdded(schema: RecordSchema, names: readonly string[]): RecordSchema {
  const known = new Set(schema.fields.map(({ name }) => name));
  const others = names.filter((name) => !known.has(name)).map(addedField);
  const added = [...schema.fields.filter(isAdded), ...others];
  const inOrder = added.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return { ...schema, fields: [...withoutAdded(schema).fields, ...inOrder] };
}

function addedField(name: string): FieldSchema {
  return { name, type: 'string', optional: true, added: true };
}

function isAdded({ added }: FieldSchema): boolean {
  return added === true;
}

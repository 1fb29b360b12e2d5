import { type FieldSchema, type RecordSchema, RowError } from '../../src/plugin/index.ts';

type Derive = (schema: RecordSchema) => RecordSchema | null;

/**
 * Gives a schema's successor, made once for each schema: converters compile what they write for the schema object they
 * are given, so it must be the same one for every record.
 */
export function derivedSchema(derive: Derive): (schema: RecordSchema | null) => RecordSchema | null {
  const derived = new WeakMap<RecordSchema, RecordSchema | null>();
  return (schema) => {
    if (schema === null) return null;
    const known = derived.get(schema);
    if (known !== undefined) return known;
    const made = derive(schema);
    derived.set(schema, made);
    return made;
  };
}

/** The schema with other fields; two of one name reject the record, as in Connect. */
export function schemaWith(schema: RecordSchema, fields: readonly FieldSchema[]): RecordSchema {
  const names = new Set<string>();
  for (const { name } of fields) {
    if (names.has(name))
      throw new RowError('DuplicateField', `the schema has a field ${JSON.stringify(name)} already`);
    names.add(name);
  }
  return { ...schema, fields };
}

/** The field's schema of a name, or null. */
export function schemaOfField(schema: RecordSchema | null, name: string): FieldSchema | null {
  return schema?.fields.find((field) => field.name === name) ?? null;
}

import type { FieldUse, SoughtField } from '../../src/plugin/index.ts';
import { innerRecordsOf } from '../../src/values/schema-shape.ts';
import type { CompiledField } from './compile-fields.ts';

/**
 * What a schema looks for in rows: its fields, which are all that is left of them.
 *
 * @param spellings how the options spell the names of fields
 */
export function schemaUse(
  fields: readonly CompiledField[],
  spellings: ReadonlyMap<string, string>,
): FieldUse {
  const names = fields.map(({ schema }) => schema.name);
  return { seeks: fields.map((field) => sought(field, spellings)), after: () => names, dropsOthers: true };
}

/** That a cell may be empty does not say that its column may be absent: a name with a slip in it looks the same. */
function sought(
  { schema, absent, nothing }: CompiledField,
  spellings: ReadonlyMap<string, string>,
): SoughtField {
  const { name } = schema;
  const key = `fields.${spellings.get(name) ?? name}`;
  if (absent !== undefined) return { name, key, lack: absent ? 'allowed' : 'refused' };
  const mayBeNull = innerRecordsOf(schema).some(({ optional }) => optional);
  if (nothing === undefined && !mayBeNull) return { name, key, lack: 'refused' };
  return { name, key, lack: 'told', allowedBy: `${key}.absent: true` };
}

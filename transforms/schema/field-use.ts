import type { FieldUse, SoughtField } from '../../src/plugin/index.ts';
import { innerRecordsOf } from '../../src/values/schema-shape.ts';
import type { CompiledField } from './compile-fields.ts';

export type NewColumns = NonNullable<FieldUse['newFields']>;

/**
 * What a schema looks for in rows: its fields, which are all that is left of them unless others are added.
 *
 * @param spellings how the options spell the names of fields
 */
export function schemaUse(
  fields: readonly CompiledField[],
  spellings: ReadonlyMap<string, string>,
  newColumns: NewColumns,
): FieldUse {
  const names = fields.map(({ schema }) => schema.name);
  const seeks = fields.flatMap((field) => sought(field, spellings));
  if (newColumns !== 'added') return { seeks, after: () => names, dropsOthers: true, newFields: newColumns };
  const known = new Set(seeks.map(({ name }) => name));
  const after = (before: readonly string[] | null) =>
    before && [...names, ...before.filter((name) => !known.has(name))];
  return { seeks, after, newFields: newColumns };
}

/** That a cell may be empty does not say that its column may be absent: a name with a slip in it looks the same. */
function sought(
  { schema, absent, nothing, column, template }: CompiledField,
  spellings: ReadonlyMap<string, string>,
): SoughtField[] {
  const field = `fields.${spellings.get(schema.name) ?? schema.name}`;
  const key = template === null ? field : `${field}.from`;
  const mayBeNull = innerRecordsOf(schema).some(({ optional }) => optional);
  const isNeeded = nothing === undefined && !mayBeNull;
  const lack = absent === undefined ? (isNeeded ? 'refused' : 'told') : absent ? 'allowed' : 'refused';
  const allowedBy = `${field}.absent: true`;
  const names = template === null ? [column] : [...new Set(template.columns)];
  return names.map((name) => ({ name, key, lack, ...(lack === 'told' && { allowedBy }) }));
}

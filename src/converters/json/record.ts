import type { FieldSchema, RecordSchema } from '../../plugin/index.ts';
import { namesOf } from '../../values/ordered-row.ts';
import { type FieldNode, fieldTree } from '../shared/field-tree.ts';
import { misfit, type Row, refuseOthers, rowOf } from '../shared/row.ts';
import type { FormOf } from './forms.ts';
import { anyJson, checkValue, type JsonValueWriter, jsonValueWriter, Unexpected } from './values.ts';

/** A record's value as JSON text. */
export type JsonRecordWriter = (value: unknown) => string;

/** A value as JSON text; null where the row has none, and none is to be written. */
type ValueText = (row: Row) => string | null;

/**
 * Compiles a schema into one function from record to JSON text: fields in the schema's order, then those that a
 * transformation has added. A field that one has taken away is left out.
 */
export function compileOpenRecord(schema: RecordSchema, formOf: FormOf): JsonRecordWriter {
  const fields = schema.fields.map(({ name, ...field }) => ({
    name,
    prefix: `${JSON.stringify(name)}:`,
    write: jsonValueWriter(field.type, formOf({ name, ...field })),
  }));
  const nodes = fieldTree(schema.fields);
  const byName = new Map(fields.map((field) => [field.name, field]));
  const members = nodes.every(({ inner }) => inner === null)
    ? null
    : memberTexts(nodes, ({ name }) => {
        const { write } = byName.get(name) as (typeof fields)[number];
        return (row) => (Object.hasOwn(row, name) ? writeField(name, write, row[name]) : null);
      });
  return (value) => {
    const row = value as Row;
    let text = members === null ? '' : joined(members, row);
    let written = 0;
    for (const { name, prefix, write } of fields) {
      if (!Object.hasOwn(row, name)) continue;
      if (members === null) text += (written === 0 ? '' : ',') + prefix + writeField(name, write, row[name]);
      written++;
    }
    if (Object.keys(row).length > written) {
      for (const name of namesOf(row)) {
        if (byName.has(name) || row[name] === undefined) continue;
        text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${anyJson(row[name])}`;
      }
    }
    return `{${text}}`;
  };
}

/**
 * The same for JSON that a schema describes to its readers: every field of the schema, and no other. Throws a RowError
 * for a value that is not what the schema says.
 */
export function compileClosedRecord(record: RecordSchema, formOf: FormOf): JsonRecordWriter {
  const textOf = (field: FieldSchema): ValueText => {
    const { name, optional, default: absent = null } = field;
    const write = jsonValueWriter(field.type, formOf(field));
    return (row) => {
      const own = Object.hasOwn(row, name) ? row[name] : undefined;
      const used = own ?? (own === undefined ? absent : null);
      if (used !== null) checkValue(field, used);
      else if (!optional) throw misfit(name, 'a value', null);
      return writeField(name, write, used);
    };
  };
  const members = memberTexts(fieldTree(record.fields), textOf);
  const known = new Set(record.fields.map(({ name }) => name));
  return (value) => {
    const row = rowOf(value);
    const text = joined(members, row);
    refuseOthers(row, known);
    return `{${text}}`;
  };
}

/** Each with its name before it. */
function memberTexts(
  nodes: readonly FieldNode[],
  textOf: (field: FieldSchema) => ValueText,
): readonly ValueText[] {
  return nodes.map((node) => {
    const prefix = `${JSON.stringify(node.name)}:`;
    const write = node.inner === null ? textOf(node.field) : innerText(node, textOf);
    return (row) => {
      const text = write(row);
      return text === null ? null : prefix + text;
    };
  });
}

/** A record in the record; null where it may be, and all of its fields are. */
function innerText(
  { inner, nodes, fields }: Extract<FieldNode, { fields: unknown }>,
  textOf: (field: FieldSchema) => ValueText,
): ValueText {
  const members = memberTexts(nodes, textOf);
  const isNull = (row: Row) =>
    fields.every(({ name }) => !Object.hasOwn(row, name) || (row[name] ?? null) === null);
  return (row) => {
    if (inner.optional && isNull(row)) return 'null';
    const text = joined(members, row);
    return text === '' ? null : `{${text}}`;
  };
}

function joined(members: readonly ValueText[], row: Row): string {
  let text = '';
  for (const member of members) {
    const its = member(row);
    if (its !== null) text += text === '' ? its : `,${its}`;
  }
  return text;
}

function writeField(name: string, write: JsonValueWriter, value: unknown): string {
  try {
    return write(value);
  } catch (error) {
    throw error instanceof Unexpected ? misfit(name, error.message, value) : error;
  }
}

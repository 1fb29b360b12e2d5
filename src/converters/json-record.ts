import type { FieldSchema, RecordSchema } from '../plugin/index.ts';
import type { FormOf } from './json-forms.ts';
import { anyJson, checkValue, type JsonValueWriter, jsonValueWriter, Unexpected } from './json-values.ts';
import { misfit, refuseOthers, rowOf } from './row.ts';

/** A record's value as JSON text. */
export type JsonRecordWriter = (value: unknown) => string;

/**
 * Compiles a schema into one function from record to JSON text: fields in the schema's order, then those that a
 * transformation has added. A field that one has taken away is left out.
 */
export function compileOpenRecord(schema: RecordSchema, formOf: FormOf): JsonRecordWriter {
  const fields = schema.fields.map((field) => fieldOf(field, formOf));
  const known = new Set(fields.map(({ name }) => name));
  return (value) => {
    const row = value as Readonly<Record<string, unknown>>;
    let text = '';
    let written = 0;
    for (const { name, prefix, write } of fields) {
      if (!Object.hasOwn(row, name)) continue;
      text += (written === 0 ? '' : ',') + prefix + writeField(name, write, row[name]);
      written++;
    }
    const names = Object.keys(row);
    if (names.length > written) {
      for (const name of names) {
        if (known.has(name) || row[name] === undefined) continue;
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
  const fields = record.fields.map((field) => ({
    ...fieldOf(field, formOf),
    schema: field,
    absent: field.default ?? null,
  }));
  const known = new Set(fields.map(({ name }) => name));
  return (value) => {
    const row = rowOf(value);
    let text = '';
    let taken = 0;
    for (const { name, prefix, write, schema, absent } of fields) {
      const own = Object.hasOwn(row, name) ? row[name] : undefined;
      if (own !== undefined) taken++;
      const used = own ?? (own === undefined ? absent : null);
      if (used !== null) checkValue(schema, used);
      else if (!schema.optional) throw misfit(name, 'a value', null);
      text += (text === '' ? '' : ',') + prefix + writeField(name, write, used);
    }
    refuseOthers(row, known, taken);
    return `{${text}}`;
  };
}

interface Field {
  readonly name: string;
  readonly prefix: string;
  readonly write: JsonValueWriter;
}

function fieldOf(field: FieldSchema, formOf: FormOf): Field {
  const { name, type } = field;
  return { name, prefix: `${JSON.stringify(name)}:`, write: jsonValueWriter(type, formOf(field)) };
}

function writeField(name: string, write: JsonValueWriter, value: unknown): string {
  try {
    return write(value);
  } catch (error) {
    throw error instanceof Unexpected ? misfit(name, error.message, value) : error;
  }
}

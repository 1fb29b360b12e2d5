import { defineConverter, type FieldType, type RecordSchema } from '../plugin/index.ts';
import { compileJsonCells } from './json-cells.ts';

declare global {
  interface JSON {
    /** https://github.com/tc39/proposal-json-parse-with-source, in Node since 21; TypeScript does not know it yet. */
    rawJSON(text: string): unknown;
  }
}

type FieldWriter = (value: unknown) => string;

/** What JSON.stringify would not write as it is: quotes, backslashes, control characters, halves of surrogate pairs. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

function quoted(value: unknown): string {
  if (typeof value !== 'string') return anyJson(value);
  return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
}

function plainNumber(value: unknown): string {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  return anyJson(value);
}

/** A bigint keeps all its digits; whatever else JSON cannot hold is an error of the row. */
function anyJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? JSON.rawJSON(inner.toString()) : inner,
  );
  if (text === undefined) throw new TypeError(`expected a value that JSON can hold, got ${typeof value}`);
  return text;
}

const WRITERS: Partial<Record<FieldType, FieldWriter>> = {
  int: plainNumber,
  long: plainNumber,
  float: plainNumber,
  double: plainNumber,
  boolean: anyJson,
};

/**
 * Compiles a schema into one function from record to JSON text: fields in the schema's order, then those that a
 * transformation has added. A field that one has taken away is left out.
 */
function compileWriter(schema: RecordSchema): (value: Record<string, unknown>) => string {
  const fields = schema.fields.map((field) => ({
    name: field.name,
    prefix: `${JSON.stringify(field.name)}:`,
    write: WRITERS[field.type] ?? quoted,
  }));
  const known = new Set(fields.map(({ name }) => name));
  return (value) => {
    let text = '';
    let written = 0;
    for (const { name, prefix, write } of fields) {
      if (!Object.hasOwn(value, name)) continue;
      text += (written === 0 ? '' : ',') + prefix + write(value[name]);
      written++;
    }
    const names = Object.keys(value);
    if (names.length > written) {
      for (const name of names) {
        if (known.has(name) || value[name] === undefined) continue;
        text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${anyJson(value[name])}`;
      }
    }
    return `{${text}}`;
  };
}

export default defineConverter({
  name: 'json',
  doc: 'UTF-8 JSON without a schema. Longs keep all their digits; decimals are strings, so that they stay exact.',
  config: {},
  create() {
    let compiledFor: RecordSchema | null = null;
    let write: (value: Record<string, unknown>) => string = anyJson;
    return {
      compileCells: compileJsonCells,
      serialize(_topic, schema, value) {
        if (value === null || value === undefined) return null;
        if (schema === null || typeof value !== 'object') return anyJson(value);
        if (schema !== compiledFor) {
          write = compileWriter(schema);
          compiledFor = schema;
        }
        return write(value as Record<string, unknown>);
      },
    };
  },
});

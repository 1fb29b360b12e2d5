import { defineConfig, defineConverter, type RecordSchema } from '../../plugin/index.ts';
import type { CellConverter } from '../../rows/index.ts';
import { compileJsonCells } from './cells.ts';
import { connectSchemaOf, primitiveSchema } from './envelope.ts';
import { connectForm, ownForm } from './forms.ts';
import { compileClosedRecord, compileOpenRecord, type JsonRecordWriter } from './record.ts';
import { anyJson } from './values.ts';

const OPTIONS = defineConfig({
  schemasEnable: {
    doc: "Writes each value as an object of its schema and its payload, as Connect's JsonConverter does.",
    format: 'boolean',
    default: false,
  },
  decimalFormat: {
    doc: 'Decimals as text (string) or as JSON numbers (number), with all their digits either way. With schemas.enable, string is base64 as in Connect.',
    format: ['string', 'number'],
    default: 'string',
  },
});

export default defineConverter({
  name: 'json',
  doc: 'UTF-8 JSON, without a schema or with it beside each value. Longs and decimals keep all their digits.',
  config: OPTIONS,
  create({ schemasEnable, decimalFormat }) {
    const bareDecimals = decimalFormat === 'number';
    return schemasEnable ? enveloped(bareDecimals) : plain(bareDecimals);
  },
});

function plain(bareDecimals: boolean): CellConverter {
  const formOf = ownForm(bareDecimals);
  const write = lastCompiled((schema) => compileOpenRecord(schema, formOf));
  return {
    compileCells: (plan) =>
      compileJsonCells(plan, { formOf, head: Buffer.alloc(0), tail: '', isClosed: false }),
    serialize(_topic, schema, value) {
      if (value === null || value === undefined) return null;
      if (schema === null || typeof value !== 'object') return anyJson(value);
      return write(schema)(value);
    },
  };
}

function enveloped(bareDecimals: boolean): CellConverter {
  const formOf = connectForm(bareDecimals);
  const head = lastCompiled((schema) => `{"schema":${connectSchemaOf(schema, bareDecimals)},"payload":`);
  const write = lastCompiled((schema) => compileClosedRecord(schema, formOf));
  return {
    compileCells({ valueSchema, ...plan }) {
      const text = valueSchema === null ? '{"schema":null,"payload":' : head(valueSchema);
      return compileJsonCells(
        { valueSchema, ...plan },
        { formOf, head: Buffer.from(text), tail: '}', isClosed: valueSchema !== null },
      );
    },
    serialize(_topic, schema, value) {
      if (value === null || value === undefined) return null;
      if (schema === null) return `{"schema":${primitiveSchema(value)},"payload":${anyJson(value)}}`;
      return `${head(schema)}${write(schema)(value)}}`;
    },
  };
}

/** Compiles again only when the schema is another than before. */
function lastCompiled<T extends JsonRecordWriter | string>(
  compile: (schema: RecordSchema) => T,
): (schema: RecordSchema) => T {
  let last: { readonly schema: RecordSchema; readonly compiled: T } | null = null;
  return (schema) => {
    if (last?.schema !== schema) last = { schema, compiled: compile(schema) };
    return last.compiled;
  };
}

import { defineConverter } from '../../plugin/index.ts';
import { compileJsonCells } from '../json/cells.ts';
import { jsonSchemaForm } from '../json/forms.ts';
import { compileClosedRecord } from '../json/record.ts';
import { createRegistryConverter, type RegistryFormat } from '../registry/converter.ts';
import { REGISTRY_OPTIONS, registryProblems } from '../registry/options.ts';
import { jsonSchemaOf, KEY_SCHEMA, optionalStrings, schemaMisfits, takesText } from './schema-text.ts';

const JSON_SCHEMA: RegistryFormat = {
  name: 'json-schema',
  format: 'JSON',
  keySchema: KEY_SCHEMA,
  schemaOf: jsonSchemaOf,
  optionalStrings,
  takesKeys: takesText,
  compile(record, { text }, header) {
    const misfits = schemaMisfits(record, text);
    if (misfits.length > 0) return misfits;
    const write = compileClosedRecord(record, jsonSchemaForm);
    return {
      serialize: (value) => Buffer.concat([header, Buffer.from(write(value))]),
      compileCells: (plan) =>
        compileJsonCells(plan, { formOf: jsonSchemaForm, head: header, tail: '', isClosed: true }),
    };
  },
  keyBytes: (text) => Buffer.from(JSON.stringify(text)),
};

export default defineConverter({
  name: 'json-schema',
  doc: "JSON in Confluent's wire format, with a JSON Schema in a registry. Decimals and times are text.",
  config: REGISTRY_OPTIONS,
  check: registryProblems,
  create: (options, context) => createRegistryConverter(JSON_SCHEMA, options, context),
});

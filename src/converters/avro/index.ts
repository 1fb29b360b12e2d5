import { defineConverter } from '../../plugin/index.ts';
import { createRegistryConverter, type RegistryFormat } from '../registry/converter.ts';
import { REGISTRY_OPTIONS, registryProblems } from '../registry/options.ts';
import { writeLong } from './binary.ts';
import { compileAvroCells } from './cells.ts';
import { fitRecord } from './fit.ts';
import { isAvroString } from './read.ts';
import { compileAvroRecord } from './record.ts';
import { avroSchemaOf, optionalStrings } from './schema.ts';

const AVRO: RegistryFormat = {
  name: 'avro',
  format: 'AVRO',
  keySchema: '"string"',
  schemaOf: avroSchemaOf,
  optionalStrings,
  takesKeys: isAvroString,
  compile(record, { text, references }, header) {
    const fit = fitRecord(record, text, references);
    if ('problems' in fit) return fit.problems;
    return {
      serialize: compileAvroRecord(header, fit.places),
      compileCells: (plan) => compileAvroCells(header, fit.places, plan),
    };
  },
  keyBytes(text) {
    const length = Buffer.alloc(MAX_LENGTH_BYTES);
    const end = writeLong({ buffer: length, view: new DataView(length.buffer) }, 0, Buffer.byteLength(text));
    return Buffer.concat([length.subarray(0, end), Buffer.from(text)]);
  },
};

const MAX_LENGTH_BYTES = 10;

export default defineConverter({
  name: 'avro',
  doc: "Avro in Confluent's wire format, with the schema in a registry. Decimals, timestamps and dates are logical types, exact to the last digit.",
  config: REGISTRY_OPTIONS,
  check: registryProblems,
  create: (options, context) => createRegistryConverter(AVRO, options, context),
});

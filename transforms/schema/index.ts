import {
  type AvroSource,
  type ConfigValues,
  defineConfig,
  defineTransformation,
  HeadraceError,
} from '../../src/plugin/index.ts';
import { shapeOfFields } from '../../src/values/schema-shape.ts';
import { type AvroFields, readAvroFields } from './avro/avro-schema.ts';
import { COMMON_OPTIONS, commonSettings } from './common-settings.ts';
import { compileFields } from './compile-fields.ts';
import { fieldProblems, readFieldOptions } from './field-options.ts';
import { schemaUse } from './field-use.ts';
import { GrowingSchema } from './growing-schema.ts';
import { SchemaTransformation } from './schema-transformation.ts';
import { type Tell, tellOnce } from './tell.ts';

const config = defineConfig({
  fields: {
    doc: `The fields in order, as \`fields.<name>: <type>\`: string, int (32 bits), long (64 bits), float, double, \
boolean, decimal, timestamp, date, enum, time, uuid, duration or bytes. Below a name: \`optional\` (the cell may \
be empty), \`absent\` (the column may be missing), \`default\`, \`from\` (a template of several cells: {date} {time}), \
\`case\` (lower, upper), \`symbols\` (of an enum), \`precision\` and \`scale\` (of a decimal), \`format\` (of times: iso, a \
pattern such as dd/MM/yyyy HH:mm[:ss], number, excel, for a time also midnight_s to midnight_ns, for a timestamp also epoch, epoch_s, epoch_ms, epoch_us, epoch_ns and \
rfc1123; several with \`|\` between them are tried in turn; of bytes: hex, base64 or text), \`unit\` (millis, micros, nanos: \
what a timestamp or time counts in), and every option below that says how cells are read, which holds for that field alone \
then. The same keys refine a field of \`schema.file\`. A name that ends like a setting of another field stands in \
backquotes: fields.\`price.currency\`.`,
    format: 'map',
    default: {},
  },
  schemaFile: {
    doc: 'An Avro schema (.avsc): a record whose fields are primitive types, enums, fixed, logical types, or records of these, whose columns are called by their path: `price.currency`.',
    format: 'path',
    default: null,
  },
  schemaName: {
    doc: "The record's full name. By default that of `schema.file`, or `Row`.",
    format: 'string',
    default: null,
  },
  newColumns: {
    doc: `What becomes of columns that the schema does not know: \`ignored\`, they are dropped; \`added\`, they are optional \
strings behind its fields; \`refused\`, their file is given up. In each case the log says so.`,
    format: ['ignored', 'added', 'refused'],
    default: 'ignored',
  },
  ...COMMON_OPTIONS,
});

export default defineTransformation({
  name: 'schema',
  doc: 'Checks every row against a schema and turns its text into typed values. Columns the schema lacks are dropped, added or refused.',
  config,
  check: fieldProblems,
  async fieldUse(values) {
    const { fields, spellings } = await readSchema(values);
    return schemaUse(fields, spellings, values.newColumns);
  },
  async create(values, { log, tellsNulls = false }) {
    const { file, fields, common } = await readSchema(values, (field) => tellOnce(log, field));
    const record = {
      name: values.schemaName ?? file?.name ?? 'Row',
      ...(file?.doc !== undefined && { doc: file.doc }),
      ...(file !== null && { avro: sourceOf(file) }),
    };
    if (values.newColumns !== 'added') return new SchemaTransformation(record, fields, tellsNulls);
    return new GrowingSchema(record, fields, common, tellsNulls);
  },
});

async function readSchema(values: ConfigValues<typeof config>, tellOf?: (field: string) => Tell) {
  const file = values.schemaFile === null ? null : await readAvroFields(values.schemaFile);
  const declared = readFieldOptions(values.fields, new Set(file?.fields.keys()));
  const common = commonSettings(values);
  const [problem] = [...common.problems, ...declared.problems];
  if (problem !== undefined) throw new HeadraceError('CONFIG_INVALID', `${problem.key} ${problem.message}`);
  const fields = compileFields(
    file?.fields ?? new Map(),
    declared.fields,
    values.schemaFile,
    common.settings,
    tellOf,
  );
  return { file, fields, common: common.settings, spellings: declared.spellings };
}

function sourceOf({ text, attributes, name, fields }: AvroFields): AvroSource {
  const alone = compileFields(fields, new Map(), null).map(({ schema }) => schema);
  return { text, attributes, name, shape: shapeOfFields(alone) };
}

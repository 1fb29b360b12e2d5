import {
  type ConfigProblem,
  defineConfig,
  defineTransformation,
  HeadraceError,
  type RecordSchema,
  RowError,
  type SourceRecord,
} from '../../src/plugin/index.ts';
import { innerRecordsOf } from '../../src/values/schema-shape.ts';
import { schemaOfField } from '../shared/derived-schema.ts';
import { fieldPath } from '../shared/field-path.ts';
import { fieldOf, requireRow } from '../shared/row.ts';
import { REPLACE_NULL, withDefaults } from './shared/null-default.ts';
import { KEY, type Operand, VALUE } from './shared/operand.ts';
import { valueUse } from './shared/value-use.ts';

const config = defineConfig({
  field: { doc: 'The field.', format: 'string', required: true },
  fieldSyntaxVersion: {
    doc: `V1 takes \`field\` for a name as it stands; V2 for a path whose names are separated by dots, with backquotes \
around a name that has dots in it.`,
    format: 'string',
    default: 'V1',
  },
  replaceNullWithDefault: REPLACE_NULL,
});

function extractField(operand: Operand) {
  return defineTransformation({
    name: `ExtractField$${operand.suffix}`,
    doc: `Makes the ${operand.side} that of one of its fields. A tombstone passes, and a field that is not there gives \
null, or rejects the row when there is a schema.`,
    config,
    *check({ field, fieldSyntaxVersion: version }): Iterable<ConfigProblem> {
      if (!/^v[12]$/i.test(version))
        yield { key: 'field.syntax.version', message: `expected V1 or V2, got ${JSON.stringify(version)}` };
      const path = pathOf(field, version);
      if (typeof path === 'string') yield { key: 'field', message: path };
    },
    fieldUse({ field, fieldSyntaxVersion }) {
      const path = pathOf(field, fieldSyntaxVersion);
      // A path may lead into records, or be the name of a field of a schema's record.
      return valueUse(operand, { key: 'field', names: path.length === 1 ? [...path] : [] }, () => null);
    },
    create({ field, fieldSyntaxVersion, replaceNullWithDefault }) {
      const path = pathOf(field, fieldSyntaxVersion);
      if (typeof path === 'string') throw new HeadraceError('CONFIG_INVALID', `field: ${path}`);
      return {
        apply: (record) => operand.set(record, fieldAt(record, operand, path, replaceNullWithDefault), null),
      };
    },
  });
}

function pathOf(field: string, version: string): readonly string[] | string {
  return version.toUpperCase() === 'V2' ? fieldPath(field) : [field];
}

function fieldAt(
  record: SourceRecord,
  operand: Operand,
  path: readonly string[],
  replacesNull: boolean,
): unknown {
  let value: unknown = operand.get(record) ?? null;
  const schema = operand.schemaOf(record);
  for (const name of schema === null ? path : [schemaName(schema, path)]) {
    if (value === null) return null;
    const row = requireRow(value, operand.side);
    value = fieldOf(replacesNull ? withDefaults(row, schema) : row, name);
  }
  return value;
}

/** The fields of records in a schema's record are called by their path; others have no fields of their own. */
function schemaName(schema: RecordSchema, path: readonly string[]): string {
  const name = path.join('.');
  const field = schemaOfField(schema, name);
  const depth = field === null ? 0 : innerRecordsOf(field).length;
  if (field !== null && (path.length === 1 || depth === path.length - 1)) return name;
  throw new RowError('UnknownField', `value: the schema has no field ${JSON.stringify(name)}`);
}

export const key = extractField(KEY);
export const value = extractField(VALUE);

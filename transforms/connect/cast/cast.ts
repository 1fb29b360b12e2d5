import {
  type ConfigProblem,
  defineConfig,
  defineTransformation,
  type FieldSchema,
  type FieldValue,
  HeadraceError,
  type Transformation,
} from '../../../src/plugin/index.ts';
import { derivedSchema, schemaOfField, schemaWith } from '../shared/derived-schema.ts';
import { REPLACE_NULL, withDefaults } from '../shared/null-default.ts';
import type { Operand } from '../shared/operand.ts';
import { fieldOf, requireRow, withFields } from '../shared/row.ts';
import { valueUse } from '../shared/value-use.ts';
import { CAST_TYPES, type CastType, parseCastSpec } from './cast-spec.ts';
import { castValue } from './cast-value.ts';

const config = defineConfig({
  spec: {
    doc: `Fields and their new types, \`price:float64,count:int32\`, or one type for all there is. Types: int8, int16, \
int32, int64, float32, float64, boolean, string.`,
    format: 'list',
    required: true,
  },
  replaceNullWithDefault: REPLACE_NULL,
});

export function cast(operand: Operand) {
  return defineTransformation({
    name: `Cast$${operand.suffix}`,
    doc: `Gives fields of the ${operand.side}, or the whole of it, another type. Numbers that are too large are cut as \
Java cuts them; text that is no such number rejects the row. A tombstone passes.`,
    config,
    *check({ spec }): Iterable<ConfigProblem> {
      const parsed = parseCastSpec(spec);
      if ('problem' in parsed) yield { key: 'spec', message: parsed.problem };
    },
    fieldUse({ spec: items }) {
      const parsed = parseCastSpec(items);
      const isWhole = 'problem' in parsed || typeof parsed.spec === 'string';
      if (isWhole) return valueUse(operand, { key: 'spec', names: [] }, () => null);
      return valueUse(operand, { key: 'spec', names: [...parsed.spec.keys()] });
    },
    create({ spec: items, replaceNullWithDefault }) {
      const parsed = parseCastSpec(items);
      if ('problem' in parsed) throw new HeadraceError('CONFIG_INVALID', `spec: ${parsed.problem}`);
      const { spec } = parsed;
      return typeof spec === 'string'
        ? wholeCast(operand, spec)
        : fieldCast(operand, spec, replaceNullWithDefault);
    },
  });
}

function wholeCast(operand: Operand, to: CastType): Transformation {
  return {
    apply(record) {
      const value = operand.get(record) ?? null;
      return value === null ? record : operand.set(record, castValue(value, null, to, operand.side), null);
    },
  };
}

function fieldCast(
  operand: Operand,
  spec: ReadonlyMap<string, CastType>,
  replacesNull: boolean,
): Transformation {
  const retyped = derivedSchema((schema) =>
    schemaWith(
      schema,
      schema.fields.map((field) => castField(field, spec)),
    ),
  );
  return {
    apply(record) {
      const value = operand.get(record) ?? null;
      if (value === null) return record;
      const schema = operand.schemaOf(record);
      const given = requireRow(value, operand.side);
      const row = replacesNull ? withDefaults(given, schema) : given;
      const fields: [string, unknown][] = [];
      for (const [name, to] of spec) {
        const field = schemaOfField(schema, name);
        if (schema !== null && field === null) continue;
        fields.push([name, castValue(fieldOf(row, name), field?.type ?? null, to, name)]);
      }
      return operand.set(record, withFields(row, fields), retyped(schema));
    },
  };
}

function castField(field: FieldSchema, spec: ReadonlyMap<string, CastType>): FieldSchema {
  const to = spec.get(field.name);
  if (to === undefined) return field;
  const { name, optional, default: absent } = field;
  const retyped = { name, type: CAST_TYPES[to], optional };
  if (absent === undefined) return retyped;
  return { ...retyped, default: castValue(absent, field.type, to, name) as FieldValue };
}

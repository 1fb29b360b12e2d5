import {
  type ConfigProblem,
  defineConfig,
  defineTransformation,
  type FieldSchema,
  type FieldType,
  type FieldValue,
  HeadraceError,
  RowError,
  type Transformation,
} from '../../src/plugin/index.ts';
import { DAY_MS } from '../../src/values/calendar.ts';
import { kindOf, rowError } from '../../src/values/shown.ts';
import { derivedSchema, schemaOfField, schemaWith } from '../shared/derived-schema.ts';
import { fieldOf, withFields } from '../shared/row.ts';
import { numberText } from './shared/java-text.ts';
import { REPLACE_NULL, rowWithDefaults } from './shared/null-default.ts';
import { narrowed, narrowedLong, parseFloating, parseWhole, wholePart } from './shared/numbers.ts';
import { KEY, type Operand, VALUE } from './shared/operand.ts';
import { valueUse } from './shared/value-use.ts';

const config = defineConfig({
  spec: {
    doc: `Fields and their new types, \`price:float64,count:int32\`, or one type for all there is. Types: int8, int16, \
int32, int64, float32, float64, boolean, string.`,
    format: 'list',
    required: true,
  },
  replaceNullWithDefault: REPLACE_NULL,
});

function cast(operand: Operand) {
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
      if ((operand.get(record) ?? null) === null) return record;
      const schema = operand.schemaOf(record);
      const row = rowWithDefaults(operand, record, replacesNull);
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

/** Connect's types that a value can be cast to, and what each is here. */
const CAST_TYPES = {
  int8: 'int',
  int16: 'int',
  int32: 'int',
  int64: 'long',
  float32: 'float',
  float64: 'double',
  boolean: 'boolean',
  string: 'string',
} as const satisfies Record<string, FieldType>;

type CastType = keyof typeof CAST_TYPES;

/** Of a whole key or value, or of fields by name. */
type CastSpec = CastType | ReadonlyMap<string, CastType>;

type ParsedSpec = { readonly spec: CastSpec } | { readonly problem: string };

/** Reads `price:float64,count:int32`, or one type. */
function parseCastSpec(items: readonly string[]): ParsedSpec {
  if (items.length === 0) return { problem: 'expected at least one field:type, got an empty list' };
  const fields = new Map<string, CastType>();
  for (const item of items) {
    const parts = item.split(':').map((part) => part.trim());
    const typeName = (parts.at(-1) as string).toLowerCase();
    if (!Object.hasOwn(CAST_TYPES, typeName))
      return {
        problem: `expected field:type with one of ${Object.keys(CAST_TYPES).join(', ')}, got ${JSON.stringify(item)}`,
      };
    const type = typeName as CastType;
    if (parts.length === 1) {
      if (items.length === 1) return { spec: type };
      return { problem: `a type without a field, ${type}, must stand alone` };
    }
    const [field] = parts;
    if (parts.length > 2 || !field)
      return { problem: `expected pairs such as price:float64, got ${JSON.stringify(item)}` };
    fields.set(field, type);
  }
  return { spec: fields };
}

const INT_BITS = { int8: 8, int16: 16, int32: 32, int64: 64 } as const;

/**
 * Connect's cast of a value: numbers are cut to their new size as Java cuts them, text must be a number of that size.
 * `type` is the field's in its schema, null without one. `name` is what a message calls the value.
 */
function castValue(value: unknown, type: FieldType | null, to: CastType, name: string): unknown {
  if (value === null || value === undefined) return null;
  if (to === 'string') return textOf(value, type, name);
  const plain = withoutLogicalType(value, type);
  const cast = to === 'boolean' ? booleanOf(plain) : numberOf(plain, to);
  if (cast !== undefined) return cast;
  throw rowError(
    'UncastableValue',
    (show) =>
      `${name}: expected a value that can be cast to ${to}, got ${typeof value === 'string' ? show(value) : kindOf(value)}`,
  );
}

/** What stands for a decimal, timestamp or date in Connect when it is cast; a float is one of 32 bits. */
function withoutLogicalType(value: unknown, type: FieldType | null): unknown {
  if (type === 'float' && typeof value === 'number') return Math.fround(value);
  if (typeof value !== 'string') return value;
  if (type === 'decimal') return new DecimalText(value);
  if (type === 'date') return Date.parse(value) / DAY_MS;
  if (type !== 'timestamp') return value;
  const ms = Date.parse(/(?:Z|[+-][0-9]{2}:[0-9]{2})$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(ms) ? value : BigInt(ms);
}

/** Text that is a decimal: its fraction may go. */
class DecimalText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function numberOf(value: unknown, to: Exclude<CastType, 'boolean' | 'string'>): number | bigint | undefined {
  if (to === 'float32' || to === 'float64') return floatingOf(value, to);
  const whole = wholeOf(value, INT_BITS[to]);
  if (whole === undefined) return undefined;
  return to === 'int64' ? whole : Number(whole);
}

function wholeOf(value: unknown, bits: 8 | 16 | 32 | 64): bigint | undefined {
  if (typeof value === 'string') return parseWhole(value, bits) ?? undefined;
  if (typeof value === 'bigint') return BigInt.asIntN(bits, value);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return bits === 64 ? narrowedLong(value) : BigInt(narrowed(value, bits));
  if (!(value instanceof DecimalText)) return undefined;
  const whole = wholePart(value.text);
  return whole === null ? undefined : BigInt.asIntN(bits, whole);
}

/** Not finite is not a value: JSON has no word for it. */
function floatingOf(value: unknown, to: 'float32' | 'float64'): number | undefined {
  const double = doubleOf(value);
  if (double === undefined) return undefined;
  const cast = to === 'float32' ? Math.fround(double) : double;
  return Number.isFinite(cast) ? cast : undefined;
}

function doubleOf(value: unknown): number | undefined {
  if (typeof value === 'string') return parseFloating(value) ?? undefined;
  if (value instanceof DecimalText) return parseFloating(value.text) ?? undefined;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? Number(value)
    : undefined;
}

/** Java's: text is true when it says so, a number when its whole part is not 0. */
function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'string') return value.toLowerCase() === 'true';
  if (typeof value === 'boolean') return value;
  const whole = wholeOf(value, 64);
  return whole === undefined ? undefined : whole !== 0n;
}

function textOf(value: unknown, type: FieldType | null, name: string): string {
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(value, type);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object') return String(value);
  throw new RowError('UncastableValue', `${name}: expected a value without parts, got ${kindOf(value)}`);
}

export const key = cast(KEY);
export const value = cast(VALUE);

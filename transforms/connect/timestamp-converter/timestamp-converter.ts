import {
  type ConfigProblem,
  defineConfig,
  defineTransformation,
  type FieldSchema,
  type FieldType,
  HeadraceError,
  type Transformation,
} from '../../../src/plugin/index.ts';
import { compileDatePattern, type DatePattern } from '../shared/date-pattern.ts';
import { derivedSchema, schemaOfField, schemaWith } from '../shared/derived-schema.ts';
import { REPLACE_NULL, withDefaults } from '../shared/null-default.ts';
import type { Operand } from '../shared/operand.ts';
import { fieldOf, requireRow, withFields } from '../shared/row.ts';
import { valueUse } from '../shared/value-use.ts';
import { type Target, TimestampForms } from './timestamp-forms.ts';

const config = defineConfig({
  field: { doc: 'The field with the timestamp; without it, all there is.', format: 'string', default: '' },
  targetType: {
    doc: `What to make: string, unix (a long), Date (2026-01-31), Time (09:30:00.000, which no schema has) or Timestamp \
(ISO 8601).`,
    format: ['string', 'unix', 'Date', 'Time', 'Timestamp'],
    required: true,
  },
  format: {
    doc: `How text is read and written, by the letters of Java's SimpleDateFormat, in UTC and English: \
\`yyyy-MM-dd'T'HH:mm:ss.SSSXXX\`. Needed where the target is string, or text is read.`,
    format: 'string',
    default: '',
  },
  unixPrecision: {
    doc: 'The unit of longs, those read and those made.',
    format: ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'],
    default: 'milliseconds',
  },
  replaceNullWithDefault: REPLACE_NULL,
});

/** The type of each result in a schema. */
const RESULT_TYPES = {
  string: 'string',
  unix: 'long',
  Date: 'date',
  Time: null,
  Timestamp: 'timestamp',
} as const satisfies Record<Target, FieldType | null>;

export function timestampConverter(operand: Operand) {
  return defineTransformation({
    name: `TimestampConverter$${operand.suffix}`,
    doc: `Writes a timestamp of the ${operand.side} in another form. Anything below a millisecond is lost. null stays null.`,
    config,
    *check({ targetType, format }): Iterable<ConfigProblem> {
      const pattern = patternOf(format);
      if (typeof pattern === 'string') yield { key: 'format', message: pattern };
      else if (pattern !== null && pattern.unreadable !== null && targetType !== 'string')
        yield { key: 'format', message: `text cannot be read by ${pattern.unreadable}; take it out` };
      if (pattern === null && targetType === 'string')
        yield { key: 'format', message: 'expected a pattern, as target.type is string, got none' };
    },
    fieldUse({ field }) {
      if (field !== '') return valueUse(operand, { key: 'field', names: [field] });
      return valueUse(operand, { key: 'field', names: [] }, () => null);
    },
    create({ field, targetType, format, unixPrecision, replaceNullWithDefault }) {
      const pattern = patternOf(format);
      if (typeof pattern === 'string') throw new HeadraceError('CONFIG_INVALID', `format: ${pattern}`);
      const forms = new TimestampForms(pattern, unixPrecision);
      const convert: Convert = (value, type, name) =>
        value === null ? null : forms.write(forms.read(value, type, name), targetType);
      return field === ''
        ? wholeConverter(operand, convert)
        : fieldConverter(operand, convert, { field, replaceNullWithDefault }, RESULT_TYPES[targetType]);
    },
  });
}

/** The compiled format; null without one, and text says what is wrong with it. */
function patternOf(format: string): DatePattern | string | null {
  return format.trim() === '' ? null : compileDatePattern(format);
}

type Convert = (value: unknown, type: FieldType | null, name: string) => unknown;

function wholeConverter(operand: Operand, convert: Convert): Transformation {
  return {
    apply(record) {
      const value = operand.get(record) ?? null;
      return value === null ? record : operand.set(record, convert(value, null, operand.side), null);
    },
  };
}

function fieldConverter(
  operand: Operand,
  convert: Convert,
  { field, replaceNullWithDefault }: { readonly field: string; readonly replaceNullWithDefault: boolean },
  resultType: FieldType | null,
): Transformation {
  const retyped = derivedSchema((schema) => {
    if (resultType === null) return null;
    const fields = schema.fields.map((one) => (one.name === field ? ofType(one, resultType) : one));
    return schemaWith(schema, fields);
  });
  return {
    apply(record) {
      const value = operand.get(record) ?? null;
      const schema = operand.schemaOf(record);
      if (value === null) return operand.set(record, null, retyped(schema));
      const given = requireRow(value, operand.side);
      const row = replaceNullWithDefault ? withDefaults(given, schema) : given;
      const type = schemaOfField(schema, field)?.type ?? null;
      if (schema !== null && type === null) return operand.set(record, row, schema);
      const converted = convert(fieldOf(row, field), type, field);
      return operand.set(record, withFields(row, [[field, converted]]), retyped(schema));
    },
  };
}

/** Without its default, which was of the other type. */
function ofType({ name, optional }: FieldSchema, type: FieldType): FieldSchema {
  return { name, type, optional };
}

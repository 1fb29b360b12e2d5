import {
  type ConfigProblem,
  defineConfig,
  defineTransformation,
  type FieldSchema,
  type FieldType,
  HeadraceError,
  RowError,
  type Transformation,
} from '../../src/plugin/index.ts';
import { isDay } from '../../src/values/calendar.ts';
import { kindOf, rowError } from '../../src/values/shown.ts';
import { derivedSchema, schemaOfField, schemaWith } from '../shared/derived-schema.ts';
import { fieldOf, withFields } from '../shared/row.ts';
import { compileDatePattern, type DatePattern } from './shared/date-pattern.ts';
import { REPLACE_NULL, rowWithDefaults } from './shared/null-default.ts';
import { KEY, type Operand, VALUE } from './shared/operand.ts';
import { valueUse } from './shared/value-use.ts';

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

function timestampConverter(operand: Operand) {
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
      const row = rowWithDefaults(operand, record, replaceNullWithDefault);
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

/** How many of a unit a millisecond is, or how many milliseconds the unit is. */
const UNITS = {
  seconds: { perMs: 1n, ms: 1000n },
  milliseconds: { perMs: 1n, ms: 1n },
  microseconds: { perMs: 1000n, ms: 1n },
  nanoseconds: { perMs: 1_000_000n, ms: 1n },
} as const;

type Precision = keyof typeof UNITS;
type Target = 'string' | 'unix' | 'Date' | 'Time' | 'Timestamp';

const ISO =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$/;
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Reads and writes timestamps in the forms that the transformation is set up for. */
class TimestampForms {
  readonly #pattern: DatePattern | null;
  readonly #precision: Precision;

  constructor(pattern: DatePattern | null, precision: Precision) {
    this.#pattern = pattern;
    this.#precision = precision;
  }

  /** The moment that a value is; `type` is its field's in the schema, null without one. */
  read(value: unknown, type: FieldType | null, name: string): Date {
    const date = this.#dateOf(value, type);
    if (date === undefined) {
      const got = type !== null && type !== 'enum' ? `a field of type ${type}` : kindOf(value);
      throw new RowError('UnknownTimestamp', `${name}: expected a timestamp, date, long or text, got ${got}`);
    }
    const ms = date?.getTime() ?? Number.NaN;
    if (ms >= FIRST_MS && ms <= LAST_MS) return date as Date;
    const by = this.#pattern === null ? '' : ' as format has it';
    throw rowError(
      'InvalidTimestamp',
      (show) => `${name}: expected a timestamp${by}, got ${show(String(value))}`,
    );
  }

  write(date: Date, target: Target): string | bigint {
    const iso = date.toISOString();
    switch (target) {
      case 'string':
        return this.#pattern === null ? iso : this.#pattern.format(date);
      case 'unix': {
        const { perMs, ms } = UNITS[this.#precision];
        return (BigInt(date.getTime()) * perMs) / ms;
      }
      case 'Date':
        return iso.slice(0, 10);
      case 'Time':
        return iso.slice(11, 23);
      case 'Timestamp':
        return iso;
    }
  }

  /** undefined for what is no form of a timestamp, null for one that is wrong. */
  #dateOf(value: unknown, type: FieldType | null): Date | null | undefined {
    if (value instanceof Date) return value;
    if (typeof value === 'string') {
      if (type === 'timestamp' || type === 'date') return isoDate(value);
      if (type !== null && type !== 'string' && type !== 'enum') return undefined;
      return this.#pattern === null ? isoDate(value) : this.#pattern.parse(value);
    }
    if (type !== null && type !== 'long') return undefined;
    if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) {
      const { perMs, ms } = UNITS[this.#precision];
      return new Date(Number((BigInt(value) * ms) / perMs));
    }
    return undefined;
  }
}

/** ISO 8601, in UTC where it names no zone. */
function isoDate(text: string): Date | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  if (!isDay(text.slice(0, 10))) return null;
  return new Date(text.includes('T') && match[1] === undefined ? `${text}Z` : text);
}

export const key = timestampConverter(KEY);
export const value = timestampConverter(VALUE);

import {
  defineConfig,
  defineTransformation,
  type FieldSchema,
  type FieldType,
  RowError,
} from '../../src/plugin/index.ts';
import { kindOf, shownText } from '../../src/values/shown.ts';
import { derivedSchema, schemaOfField, schemaWith } from '../shared/derived-schema.ts';
import { emptyListProblems } from '../shared/list-problems.ts';
import { fieldOf, withFields } from '../shared/row.ts';
import { isInteger32 } from './shared/java-text.ts';
import { REPLACE_NULL, rowWithDefaults } from './shared/null-default.ts';
import { plainDecimal, wholePart } from './shared/numbers.ts';
import { KEY, type Operand, VALUE } from './shared/operand.ts';
import { valueUse } from './shared/value-use.ts';

const config = defineConfig({
  fields: { doc: 'The fields to mask.', format: 'list', required: true },
  replacement: {
    doc: `What to write instead, as the type of the field: text or a number. By default nothing: 0, false, an empty \
text or list, the first moment of 1970.`,
    format: 'string',
    default: null,
  },
  replaceNullWithDefault: REPLACE_NULL,
});

function maskField(operand: Operand) {
  return defineTransformation({
    name: `MaskField$${operand.suffix}`,
    doc: `Writes something that says nothing over fields of the ${operand.side}. A null stays null, and an enum becomes \
a string. A tombstone rejects the row.`,
    config,
    *check({ fields, replacement }) {
      yield* emptyListProblems('fields', fields);
      if (replacement === '') yield { key: 'replacement', message: 'expected some text, got nothing' };
    },
    fieldUse: ({ fields }) => valueUse(operand, { key: 'fields', names: fields }),
    create({ fields, replacement, replaceNullWithDefault }) {
      const masked = new Set(fields);
      const retyped = derivedSchema((schema) =>
        schema.fields.some((field) => field.type === 'enum' && masked.has(field.name))
          ? schemaWith(
              schema,
              schema.fields.map((field) => (masked.has(field.name) ? withoutSymbols(field) : field)),
            )
          : schema,
      );
      return {
        apply(record) {
          const schema = operand.schemaOf(record);
          const row = rowWithDefaults(operand, record, replaceNullWithDefault);
          const masks: [string, unknown][] = [];
          for (const name of masked) {
            const field = schemaOfField(schema, name);
            if (schema !== null && field === null) continue;
            masks.push([name, maskOf(fieldOf(row, name), field?.type ?? null, replacement, name)]);
          }
          return operand.set(record, withFields(row, masks), retyped(schema));
        },
      };
    },
  });
}

/** What is written over an enum need not be one of its symbols. */
function withoutSymbols(field: FieldSchema): FieldSchema {
  if (field.type !== 'enum') return field;
  const { symbols: _, ...rest } = field;
  return { ...rest, type: 'string' };
}

const NOTHING = { decimal: '0', timestamp: '1970-01-01T00:00:00.000Z', date: '1970-01-01' } as const;

/** What stands for a value that is masked; null stays null. */
function maskOf(value: unknown, type: FieldType | null, replacement: string | null, name: string): unknown {
  if (value === null || value === undefined) return null;
  return replacement === null ? nothingOf(value, type, name) : replaced(value, type, replacement, name);
}

function nothingOf(value: unknown, type: FieldType | null, name: string): unknown {
  if (typeof value === 'string') return type !== null && type in NOTHING ? NOTHING[type as 'date'] : '';
  if (typeof value === 'number') return 0;
  if (typeof value === 'bigint') return 0n;
  if (typeof value === 'boolean') return false;
  if (Array.isArray(value)) return [];
  if (ArrayBuffer.isView(value)) throw unmaskable(name, kindOf(value));
  return {};
}

function replaced(value: unknown, type: FieldType | null, replacement: string, name: string): unknown {
  if (typeof value === 'string') {
    if (type === 'timestamp' || type === 'date') throw unmaskable(name, `a ${type}`);
    return type === 'decimal' ? number(plainDecimal(replacement.trim()), replacement, name) : replacement;
  }
  if (typeof value === 'bigint') {
    const whole = number(wholePart(replacement.trim()), replacement, name);
    return BigInt.asIntN(64, whole);
  }
  if (typeof value !== 'number') throw unmaskable(name, kindOf(value));
  if (type === 'int' || (type === null && isInteger32(value)))
    return Number(BigInt.asIntN(32, number(wholePart(replacement.trim()), replacement, name)));
  const floating = Number(number(plainDecimal(replacement.trim()), replacement, name));
  const masked = type === 'float' ? Math.fround(floating) : floating;
  return number(Number.isFinite(masked) ? masked : null, replacement, name);
}

function number<T>(read: T | null, replacement: string, name: string): T {
  if (read !== null) return read;
  throw new RowError(
    'UnmaskableField',
    `${name}: expected a replacement that is a number, got ${shownText(replacement)}`,
  );
}

function unmaskable(name: string, got: string): RowError {
  return new RowError('UnmaskableField', `${name}: expected text or a number to mask, got ${got}`);
}

export const key = maskField(KEY);
export const value = maskField(VALUE);

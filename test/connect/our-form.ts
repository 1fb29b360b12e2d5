import type { FieldSchema, FieldType, RecordSchema, SourceRecord } from '../../src/plugin/index.ts';
import { isRow } from '../../transforms/shared/row.ts';
import type { JavaRecord, JavaValue } from './connect-form.ts';

/*
 * Connect's answers in our values, and ours with what Connect does not have taken away, so that they can be compared.
 */

export type Comparable = Omit<SourceRecord, 'origin'>;

interface JavaSchema {
  readonly type: string;
  readonly optional: boolean;
  readonly name?: string;
  readonly doc?: string;
  readonly default?: JavaValue;
  readonly scale?: string;
  readonly field?: string;
  readonly fields?: readonly JavaSchema[];
}

/** Connect's types as ours; a struct, a list, a map, bytes and a time of day have no place in a schema of ours. */
const OUR_TYPES: Readonly<Record<string, FieldType>> = {
  ...{ int8: 'int', int16: 'int', int32: 'int', int64: 'long', float32: 'float', float64: 'double' },
  ...{ boolean: 'boolean', string: 'string', decimal: 'decimal', timestamp: 'timestamp', date: 'date' },
};

/** How a Java Date without a schema is written: its transformation's `target.type` says what it is. */
export type TimeForm = 'Timestamp' | 'Date' | 'Time';

/** What became of `before`: the parts that the answer names, the others as they were. */
export function fromConnect(before: Comparable, answer: JavaRecord, timeForm: TimeForm): Comparable {
  const { topic, partition, timestamp, key, value, headers } = answer;
  const javaSchema = answer.valueSchema as JavaSchema | null | undefined;
  const schema = javaSchema === undefined ? before.valueSchema : ourSchema(javaSchema);
  const forms = formsIn(schema === null ? (javaSchema ?? null) : { fields: schema.fields.map(named) });
  const keyForms = formsIn((answer.keySchema as JavaSchema | undefined) ?? null);
  const formOf = (names: Forms) => (field: string) => names.get(field) ?? timeForm;
  return {
    ...before,
    ...(topic !== undefined && { topic }),
    ...(partition !== undefined && { partition }),
    ...(timestamp !== undefined && { timestamp }),
    ...(key !== undefined && { key: ourValue(key, formOf(keyForms), '') }),
    ...(value !== undefined && { value: ourValue(value, formOf(forms), '') }),
    valueSchema: schema,
    ...(headers && { headers: headers.map(([name, text]) => ({ name, value: text as string | null })) }),
  };
}

/** null where ours cannot hold it: not a struct, or one with parts that are not scalars. */
function ourSchema(schema: JavaSchema | null): RecordSchema | null {
  if (schema?.fields === undefined || schema.fields.some(({ type }) => !Object.hasOwn(OUR_TYPES, type)))
    return null;
  const { name = '', doc } = schema;
  return {
    name,
    ...(doc !== undefined && { doc }),
    fields: schema.fields.map(ourField),
  };
}

function ourField({ field = '', type, optional, scale, doc, default: absent }: JavaSchema): FieldSchema {
  const ourType = OUR_TYPES[type] as FieldType;
  const form = ourType === 'date' ? 'Date' : 'Timestamp';
  return {
    ...{ name: field, type: ourType, optional },
    ...(absent && { default: ourValue(absent, () => form, '') as FieldSchema['default'] & {} }),
    ...(scale !== undefined && { scale: Number(scale) }),
    ...(doc !== undefined && { doc }),
  };
}

type Forms = ReadonlyMap<string, TimeForm>;

/** The form of each field's times, those of structs within structs as well. */
function formsIn(schema: (Pick<JavaSchema, 'fields'> & { readonly type?: string }) | null): Forms {
  const forms = new Map<string, TimeForm>();
  const add = (name: string, { type, fields = [] }: { type?: string; fields?: readonly JavaSchema[] }) => {
    const form = TIME_FORMS[type ?? ''];
    if (form !== undefined) forms.set(name, form);
    for (const field of fields) add(field.field ?? '', field);
  };
  if (schema !== null) add('', schema);
  return forms;
}

const TIME_FORMS: Readonly<Record<string, TimeForm>> = { timestamp: 'Timestamp', date: 'Date', time: 'Time' };

function named({ name, type, optional }: FieldSchema): JavaSchema {
  return { field: name, type, optional };
}

function ourValue(value: JavaValue, formOf: (field: string) => TimeForm, field: string): unknown {
  if (value === null) return null;
  const [[type, content] = ['', null]] = Object.entries(value);
  switch (type) {
    case 'struct':
    case 'map': {
      const entries = Object.entries(content as Record<string, JavaValue>);
      return Object.fromEntries(entries.map(([name, inner]) => [name, ourValue(inner, formOf, name)]));
    }
    case 'list':
      return (content as JavaValue[]).map((item) => ourValue(item, formOf, field));
    case 'int64':
      return BigInt(content as string);
    case 'float32':
      return Math.fround(Number(content));
    case 'time':
      return timeText(new Date(content as number), formOf(field));
    case 'bytes':
      return Buffer.from(content as string, 'base64');
    case 'string':
    case 'boolean':
    case 'decimal':
      return content;
    default:
      return Number(content);
  }
}

function timeText(date: Date, form: TimeForm): string {
  if (Number.isNaN(date.getTime())) return 'beyond the dates of JavaScript';
  const iso = date.toISOString();
  if (form === 'Date') return iso.slice(0, 10);
  return form === 'Time' ? iso.slice(11, 23) : iso;
}

/** Our record as it can be compared with Connect's: timestamps to the millisecond, floats of 32 bits, enums as strings. */
export function comparable(record: Comparable): Comparable {
  const { value, valueSchema } = record;
  if (valueSchema === null) return record;
  const { name, doc } = valueSchema;
  const schema = { name, ...(doc !== undefined && { doc }), fields: valueSchema.fields.map(comparableField) };
  return { ...record, valueSchema: schema, value: isRow(value) ? comparableRow(value, schema) : value };
}

function comparableField({ name, type, optional, default: absent, scale, doc }: FieldSchema): FieldSchema {
  return {
    ...{ name, type: type === 'enum' ? 'string' : type, optional },
    // Connect does not tell a default of null from none.
    ...(absent !== undefined &&
      absent !== null && { default: comparableValue(absent, type) as typeof absent }),
    ...(scale !== undefined && { scale }),
    ...(doc !== undefined && { doc }),
  };
}

function comparableRow(row: Readonly<Record<string, unknown>>, { fields }: RecordSchema): unknown {
  return Object.fromEntries(fields.map(({ name, type }) => [name, comparableValue(row[name] ?? null, type)]));
}

function comparableValue(value: unknown, type: FieldType): unknown {
  if (type === 'timestamp' && typeof value === 'string') return new Date(value).toISOString();
  return type === 'float' && typeof value === 'number' ? Math.fround(value) : value;
}

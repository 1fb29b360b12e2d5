import type { FieldSchema, RecordSchema } from '../../plugin/index.ts';
import { rawJson } from '../../values/exact-json.ts';
import { type FieldNode, fieldTree } from '../shared/field-tree.ts';
import { connectForm } from './forms.ts';
import { jsonValueWriter } from './values.ts';

type Json = Readonly<Record<string, unknown>>;

/** Kafka Connect's names of types (org.apache.kafka.connect.data.Schema.Type). */
const TYPES = {
  string: 'string',
  enum: 'string',
  decimal: 'string',
  int: 'int32',
  long: 'int64',
  float: 'float',
  double: 'double',
  boolean: 'boolean',
  uuid: 'string',
  duration: 'string',
} as const;

const TIMESTAMPS = {
  millis: { name: 'org.apache.kafka.connect.data.Timestamp', version: 1 },
  micros: { name: 'io.debezium.time.MicroTimestamp', version: 1 },
  nanos: { name: 'io.debezium.time.NanoTimestamp', version: 1 },
};

const TIME = { type: 'int32', name: 'org.apache.kafka.connect.data.Time', version: 1 };
const MICRO_TIME = { type: 'int64', name: 'io.debezium.time.MicroTime', version: 1 };

/** The schema that Connect's JsonConverter writes beside each value (`schemas.enable`), as JSON text. */
export function connectSchemaOf(record: RecordSchema, bareDecimals: boolean): string {
  return JSON.stringify({
    type: 'struct',
    fields: connectFields(fieldTree(record.fields), bareDecimals),
    optional: false,
    name: record.name,
    ...(record.doc !== undefined && { doc: record.doc }),
  });
}

/** The schema of a key or value that is no record; null where Connect would have none either. */
export function primitiveSchema(value: unknown): string {
  const type = PRIMITIVES[typeof value];
  return type === undefined ? 'null' : JSON.stringify({ type, optional: false });
}

const PRIMITIVES: Readonly<Record<string, string | undefined>> = {
  string: 'string',
  bigint: 'int64',
  number: 'double',
  boolean: 'boolean',
};

function connectFields(nodes: readonly FieldNode[], bareDecimals: boolean): readonly Json[] {
  return nodes.map((node) => {
    if (node.inner === null) return connectField(node.name, node.field, bareDecimals);
    const { optional, typeName, doc } = node.inner;
    return {
      type: 'struct',
      fields: connectFields(node.nodes, bareDecimals),
      optional,
      ...(typeName !== undefined && { name: typeName }),
      ...(doc !== undefined && { doc }),
      field: node.name,
    };
  });
}

function connectField(name: string, field: FieldSchema, bareDecimals: boolean): Json {
  const { doc, optional, default: value } = field;
  const { type, ...logical } = connectType(field);
  const form = connectForm(bareDecimals)(field);
  return {
    type,
    optional,
    ...logical,
    ...(doc !== undefined && { doc }),
    ...(value !== undefined && { default: rawJson(jsonValueWriter(field.type, form)(value)) }),
    field: name,
  };
}

function connectType({ type, precision, scale, unit = 'micros' }: FieldSchema): Json {
  if (type === 'date') return { type: 'int32', name: 'org.apache.kafka.connect.data.Date', version: 1 };
  if (type === 'timestamp') return { type: 'int64', ...TIMESTAMPS[unit] };
  if (type === 'time') return unit === 'millis' ? TIME : MICRO_TIME;
  if (type === 'bytes') return { type: 'bytes' };
  if (type !== 'decimal' || scale === undefined) return { type: TYPES[type] };
  const parameters = {
    scale: String(scale),
    ...(precision !== undefined && { 'connect.decimal.precision': String(precision) }),
  };
  return { type: 'bytes', name: 'org.apache.kafka.connect.data.Decimal', version: 1, parameters };
}

/** A schema as the connectors' configurations write it in JSON. */
interface WrittenSchema {
  readonly type?: string;
  readonly name?: string | null;
  readonly isOptional?: boolean;
  readonly defaultValue?: unknown;
  readonly parameters?: Readonly<Record<string, string>> | null;
  readonly fieldSchemas?: Readonly<Record<string, WrittenSchema>> | null;
}

/** A field of a struct, and what a feed calls its type; null where no cell can be one. */
export interface ConnectField {
  readonly name: string;
  readonly type: string | null;
  readonly isOptional: boolean;
  readonly default: string | null;
  /** Of a Decimal. */
  readonly scale: string | null;
}

export interface ConnectStruct {
  readonly name: string | null;
  readonly fields: readonly ConnectField[];
}

const LOGICAL: Readonly<Record<string, string>> = {
  'org.apache.kafka.connect.data.Timestamp': 'timestamp',
  'org.apache.kafka.connect.data.Date': 'date',
  'org.apache.kafka.connect.data.Time': 'time',
  'org.apache.kafka.connect.data.Decimal': 'decimal',
};
/** Kafka Connect's types, and FilePulse's names for them. */
const TYPES: Readonly<Record<string, string>> = {
  INT8: 'int',
  INT16: 'int',
  INT32: 'int',
  INT64: 'long',
  FLOAT32: 'float',
  FLOAT64: 'double',
  BOOLEAN: 'boolean',
  STRING: 'string',
  BYTES: 'bytes',
  SHORT: 'int',
  INTEGER: 'int',
  LONG: 'long',
  FLOAT: 'float',
  DOUBLE: 'double',
};

/** The type of a feed's field for one of Kafka Connect's or FilePulse's; null for lists, maps and structs. */
export function fieldType(type: string): string | null {
  return TYPES[type.toUpperCase()] ?? null;
}

/** Reads the schema of a struct; null when it is none. */
export function readStruct(json: string): ConnectStruct | null {
  let schema: WrittenSchema;
  try {
    schema = JSON.parse(json) as WrittenSchema;
  } catch {
    return null;
  }
  if (schema?.type?.toUpperCase() !== 'STRUCT' || typeof (schema.fieldSchemas ?? {}) !== 'object')
    return null;
  const fields = Object.entries(schema.fieldSchemas ?? {}).map(([name, field]) => fieldOf(name, field));
  return { name: schema.name ?? null, fields };
}

function fieldOf(name: string, { type, name: logical, isOptional, defaultValue, parameters }: WrittenSchema) {
  return {
    name,
    type: LOGICAL[logical ?? ''] ?? fieldType(type ?? ''),
    isOptional: isOptional === true,
    default: defaultValue === undefined || defaultValue === null ? null : String(defaultValue),
    scale: parameters?.scale ?? null,
  };
}

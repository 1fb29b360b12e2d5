import { type AvroJson, messageOf } from '../../plugin/index.ts';
import { avroFullName, avroNameWithin, isAvroJson } from '../../values/avro-name.ts';
import { parseExactJson } from '../../values/exact-json.ts';
import type { AvroBranch, AvroField, AvroType, AvroUnion } from './types.ts';

/**
 * The fields of a schema's record, in order, or text that says what it is instead. `references` are schemas whose types
 * it names, each after those that it needs itself.
 */
export function readAvroSchema(
  text: string,
  references: readonly string[] = [],
): readonly AvroField[] | string {
  const type = typeOf(text, references);
  if (typeof type === 'string') return type;
  const [only] = type.branches;
  if (type.isUnion || only === undefined) return 'a schema of type union';
  return only.type.kind === 'record' ? only.type.fields : `a schema of type ${only.name}`;
}

/** Whether a schema is Avro's string, as keys have it. */
export function isAvroString(text: string): boolean {
  const type = typeOf(text, []);
  return typeof type !== 'string' && !type.isUnion && type.branches[0]?.type.kind === 'string';
}

function typeOf(text: string, references: readonly string[]): AvroUnion | string {
  try {
    const reader = new SchemaReader();
    for (const reference of references) reader.read(parseExactJson(reference), '');
    return reader.read(parseExactJson(text), '');
  } catch (error) {
    return `a schema that cannot be read (${messageOf(error)})`;
  }
}

const PRIMITIVES = ['null', 'string', 'int', 'long', 'float', 'double', 'boolean'] as const;
const UNITS = new Map<string, 3 | 6 | 9>([
  ['millis', 3],
  ['micros', 6],
  ['nanos', 9],
]);
const TIMESTAMP = /^(local-)?timestamp-(millis|micros|nanos)$/;

/** Reads the parts of a schema (https://avro.apache.org/docs/1.12.0/specification/), knowing the names of those before. */
class SchemaReader {
  readonly #named = new Map<string, AvroBranch>();

  read(schema: unknown, namespace: string): AvroUnion {
    if (Array.isArray(schema)) {
      return { branches: schema.map((branch) => this.#branch(branch, namespace)), isUnion: true };
    }
    return { branches: [this.#branch(schema, namespace)], isUnion: false };
  }

  #branch(schema: unknown, namespace: string): AvroBranch {
    if (typeof schema === 'string') return this.#byName(schema, namespace);
    if (!isAvroJson(schema)) throw new Error(`expected a type, got ${JSON.stringify(schema)}`);
    const { type } = schema;
    switch (type) {
      case 'record':
      case 'error':
        return this.#record(schema, namespace);
      case 'enum':
        return this.#name(schema, namespace, {
          name: 'enum',
          type: { kind: type, symbols: listOf(schema, 'symbols').map(String) },
        });
      case 'fixed':
        return this.#name(schema, namespace, fixedOf(schema));
      case 'array':
      case 'map': {
        const of = this.read(type === 'array' ? schema.items : schema.values, namespace);
        return { name: type, type: { kind: type, of } };
      }
      default:
        return typeof type === 'string' && isPrimitive(type)
          ? primitiveOf(type, schema)
          : this.#branch(type, namespace);
    }
  }

  #byName(name: string, namespace: string): AvroBranch {
    if (isPrimitive(name)) return primitiveOf(name, {});
    const known = this.#named.get(avroNameWithin(name, namespace)) ?? this.#named.get(name);
    if (known === undefined) throw new Error(`unknown type ${JSON.stringify(name)}`);
    return known;
  }

  #name(schema: AvroJson, around: string, branch: AvroBranch): AvroBranch {
    this.#named.set(avroFullName(schema, around).name, branch);
    return branch;
  }

  /** It may name itself in its fields. */
  #record(schema: AvroJson, around: string): AvroBranch {
    const fields: AvroField[] = [];
    const branch = this.#name(schema, around, { name: 'record', type: { kind: 'record', fields } });
    const { namespace } = avroFullName(schema, around);
    for (const field of listOf(schema, 'fields')) {
      if (!isAvroJson(field)) throw new Error(`expected a field, got ${JSON.stringify(field)}`);
      fields.push({ name: String(field.name), ...this.read(field.type, namespace), fallback: field.default });
    }
    return branch;
  }
}

function isPrimitive(name: string): name is (typeof PRIMITIVES)[number] | 'bytes' {
  return name === 'bytes' || (PRIMITIVES as readonly string[]).includes(name);
}

/** A logical type that does not go with what is below it is none, as Avro has it. */
function primitiveOf(kind: (typeof PRIMITIVES)[number] | 'bytes', schema: AvroJson): AvroBranch {
  const { logicalType } = schema;
  const logical = typeof logicalType === 'string' ? logicalOf(kind, logicalType, schema) : null;
  if (logical !== null) return { name: logicalType as string, type: logical };
  return { name: kind, type: kind === 'bytes' ? { kind, size: null } : { kind } };
}

function logicalOf(kind: string, logicalType: string, schema: AvroJson): AvroType | null {
  if (kind === 'string') return logicalType === 'uuid' ? { kind: 'uuid', isFixed: false } : null;
  if (kind === 'bytes')
    return logicalType === 'big-decimal' ? { kind: 'bigDecimal' } : decimalOf(schema, null);
  if (kind === 'int') {
    if (logicalType === 'time-millis') return { kind: 'time', digits: 3 };
    return logicalType === 'date' ? { kind: 'date' } : null;
  }
  if (kind !== 'long') return null;
  if (logicalType === 'time-micros') return { kind: 'time', digits: 6 };
  const [, local, unit = ''] = TIMESTAMP.exec(logicalType) ?? [];
  const digits = UNITS.get(unit);
  return digits === undefined ? null : { kind: 'timestamp', digits, local: local !== undefined };
}

const UUID_BYTES = 16;
const DURATION_BYTES = 12;

function fixedOf(schema: AvroJson): AvroBranch {
  const { size, logicalType } = schema;
  if (typeof size !== 'number')
    throw new Error(`expected a fixed to have a size, got ${JSON.stringify(size)}`);
  const decimal = decimalOf(schema, size);
  if (decimal !== null) return { name: 'decimal', type: decimal };
  if (logicalType === 'uuid' && size === UUID_BYTES)
    return { name: 'uuid', type: { kind: 'uuid', isFixed: true } };
  if (logicalType === 'duration' && size === DURATION_BYTES)
    return { name: 'duration', type: { kind: 'duration' } };
  return { name: 'fixed', type: { kind: 'bytes', size } };
}

function decimalOf({ logicalType, precision, scale = 0 }: AvroJson, size: number | null): AvroType | null {
  const isDecimal = logicalType === 'decimal' && typeof precision === 'number' && typeof scale === 'number';
  return isDecimal ? { kind: 'decimal', precision, scale, size } : null;
}

function listOf(schema: AvroJson, key: string): readonly unknown[] {
  const list = schema[key];
  if (Array.isArray(list)) return list;
  throw new Error(`expected ${String(schema.type)} ${String(schema.name)} to have ${key}`);
}

import { messageOf } from '../../plugin/index.ts';
import type { AvroJson } from '../../values/avro-name.ts';
import { avroFullName, avroNameWithin, isAvroJson } from '../../values/avro-name.ts';
import {
  type AvroLogicalType,
  type AvroPrimitive,
  avroLogicalType,
  isAvroPrimitive,
  UNIT_DIGITS,
} from '../../values/avro-types.ts';
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
        return typeof type === 'string' && isAvroPrimitive(type)
          ? primitiveOf(type, schema)
          : this.#branch(type, namespace);
    }
  }

  #byName(name: string, namespace: string): AvroBranch {
    if (isAvroPrimitive(name)) return primitiveOf(name, {});
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

function primitiveOf(kind: AvroPrimitive, schema: AvroJson): AvroBranch {
  const logical = avroLogicalType(kind, schema);
  if (logical !== null) return { name: String(schema.logicalType), type: writtenAs(logical, null) };
  return { name: kind, type: kind === 'bytes' ? { kind, size: null } : { kind } };
}

function fixedOf(schema: AvroJson): AvroBranch {
  const { size } = schema;
  if (typeof size !== 'number')
    throw new Error(`expected a fixed to have a size, got ${JSON.stringify(size)}`);
  const logical = avroLogicalType('fixed', schema);
  if (logical !== null) return { name: String(schema.logicalType), type: writtenAs(logical, size) };
  return { name: 'fixed', type: { kind: 'bytes', size } };
}

/** `size` is that of a fixed, null for bytes of any length. */
function writtenAs(logical: AvroLogicalType, size: number | null): AvroType {
  switch (logical.kind) {
    case 'decimal':
      return { ...logical, size };
    case 'uuid':
      return { kind: 'uuid', isFixed: size !== null };
    case 'time':
      return { kind: 'time', digits: logical.unit === 'millis' ? 3 : 6 };
    case 'timestamp':
      return { kind: 'timestamp', digits: UNIT_DIGITS[logical.unit], local: logical.local };
    default:
      return { kind: logical.kind };
  }
}

function listOf(schema: AvroJson, key: string): readonly unknown[] {
  const list = schema[key];
  if (Array.isArray(list)) return list;
  throw new Error(`expected ${String(schema.type)} ${String(schema.name)} to have ${key}`);
}

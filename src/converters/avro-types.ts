import avro, { type Type } from 'avsc';

/** A type that a field's value can be written in. */
export type AvroType =
  | { readonly kind: 'string' | 'int' | 'long' | 'float' | 'double' | 'boolean' | 'date' }
  | {
      readonly kind: 'decimal';
      readonly precision: number;
      readonly scale: number;
      /** Bytes of a fixed; null where as many are written as it takes. */
      readonly size: number | null;
    }
  | {
      readonly kind: 'timestamp';
      /** Digits behind the second. */
      readonly digits: 3 | 6 | 9;
      readonly local: boolean;
    }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] };

/** A type or a branch of a union; `type` is null where no cell's value can be written in it. */
export interface AvroBranch {
  /** As messages call it. */
  readonly name: string;
  readonly type: AvroType | null;
}

/** A field of a record in a registry's schema. */
export interface AvroField {
  readonly name: string;
  /** One, or those of its union in their order. */
  readonly branches: readonly AvroBranch[];
  readonly isUnion: boolean;
  /** Its default in Avro's binary form, null when it has none. */
  readonly fill: Buffer | null;
}

/** The fields of a schema's record, in order, or text that says what it is instead. */
export function readAvroSchema(text: string): readonly AvroField[] | string {
  const type = typeOf(text);
  if (typeof type === 'string') return type;
  if (type.typeName !== 'record') return `a schema of type ${type.typeName}`;
  return (type as avro.types.RecordType).fields.map((field) => {
    const fallback: unknown = field.defaultValue();
    const union = field.type.typeName.startsWith('union:');
    const types = union ? (field.type as avro.types.UnwrappedUnionType).types : [field.type];
    return {
      name: field.name,
      branches: types.map(branchOf),
      isUnion: union,
      fill: fallback === undefined ? null : field.type.toBuffer(fallback),
    };
  });
}

/** Whether a schema is Avro's string, as keys have it. */
export function isAvroString(text: string): boolean {
  const type = typeOf(text);
  return typeof type !== 'string' && type.typeName === 'string';
}

function typeOf(text: string): Type | string {
  try {
    const names = ['decimal', 'date', ...TIMESTAMPS.keys()];
    const logicalTypes = Object.fromEntries(names.map((name) => [name, Noted]));
    return avro.Type.forSchema(JSON.parse(text), { logicalTypes, typeHook: longHook(new Set(names)) });
  } catch (error) {
    return `a schema that cannot be read (${(error as Error).message})`;
  }
}

const UNITS = [
  ['millis', 3],
  ['micros', 6],
  ['nanos', 9],
] as const;

const TIMESTAMPS = new Map<string, AvroType>(
  UNITS.flatMap(([unit, digits]) => [
    [`timestamp-${unit}`, { kind: 'timestamp', digits, local: false }],
    [`local-timestamp-${unit}`, { kind: 'timestamp', digits, local: true }],
  ]),
);

/** A logical type as its schema spells it; values are those of the type below. */
class Noted extends avro.types.LogicalType {
  readonly attributes: Readonly<Record<string, unknown>>;

  constructor(schema: avro.Schema, options?: unknown) {
    super(schema, options);
    this.attributes = schema as unknown as Record<string, unknown>;
  }

  protected override _fromValue(value: unknown): unknown {
    return value;
  }

  protected override _toValue(value: unknown): unknown {
    return value;
  }
}

/** Longs of any size, as a default may be one that avsc's own do not hold. */
const LONGS = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer(value: bigint) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: (value: number) => BigInt(value),
  toJSON: (value: bigint) => Number(value),
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
});

/** Gives them for every long; of a logical type only when it asks for what is below it, with the same schema again. */
function longHook(logicalNames: ReadonlySet<unknown>): (schema: unknown) => Type | undefined {
  const asked = new Set<unknown>();
  return (schema) => {
    const { type = schema, logicalType } = schema as { type?: unknown; logicalType?: unknown };
    if (type !== 'long') return undefined;
    if (!logicalNames.has(logicalType) || asked.has(schema)) return LONGS;
    asked.add(schema);
    return undefined;
  };
}

function branchOf(type: Type): AvroBranch {
  const name = type.typeName.replace('logical:', '').replace('abstract:', '');
  return { name, type: writable(type, name) };
}

function writable(type: Type, name: string): AvroType | null {
  if (type instanceof Noted) return logicalType(type, name);
  switch (name) {
    case 'string':
    case 'int':
    case 'long':
    case 'float':
    case 'double':
    case 'boolean':
      return { kind: name };
    case 'enum':
      return { kind: 'enum', symbols: (type as avro.types.EnumType).symbols };
    default:
      return null;
  }
}

function logicalType({ attributes, underlyingType }: Noted, name: string): AvroType | null {
  const below = underlyingType.typeName.replace('abstract:', '');
  if (name === 'date') return below === 'int' ? { kind: 'date' } : null;
  if (name !== 'decimal') return below === 'long' ? (TIMESTAMPS.get(name) ?? null) : null;
  const { precision, scale = 0 } = attributes;
  if (typeof precision !== 'number' || typeof scale !== 'number') return null;
  if (below === 'bytes') return { kind: 'decimal', precision, scale, size: null };
  const { size } = underlyingType as avro.types.FixedType;
  return below === 'fixed' ? { kind: 'decimal', precision, scale, size } : null;
}

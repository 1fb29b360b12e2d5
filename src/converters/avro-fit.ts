import type { FieldSchema, FieldType, FieldValue, RecordSchema } from '../plugin/index.ts';
import { type AvroBranch, type AvroField, type AvroType, readAvroSchema } from './avro-types.ts';

/** How one field of a schema is written: from a field of the record, or always with the schema's default. */
export type AvroPlace = FilledPlace | ValuePlace;

export interface FilledPlace {
  readonly fill: Buffer;
}

export interface ValuePlace {
  readonly fill: null;
  readonly name: string;
  readonly from: FieldType;
  readonly type: AvroType;
  /** Index of the type in its union; null where there is no union. */
  readonly branch: number | null;
  /** Index of null in it; null where nothing can be null. */
  readonly nullBranch: number | null;
  /** What is written when the record has no such field. */
  readonly absent: FieldValue;
}

/** Whose values Avro has a type for that holds all of them. Others fit their own kind alone. */
const WIDER: Partial<Record<FieldType, readonly AvroType['kind'][]>> = {
  int: ['long', 'double'],
  float: ['double'],
  enum: ['string'],
};

/**
 * How a record is written by a schema of the registry, field by field in the schema's order; a list of everything that
 * does not fit when it cannot be.
 */
export function fitRecord(
  record: RecordSchema,
  schema: string,
): { places: readonly AvroPlace[] } | { problems: readonly string[] } {
  const fields = readAvroSchema(schema);
  if (typeof fields === 'string') return { problems: [`expected a record, found ${fields}`] };
  const own = new Map(record.fields.map((field) => [field.name, field]));
  const problems: string[] = [];
  const places: AvroPlace[] = [];
  for (const field of fields) {
    const place = placeOf(field, own.get(field.name));
    if (typeof place === 'string') problems.push(place);
    else places.push(place);
  }
  const names = new Set(fields.map(({ name }) => name));
  for (const name of own.keys()) if (!names.has(name)) problems.push(`${name} is not in it`);
  return problems.length > 0 ? { problems } : { places };
}

function placeOf(
  { name, branches, isUnion, fill }: AvroField,
  own: FieldSchema | undefined,
): AvroPlace | string {
  if (own === undefined) {
    return fill === null ? `${name} is missing in the records, and has no default` : { fill };
  }
  const index = branches.findIndex(({ type }) => type !== null && holds(type, own));
  const nullIndex = branches.findIndex((branch) => branch.name === 'null');
  const type = branches[index]?.type ?? null;
  if (type === null) return `${name}: the records have ${described(own)}, it has ${named(branches)}`;
  const mayBeNull = own.optional && (own.default === undefined || own.default === null);
  if (mayBeNull && nullIndex < 0) return `${name} may be null in the records, not in it`;
  return {
    fill: null,
    name,
    from: own.type,
    type,
    branch: isUnion ? index : null,
    nullBranch: nullIndex < 0 ? null : nullIndex,
    absent: own.default ?? null,
  };
}

function holds(type: AvroType, own: FieldSchema): boolean {
  if (type.kind !== own.type) return WIDER[own.type]?.includes(type.kind) ?? false;
  switch (type.kind) {
    case 'enum':
      return (own.symbols ?? []).every((symbol) => type.symbols.includes(symbol));
    case 'timestamp':
      return type.local === (own.local ?? false);
    case 'decimal': {
      // Without a precision every value is checked.
      const { precision = type.precision, scale = type.scale } = own;
      return scale <= type.scale && precision - scale <= type.precision - type.scale;
    }
    default:
      return true;
  }
}

function described({ type, symbols, precision, scale, local }: FieldSchema): string {
  if (type === 'enum') return `an enum of ${symbols?.join(', ')}`;
  if (type === 'decimal' && precision !== undefined) return `decimal(${precision}, ${scale ?? 0})`;
  return local === true ? `local ${type}` : type;
}

function named(branches: readonly AvroBranch[]): string {
  return branches
    .map(({ name, type }) => {
      if (type?.kind === 'enum') return `an enum of ${type.symbols.join(', ')}`;
      return type?.kind === 'decimal' ? `decimal(${type.precision}, ${type.scale})` : name;
    })
    .join(' or ');
}

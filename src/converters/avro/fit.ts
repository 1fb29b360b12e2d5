import type { FieldSchema, FieldType, FieldValue, RecordSchema } from '../../plugin/index.ts';
import { innerRecordsOf } from '../../values/schema-shape.ts';
import { fillOf } from './fill.ts';
import { readAvroSchema } from './read.ts';
import type { AvroBranch, AvroField, AvroType } from './types.ts';

/** How one field of a schema is written: from fields of the record, or always with the schema's default. */
export type AvroPlace = FilledPlace | ValuePlace | RecordPlace;

export interface FilledPlace {
  readonly kind: 'filled';
  readonly fill: Buffer;
}

interface UnionPlace {
  /** Index of the type in its union; null where there is no union. */
  readonly branch: number | null;
  /** Index of null in it; null where nothing can be null. */
  readonly nullBranch: number | null;
}

export interface ValuePlace extends UnionPlace {
  readonly kind: 'value';
  readonly name: string;
  readonly from: FieldType;
  readonly type: AvroType;
  /** What is written when the record has no such field. */
  readonly absent: FieldValue;
}

/** A record whose fields are among those of the record around it, called by their path. */
export interface RecordPlace extends UnionPlace {
  readonly kind: 'record';
  readonly places: readonly AvroPlace[];
  /** It is null where all of its fields are. */
  readonly mayBeNull: boolean;
}

/** Whose values Avro has a type for that holds all of them. Others fit their own kind alone. */
const WIDER: Partial<Record<FieldType, readonly AvroType['kind'][]>> = {
  int: ['long', 'double'],
  float: ['double'],
  enum: ['string'],
  uuid: ['string'],
  // What is no UUID is refused as it is written.
  string: ['uuid'],
  decimal: ['bigDecimal'],
};

/**
 * How a record is written by a schema of the registry, field by field in the schema's order; a list of everything that
 * does not fit when it cannot be.
 */
export function fitRecord(
  record: RecordSchema,
  schema: string,
  references: readonly string[] = [],
): { places: readonly AvroPlace[] } | { problems: readonly string[] } {
  const fields = readAvroSchema(schema, references);
  if (typeof fields === 'string') return { problems: [`expected a record, found ${fields}`] };
  const fit = new Fit(record);
  const places = fit.places(fields, '');
  const problems = [...fit.problems, ...fit.untaken().map((name) => `${name} is not in it`)];
  return problems.length > 0 ? { problems } : { places };
}

class Fit {
  readonly problems: string[] = [];
  readonly #own: ReadonlyMap<string, FieldSchema>;
  readonly #taken = new Set<string>();

  constructor(record: RecordSchema) {
    this.#own = new Map(record.fields.map((field) => [field.name, field]));
  }

  /** Names of fields that no place has. */
  untaken(): readonly string[] {
    return [...this.#own.keys()].filter((name) => !this.#taken.has(name));
  }

  places(fields: readonly AvroField[], prefix: string): readonly AvroPlace[] {
    const places: AvroPlace[] = [];
    for (const field of fields) {
      const place = this.#place(field, prefix + field.name);
      if (typeof place === 'string') this.problems.push(place);
      else places.push(place);
    }
    return places;
  }

  #place(field: AvroField, path: string): AvroPlace | string {
    const own = this.#own.get(path);
    if (own !== undefined) {
      this.#taken.add(path);
      return valuePlace(field, path, own);
    }
    const inner = [...this.#own.values()].filter(({ name }) => name.startsWith(`${path}.`));
    const index = field.branches.findIndex(({ type }) => type.kind === 'record');
    const type = field.branches[index]?.type;
    if (inner.length > 0 && type?.kind === 'record') return this.#recordPlace(field, path, index, type);
    if (field.fallback === undefined) return `${path} is missing in the records, and has no default`;
    const fill = fillOf(field, field.fallback);
    return fill === null
      ? `${path} is missing in the records, and its default is not of its type`
      : { kind: 'filled', fill };
  }

  #recordPlace(
    { branches, isUnion }: AvroField,
    path: string,
    index: number,
    { fields }: Extract<AvroType, { kind: 'record' }>,
  ): AvroPlace | string {
    const mayBeNull = [...this.#own.values()].some((field) => isOptionalAt(field, path));
    const nullIndex = branches.findIndex(({ type }) => type.kind === 'null');
    const places = this.places(fields, `${path}.`);
    if (mayBeNull && nullIndex < 0) return `${path} may be null in the records, not in it`;
    return { kind: 'record', places, mayBeNull, ...unionPlace(isUnion, index, nullIndex) };
  }
}

function isOptionalAt(field: FieldSchema, path: string): boolean {
  const within = innerRecordsOf(field);
  return within.some(({ optional }, at) => {
    const names = within.slice(0, at + 1).map(({ name }) => name);
    return optional && names.join('.') === path;
  });
}

function valuePlace({ branches, isUnion }: AvroField, name: string, own: FieldSchema): ValuePlace | string {
  const index = branches.findIndex(({ type }) => holds(type, own));
  const nullIndex = branches.findIndex(({ type }) => type.kind === 'null');
  const type = branches[index]?.type ?? null;
  if (type === null) return `${name}: the records have ${described(own)}, it has ${named(branches)}`;
  const mayBeNull = own.optional && (own.default === undefined || own.default === null);
  if (mayBeNull && nullIndex < 0) return `${name} may be null in the records, not in it`;
  return {
    kind: 'value',
    name,
    from: own.type,
    type,
    ...unionPlace(isUnion, index, nullIndex),
    absent: own.default ?? null,
  };
}

function unionPlace(isUnion: boolean, index: number, nullIndex: number): UnionPlace {
  return { branch: isUnion ? index : null, nullBranch: nullIndex < 0 ? null : nullIndex };
}

function holds(type: AvroType, own: FieldSchema): boolean {
  if (type.kind !== own.type) return WIDER[own.type]?.includes(type.kind) ?? false;
  switch (type.kind) {
    case 'enum':
      return (own.symbols ?? []).every((symbol) => type.symbols.includes(symbol));
    case 'timestamp':
      return type.local === (own.local ?? false);
    case 'bytes':
      return type.size === null || type.size === (own.size ?? type.size);
    case 'decimal': {
      // Without a precision every value is checked.
      const { precision = type.precision, scale = type.scale } = own;
      return scale <= type.scale && precision - scale <= type.precision - type.scale;
    }
    default:
      return true;
  }
}

function described({ type, symbols, precision, scale, local, size }: FieldSchema): string {
  if (type === 'enum') return `an enum of ${symbols?.join(', ')}`;
  if (type === 'decimal' && precision !== undefined) return `decimal(${precision}, ${scale ?? 0})`;
  if (size !== undefined) return `${size} bytes`;
  return local === true ? `local ${type}` : type;
}

function named(branches: readonly AvroBranch[]): string {
  return branches
    .map(({ name, type }) => {
      if (type.kind === 'enum') return `an enum of ${type.symbols.join(', ')}`;
      if (type.kind === 'bytes' && type.size !== null) return `${type.size} bytes`;
      return type.kind === 'decimal' ? `decimal(${type.precision}, ${type.scale})` : name;
    })
    .join(' or ');
}

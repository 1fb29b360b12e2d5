import type { FieldType } from '../../../src/plugin/index.ts';

/** Connect's types that a value can be cast to, and what each is here. */
export const CAST_TYPES = {
  int8: 'int',
  int16: 'int',
  int32: 'int',
  int64: 'long',
  float32: 'float',
  float64: 'double',
  boolean: 'boolean',
  string: 'string',
} as const satisfies Record<string, FieldType>;

export type CastType = keyof typeof CAST_TYPES;

/** Of a whole key or value, or of fields by name. */
export type CastSpec = CastType | ReadonlyMap<string, CastType>;

export type ParsedSpec = { readonly spec: CastSpec } | { readonly problem: string };

/** Reads `price:float64,count:int32`, or one type. */
export function parseCastSpec(items: readonly string[]): ParsedSpec {
  if (items.length === 0) return { problem: 'expected at least one field:type, got an empty list' };
  const fields = new Map<string, CastType>();
  for (const item of items) {
    const parts = item.split(':').map((part) => part.trim());
    const typeName = (parts.at(-1) as string).toLowerCase();
    if (!Object.hasOwn(CAST_TYPES, typeName))
      return {
        problem: `expected field:type with one of ${Object.keys(CAST_TYPES).join(', ')}, got ${JSON.stringify(item)}`,
      };
    const type = typeName as CastType;
    if (parts.length === 1) {
      if (items.length === 1) return { spec: type };
      return { problem: `a type without a field, ${type}, must stand alone` };
    }
    const [field] = parts;
    if (parts.length > 2 || !field)
      return { problem: `expected pairs such as price:float64, got ${JSON.stringify(item)}` };
    fields.set(field, type);
  }
  return { spec: fields };
}

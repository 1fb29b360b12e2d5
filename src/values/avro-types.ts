import type { TimeUnit } from '../plugin/schema.ts';
import type { AvroJson } from './avro-name.ts';

const PRIMITIVES = ['null', 'string', 'bytes', 'int', 'long', 'float', 'double', 'boolean'] as const;

export type AvroPrimitive = (typeof PRIMITIVES)[number];

export function isAvroPrimitive(name: string): name is AvroPrimitive {
  return (PRIMITIVES as readonly string[]).includes(name);
}

/** Types that other types may call by their name. */
export function isAvroNamed(type: unknown): boolean {
  return type === 'record' || type === 'enum' || type === 'fixed';
}

/** Digits behind the second that a unit counts. */
export const UNIT_DIGITS: Readonly<Record<TimeUnit, 3 | 6 | 9>> = { millis: 3, micros: 6, nanos: 9 };

/** Of a fixed that is a UUID, and of one that is a duration. */
export const UUID_BYTES = 16;
export const DURATION_BYTES = 12;

export type AvroLogicalType =
  | { readonly kind: 'date' | 'duration' | 'bigDecimal' | 'uuid' }
  | { readonly kind: 'time'; readonly unit: 'millis' | 'micros' }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly local: boolean }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number };

const TIMESTAMP = /^(local-)?timestamp-(millis|micros|nanos)$/;

/**
 * What its `logicalType` makes of a type, which is `below`: a primitive or `fixed`. null where there is none, or it does
 * not go with what is below it (https://avro.apache.org/docs/1.12.0/specification/#logical-types).
 */
export function avroLogicalType(below: unknown, schema: AvroJson): AvroLogicalType | null {
  const { logicalType, size } = schema;
  switch (below) {
    case 'string':
      return logicalType === 'uuid' ? { kind: 'uuid' } : null;
    case 'bytes':
      return logicalType === 'big-decimal' ? { kind: 'bigDecimal' } : decimalOf(schema);
    case 'fixed':
      if (logicalType === 'uuid') return size === UUID_BYTES ? { kind: 'uuid' } : null;
      if (logicalType === 'duration') return size === DURATION_BYTES ? { kind: 'duration' } : null;
      return decimalOf(schema);
    case 'int':
      if (logicalType === 'time-millis') return { kind: 'time', unit: 'millis' };
      return logicalType === 'date' ? { kind: 'date' } : null;
    case 'long':
      return logicalType === 'time-micros' ? { kind: 'time', unit: 'micros' } : timestampOf(logicalType);
    default:
      return null;
  }
}

function decimalOf({ logicalType, precision, scale = 0 }: AvroJson): AvroLogicalType | null {
  const isDecimal = logicalType === 'decimal' && typeof precision === 'number' && typeof scale === 'number';
  return isDecimal ? { kind: 'decimal', precision, scale } : null;
}

function timestampOf(logicalType: unknown): AvroLogicalType | null {
  const match = typeof logicalType === 'string' ? TIMESTAMP.exec(logicalType) : null;
  if (match === null) return null;
  return { kind: 'timestamp', unit: match[2] as TimeUnit, local: match[1] !== undefined };
}

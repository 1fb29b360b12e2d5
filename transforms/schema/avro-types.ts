import type { AvroJson, TimeUnit } from '../../src/plugin/index.ts';
import { isAvroJson } from '../../src/values/avro-name.ts';
import type { FieldDeclaration } from './field-declaration.ts';

const TIMESTAMP = /^(local-)?timestamp-(millis|micros|nanos)$/;
const PRIMITIVES = ['string', 'int', 'long', 'float', 'double', 'boolean', 'bytes'] as const;
const UUID_BYTES = 16;
const DURATION_BYTES = 12;

/** What a type of Avro's, defined in its place, says of a field; null when no cell is one. */
export function typeDeclaration(type: unknown): FieldDeclaration | null {
  if (typeof type === 'string') return primitive(type);
  if (!isAvroJson(type)) return null;
  const { logicalType } = type;
  switch (type.type) {
    case 'enum':
      return enumDeclaration(type);
    case 'fixed':
      return fixedDeclaration(type);
    case 'bytes':
      return decimalDeclaration(type, null) ?? { type: logicalType === 'big-decimal' ? 'decimal' : 'bytes' };
    case 'string':
      return { type: logicalType === 'uuid' ? 'uuid' : 'string' };
    case 'int':
      if (logicalType === 'time-millis') return { type: 'time', unit: 'millis' };
      return { type: logicalType === 'date' ? 'date' : 'int' };
    case 'long':
      if (logicalType === 'time-micros') return { type: 'time', unit: 'micros' };
      return timestampDeclaration(logicalType) ?? { type: 'long' };
    default:
      return typeof type.type === 'string' ? primitive(type.type) : null;
  }
}

function primitive(name: string): FieldDeclaration | null {
  const type = PRIMITIVES.find((known) => known === name);
  return type === undefined ? null : { type };
}

function timestampDeclaration(logicalType: unknown): FieldDeclaration | null {
  const match = typeof logicalType === 'string' ? TIMESTAMP.exec(logicalType) : null;
  if (match === null) return null;
  const unit = match[2] as TimeUnit;
  return match[1] === undefined ? { type: 'timestamp', unit } : { type: 'timestamp', unit, local: true };
}

function fixedDeclaration(type: AvroJson): FieldDeclaration | null {
  const { size, logicalType } = type;
  if (typeof size !== 'number') return null;
  const decimal = decimalDeclaration(type, size);
  if (decimal !== null) return decimal;
  if (logicalType === 'uuid' && size === UUID_BYTES) return { type: 'uuid' };
  if (logicalType === 'duration' && size === DURATION_BYTES) return { type: 'duration' };
  return { type: 'bytes', size };
}

/** Throws an error where Avro would silently take a decimal for bytes. */
function decimalDeclaration(type: AvroJson, size: number | null): FieldDeclaration | null {
  const { logicalType, precision, scale = 0 } = type;
  if (logicalType !== 'decimal') return null;
  if (
    typeof precision !== 'number' ||
    typeof scale !== 'number' ||
    precision < 1 ||
    scale < 0 ||
    scale > precision
  ) {
    throw new Error('expected a decimal to have a precision above 0, and a scale from 0 to the precision');
  }
  if (size !== null && 10n ** BigInt(precision) > 2n ** BigInt(8 * size - 1)) {
    throw new Error(`${size} bytes do not hold every decimal of precision ${precision}`);
  }
  return { type: 'decimal', precision, scale };
}

function enumDeclaration({ symbols, name }: AvroJson): FieldDeclaration | null {
  if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === 'string')) return null;
  return { type: 'enum', symbols, ...(typeof name === 'string' && { enumName: name }) };
}

import type { AvroJson } from '../../../src/values/avro-name.ts';
import { isAvroJson } from '../../../src/values/avro-name.ts';
import { type AvroLogicalType, avroLogicalType, isAvroPrimitive } from '../../../src/values/avro-types.ts';
import type { FieldDeclaration } from '../field-declaration.ts';

/** What a type of Avro's, defined in its place, says of a field; null when no cell is one. */
export function typeDeclaration(type: unknown): FieldDeclaration | null {
  if (typeof type === 'string') return primitive(type);
  if (!isAvroJson(type)) return null;
  if (type.type === 'enum') return enumDeclaration(type);
  const isFixed = type.type === 'fixed';
  if (isFixed && typeof type.size !== 'number') return null;
  if (isFixed || type.type === 'bytes') refuseWrongDecimal(type);
  const logical = avroLogicalType(type.type, type);
  if (logical !== null) return logicalDeclaration(logical);
  if (isFixed) return { type: 'bytes', size: type.size as number };
  return typeof type.type === 'string' ? primitive(type.type) : null;
}

function primitive(name: string): FieldDeclaration | null {
  return isAvroPrimitive(name) && name !== 'null' ? { type: name } : null;
}

function logicalDeclaration(logical: AvroLogicalType): FieldDeclaration {
  switch (logical.kind) {
    case 'bigDecimal':
      return { type: 'decimal' };
    case 'decimal':
      return { type: 'decimal', precision: logical.precision, scale: logical.scale };
    case 'time':
      return { type: 'time', unit: logical.unit };
    case 'timestamp':
      return { type: 'timestamp', unit: logical.unit, ...(logical.local && { local: true }) };
    default:
      return { type: logical.kind };
  }
}

/** Throws an error where Avro would silently take a decimal for bytes. */
function refuseWrongDecimal({ logicalType, precision, scale = 0, size }: AvroJson): void {
  if (logicalType !== 'decimal') return;
  if (
    typeof precision !== 'number' ||
    typeof scale !== 'number' ||
    precision < 1 ||
    scale < 0 ||
    scale > precision
  ) {
    throw new Error('expected a decimal to have a precision above 0, and a scale from 0 to the precision');
  }
  if (typeof size === 'number' && 10n ** BigInt(precision) > 2n ** BigInt(8 * size - 1)) {
    throw new Error(`${size} bytes do not hold every decimal of precision ${precision}`);
  }
}

function enumDeclaration({ symbols, name }: AvroJson): FieldDeclaration | null {
  if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === 'string')) return null;
  return { type: 'enum', symbols, ...(typeof name === 'string' && { enumName: name }) };
}

import { exactNumber } from '../../values/exact-json.ts';
import { MAX_LONG_BYTES, writeBigLong } from './binary.ts';
import type { AvroType, AvroUnion } from './types.ts';

/** A default that is not of its type. */
class Misfit extends Error {}

const FLOAT_BYTES = 4;
const DOUBLE_BYTES = 8;

/** The default of a field in Avro's binary form; null when it is not of the field's type. */
export function fillOf(type: AvroUnion, fallback: unknown): Buffer | null {
  try {
    return unionBytes(type, fallback);
  } catch (error) {
    if (error instanceof Misfit) return null;
    throw error;
  }
}

/** Of a union it is the first branch that it is of. */
function unionBytes({ branches, isUnion }: AvroUnion, value: unknown): Buffer {
  for (const [index, { type }] of branches.entries()) {
    try {
      const bytes = typeBytes(type, value);
      return isUnion ? Buffer.concat([long(BigInt(index)), bytes]) : bytes;
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
    }
  }
  throw new Misfit();
}

function typeBytes(type: AvroType, value: unknown): Buffer {
  switch (type.kind) {
    case 'null':
      return expected(value === null, Buffer.alloc(0));
    case 'boolean':
      return expected(typeof value === 'boolean', Buffer.of(value ? 1 : 0));
    case 'float':
    case 'double':
      return floating(value, type.kind);
    case 'int':
    case 'long':
    case 'date':
    case 'time':
    case 'timestamp':
      return wholeBytes(value);
    case 'enum':
      return expected(
        type.symbols.includes(value as string),
        long(BigInt(type.symbols.indexOf(value as string))),
      );
    case 'record':
      return recordBytes(type, value);
    case 'array':
      return expected(
        Array.isArray(value),
        blocks([...(value as [])].map((item) => unionBytes(type.of, item))),
      );
    case 'map':
      return blocks(
        Object.entries(objectOf(value)).map(([key, item]) =>
          Buffer.concat([sized(Buffer.from(key)), unionBytes(type.of, item)]),
        ),
      );
    default:
      return textBytes(type, value);
  }
}

/** Text, or bytes as text of as many characters. */
function textBytes(type: AvroType, value: unknown): Buffer {
  if (typeof value !== 'string') throw new Misfit();
  if (type.kind === 'string' || (type.kind === 'uuid' && !type.isFixed)) return sized(Buffer.from(value));
  const bytes = Buffer.from(value, 'latin1');
  if (type.kind === 'duration') return expected(bytes.length === 12, bytes);
  if (type.kind === 'uuid') return expected(bytes.length === 16, bytes);
  const size = type.kind === 'decimal' || type.kind === 'bytes' ? type.size : null;
  return size === null ? sized(bytes) : expected(bytes.length === size, bytes);
}

function recordBytes({ fields }: Extract<AvroType, { kind: 'record' }>, value: unknown): Buffer {
  const given = objectOf(value);
  return Buffer.concat(
    fields.map((field) =>
      unionBytes(field, Object.hasOwn(given, field.name) ? given[field.name] : field.fallback),
    ),
  );
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Misfit();
  return value as Readonly<Record<string, unknown>>;
}

/** One block of all items, and the end. */
function blocks(items: readonly Buffer[]): Buffer {
  const end = Buffer.of(0);
  return items.length === 0 ? end : Buffer.concat([long(BigInt(items.length)), ...items, end]);
}

function floating(value: unknown, kind: 'float' | 'double'): Buffer {
  const number = exactNumber(value);
  if (number === null) throw new Misfit();
  const bytes = Buffer.alloc(kind === 'float' ? FLOAT_BYTES : DOUBLE_BYTES);
  if (kind === 'float') bytes.writeFloatLE(Number(number));
  else bytes.writeDoubleLE(Number(number));
  return bytes;
}

function wholeBytes(value: unknown): Buffer {
  const digits = exactNumber(value);
  if (digits === null || !/^-?\d{1,19}$/.test(digits)) throw new Misfit();
  return long(BigInt(digits));
}

function sized(bytes: Buffer): Buffer {
  return Buffer.concat([long(BigInt(bytes.length)), bytes]);
}

function long(value: bigint): Buffer {
  const buffer = Buffer.alloc(MAX_LONG_BYTES);
  const end = writeBigLong({ buffer, view: new DataView(buffer.buffer) }, 0, value);
  return buffer.subarray(0, end);
}

function expected(is: boolean, bytes: Buffer): Buffer {
  if (!is) throw new Misfit();
  return bytes;
}

import { DURATION_BYTES } from '../../values/avro-types.ts';
import { durationParts, isUuid } from '../../values/text-forms.ts';
import { twosComplement, unscaledOf } from '../shared/decimal.ts';
import { instantOf, timeOfDay } from '../shared/instant.ts';
import { misfit } from '../shared/row.ts';
import { MAX_LONG_BYTES, writeBigLong, writeBytes, writeLong } from './binary.ts';
import { ByteWriter } from './byte-writer.ts';
import type { ValuePlace } from './fit.ts';
import type { AvroType } from './types.ts';

/** Writes a field's value. Throws a RowError that names the field when the value does not fit it. */
export type ValueWriter = (out: ByteWriter, value: unknown) => void;

/** Writes a value of the type; gives what was expected when it is not one. */
type TypeWriter = (out: ByteWriter, value: unknown) => string | null;

const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
const LONG_MAX = 2n ** 63n - 1n;
const LONG_MIN = -(2n ** 63n);
const DOUBLE_BYTES = 8;
/** A character of a JavaScript string takes so many bytes in UTF-8. */
const MAX_CHARACTER_BYTES = 3;

/** What stands before a value for the branch of a union that it is of; nothing where there is no union. */
export function branchBytes(branch: number | null): Uint8Array {
  if (branch === null) return new Uint8Array(0);
  const buffer = Buffer.alloc(MAX_LONG_BYTES);
  return buffer.subarray(0, writeLong({ buffer, view: new DataView(buffer.buffer) }, 0, branch));
}

export function placeWriter({ name, type, branch, nullBranch }: ValuePlace): ValueWriter {
  const write = typeWriter(type);
  return (out, value) => {
    out.room(MAX_LONG_BYTES);
    if (value === null && nullBranch !== null) {
      out.at = writeLong(out, out.at, nullBranch);
      return;
    }
    if (branch !== null) out.at = writeLong(out, out.at, branch);
    const expected = write(out, value);
    if (expected !== null) throw misfit(name, expected, value);
  };
}

function typeWriter(type: AvroType): TypeWriter {
  switch (type.kind) {
    case 'decimal':
      return decimalWriter(type.precision, type.scale, type.size);
    case 'timestamp':
      return instantWriter(type.digits, type.local);
    case 'date':
      return instantWriter(null, false);
    case 'enum':
      return enumWriter(type.symbols);
    case 'time':
      return timeWriter(type.digits);
    case 'uuid':
      return type.isFixed ? fixedUuid : textUuid;
    case 'bytes':
      return bytesWriter(type.size);
    case 'null':
    case 'record':
    case 'array':
    case 'map':
      return () => `no value, as no field is of type ${type.kind}`;
    default:
      return WRITERS[type.kind];
  }
}

const WRITERS = {
  string(out, value) {
    if (typeof value !== 'string') return 'text';
    out.room(MAX_LONG_BYTES + MAX_CHARACTER_BYTES * value.length);
    out.at = writeLong(out, out.at, Buffer.byteLength(value));
    out.at += out.buffer.write(value, out.at);
    return null;
  },
  int(out, value) {
    if (!Number.isInteger(value) || (value as number) > INT_MAX || (value as number) < INT_MIN) {
      return 'an int';
    }
    return long(out, BigInt(value as number));
  },
  long(out, value) {
    const isSafe = Number.isSafeInteger(value);
    if (typeof value !== 'bigint' && !isSafe) return 'a long';
    const exact = BigInt(value as number | bigint);
    return exact <= LONG_MAX && exact >= LONG_MIN ? long(out, exact) : 'a long';
  },
  float(out, value) {
    if (typeof value !== 'number' || (Number.isFinite(value) && !Number.isFinite(Math.fround(value)))) {
      return 'a float';
    }
    out.room(DOUBLE_BYTES);
    out.at = out.buffer.writeFloatLE(value, out.at);
    return null;
  },
  double(out, value) {
    if (typeof value !== 'number') return 'a double';
    out.room(DOUBLE_BYTES);
    out.at = out.buffer.writeDoubleLE(value, out.at);
    return null;
  },
  boolean(out, value) {
    if (typeof value !== 'boolean') return 'true or false';
    out.room(1);
    out.buffer[out.at++] = value ? 1 : 0;
    return null;
  },
  duration(out, value) {
    const parts = typeof value === 'string' ? durationParts(value) : null;
    if (parts === null) return 'a duration (P1Y2M3DT4H5M6.789S)';
    const bytes = Buffer.alloc(DURATION_BYTES);
    [parts.months, parts.days, parts.millis].forEach((part, index) => {
      bytes.writeUInt32LE(part, 4 * index);
    });
    return raw(out, bytes, true);
  },
  bigDecimal(out, value) {
    const text = typeof value === 'string' ? value : '';
    const point = text.indexOf('.');
    const scale = point < 0 ? 0 : text.length - point - 1;
    const unscaled = unscaledOf(text, scale);
    if (unscaled === null) return 'a decimal';
    const inner = new ByteWriter();
    raw(inner, twosComplement(unscaled), false);
    long(inner, BigInt(scale));
    return raw(out, inner.take(), false);
  },
} as const satisfies Record<string, TypeWriter>;

const UUID = 'a UUID (123e4567-e89b-12d3-a456-426614174000)';

function textUuid(out: ByteWriter, value: unknown): string | null {
  return typeof value === 'string' && isUuid(value) ? WRITERS.string(out, value) : UUID;
}

function fixedUuid(out: ByteWriter, value: unknown): string | null {
  if (typeof value !== 'string' || !isUuid(value)) return UUID;
  return raw(out, Buffer.from(value.replaceAll('-', ''), 'hex'), true);
}

/** From base64, as values have them, or bytes as a function may set them. */
function bytesWriter(size: number | null): TypeWriter {
  const expected = size === null ? 'bytes, or base64' : `${size} bytes, or base64 of them`;
  return (out, value) => {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : value;
    if (!(bytes instanceof Uint8Array) || (size !== null && bytes.length !== size)) return expected;
    if (typeof value === 'string' && (bytes as Buffer).toString('base64') !== value) return expected;
    return raw(out, bytes, size !== null);
  };
}

function timeWriter(digits: 3 | 6): TypeWriter {
  return (out, value) => {
    const count = timeOfDay(typeof value === 'string' ? value : '', digits);
    return typeof count === 'string' ? count : long(out, BigInt(count));
  };
}

function raw(out: ByteWriter, bytes: Uint8Array, isFixed: boolean): null {
  out.room(MAX_LONG_BYTES + bytes.length);
  out.at = writeBytes(out, out.at, bytes, isFixed);
  return null;
}

function long(out: ByteWriter, value: bigint): null {
  out.room(MAX_LONG_BYTES);
  out.at = writeBigLong(out, out.at, value);
  return null;
}

function decimalWriter(precision: number, scale: number, size: number | null): TypeWriter {
  const limit = 10n ** BigInt(precision);
  const expected = `a decimal of precision ${precision}, scale ${scale}`;
  return (out, value) => {
    const unscaled = typeof value === 'string' ? unscaledOf(value, scale) : null;
    if (unscaled === null || unscaled >= limit || unscaled <= -limit) return expected;
    const bytes = twosComplement(unscaled);
    if (size !== null && bytes.length > size) return expected;
    const whole = size === null ? bytes : extended(bytes, size);
    return raw(out, whole, size !== null);
  };
}

/** More bytes of the same sign before it. */
function extended(bytes: Uint8Array, size: number): Uint8Array {
  const isNegative = (bytes[0] as number) > 0x7f;
  return Buffer.concat([Buffer.alloc(size - bytes.length, isNegative ? 0xff : 0), bytes]);
}

function instantWriter(digits: 3 | 6 | 9 | null, local: boolean): TypeWriter {
  return (out, value) => {
    const count = instantOf(typeof value === 'string' ? value : '', digits, local);
    return typeof count === 'string' ? count : long(out, count);
  };
}

function enumWriter(symbols: readonly string[]): TypeWriter {
  const indexes = new Map(symbols.map((symbol, index) => [symbol, index]));
  const expected = `one of ${symbols.join(', ')}`;
  return (out, value) => {
    const index = indexes.get(value as string);
    if (index === undefined) return expected;
    out.room(MAX_LONG_BYTES);
    out.at = writeLong(out, out.at, index);
    return null;
  };
}

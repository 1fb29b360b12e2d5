import { type FieldType, RowError } from '../../../src/plugin/index.ts';
import { numberText } from '../shared/java-text.ts';
import { narrowed, narrowedLong, parseFloating, parseWhole, wholePart } from '../shared/numbers.ts';
import { kindOf, shown } from '../shared/row.ts';
import type { CastType } from './cast-spec.ts';

const INT_BITS = { int8: 8, int16: 16, int32: 32, int64: 64 } as const;
const DAY_MS = 86_400_000;

/**
 * Connect's cast of a value: numbers are cut to their new size as Java cuts them, text must be a number of that size.
 * `type` is the field's in its schema, null without one. `name` is what a message calls the value.
 */
export function castValue(value: unknown, type: FieldType | null, to: CastType, name: string): unknown {
  if (value === null || value === undefined) return null;
  if (to === 'string') return textOf(value, type, name);
  const plain = withoutLogicalType(value, type);
  const cast = to === 'boolean' ? booleanOf(plain) : numberOf(plain, to);
  if (cast !== undefined) return cast;
  const got = typeof value === 'string' ? shown(value) : kindOf(value);
  throw new RowError('UncastableValue', `${name}: expected a value that can be cast to ${to}, got ${got}`);
}

/** What stands for a decimal, timestamp or date in Connect when it is cast; a float is one of 32 bits. */
function withoutLogicalType(value: unknown, type: FieldType | null): unknown {
  if (type === 'float' && typeof value === 'number') return Math.fround(value);
  if (typeof value !== 'string') return value;
  if (type === 'decimal') return new DecimalText(value);
  if (type === 'date') return Date.parse(value) / DAY_MS;
  if (type !== 'timestamp') return value;
  const ms = Date.parse(/(?:Z|[+-][0-9]{2}:[0-9]{2})$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(ms) ? value : BigInt(ms);
}

/** Text that is a decimal: its fraction may go. */
class DecimalText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function numberOf(value: unknown, to: Exclude<CastType, 'boolean' | 'string'>): number | bigint | undefined {
  if (to === 'float32' || to === 'float64') return floatingOf(value, to);
  const whole = wholeOf(value, INT_BITS[to]);
  if (whole === undefined) return undefined;
  return to === 'int64' ? whole : Number(whole);
}

function wholeOf(value: unknown, bits: 8 | 16 | 32 | 64): bigint | undefined {
  if (typeof value === 'string') return parseWhole(value, bits) ?? undefined;
  if (typeof value === 'bigint') return BigInt.asIntN(bits, value);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return bits === 64 ? narrowedLong(value) : BigInt(narrowed(value, bits));
  if (!(value instanceof DecimalText)) return undefined;
  const whole = wholePart(value.text);
  return whole === null ? undefined : BigInt.asIntN(bits, whole);
}

/** Not finite is not a value: JSON has no word for it. */
function floatingOf(value: unknown, to: 'float32' | 'float64'): number | undefined {
  const double = doubleOf(value);
  if (double === undefined) return undefined;
  const cast = to === 'float32' ? Math.fround(double) : double;
  return Number.isFinite(cast) ? cast : undefined;
}

function doubleOf(value: unknown): number | undefined {
  if (typeof value === 'string') return parseFloating(value) ?? undefined;
  if (value instanceof DecimalText) return parseFloating(value.text) ?? undefined;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? Number(value)
    : undefined;
}

/** Java's: text is true when it says so, a number when its whole part is not 0. */
function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'string') return value.toLowerCase() === 'true';
  if (typeof value === 'boolean') return value;
  const whole = wholeOf(value, 64);
  return whole === undefined ? undefined : whole !== 0n;
}

function textOf(value: unknown, type: FieldType | null, name: string): string {
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(value, type);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object') return String(value);
  throw new RowError('UncastableValue', `${name}: expected a value without parts, got ${kindOf(value)}`);
}

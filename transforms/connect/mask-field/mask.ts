import { type FieldType, RowError } from '../../../src/plugin/index.ts';
import { isInteger32 } from '../shared/java-text.ts';
import { plainDecimal, wholePart } from '../shared/numbers.ts';
import { kindOf, shown } from '../shared/row.ts';

const NOTHING = { decimal: '0', timestamp: '1970-01-01T00:00:00.000Z', date: '1970-01-01' } as const;

/** What stands for a value that is masked; null stays null. */
export function maskOf(
  value: unknown,
  type: FieldType | null,
  replacement: string | null,
  name: string,
): unknown {
  if (value === null || value === undefined) return null;
  return replacement === null ? nothingOf(value, type, name) : replaced(value, type, replacement, name);
}

function nothingOf(value: unknown, type: FieldType | null, name: string): unknown {
  if (typeof value === 'string') return type !== null && type in NOTHING ? NOTHING[type as 'date'] : '';
  if (typeof value === 'number') return 0;
  if (typeof value === 'bigint') return 0n;
  if (typeof value === 'boolean') return false;
  if (Array.isArray(value)) return [];
  if (ArrayBuffer.isView(value)) throw unmaskable(name, kindOf(value));
  return {};
}

function replaced(value: unknown, type: FieldType | null, replacement: string, name: string): unknown {
  if (typeof value === 'string') {
    if (type === 'timestamp' || type === 'date') throw unmaskable(name, `a ${type}`);
    return type === 'decimal' ? number(plainDecimal(replacement.trim()), replacement, name) : replacement;
  }
  if (typeof value === 'bigint') {
    const whole = number(wholePart(replacement.trim()), replacement, name);
    return BigInt.asIntN(64, whole);
  }
  if (typeof value !== 'number') throw unmaskable(name, kindOf(value));
  if (type === 'int' || (type === null && isInteger32(value)))
    return Number(BigInt.asIntN(32, number(wholePart(replacement.trim()), replacement, name)));
  const floating = Number(number(plainDecimal(replacement.trim()), replacement, name));
  const masked = type === 'float' ? Math.fround(floating) : floating;
  return number(Number.isFinite(masked) ? masked : null, replacement, name);
}

function number<T>(read: T | null, replacement: string, name: string): T {
  if (read !== null) return read;
  throw new RowError(
    'UnmaskableField',
    `${name}: expected a replacement that is a number, got ${shown(replacement)}`,
  );
}

function unmaskable(name: string, got: string): RowError {
  return new RowError('UnmaskableField', `${name}: expected text or a number to mask, got ${got}`);
}

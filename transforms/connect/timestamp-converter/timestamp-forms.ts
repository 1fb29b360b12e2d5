import { type FieldType, RowError } from '../../../src/plugin/index.ts';
import type { DatePattern } from '../shared/date-pattern.ts';
import { kindOf, shown } from '../shared/row.ts';

/** How many of a unit a millisecond is, or how many milliseconds the unit is. */
const UNITS = {
  seconds: { perMs: 1n, ms: 1000n },
  milliseconds: { perMs: 1n, ms: 1n },
  microseconds: { perMs: 1000n, ms: 1n },
  nanoseconds: { perMs: 1_000_000n, ms: 1n },
} as const;

export type Precision = keyof typeof UNITS;
export type Target = 'string' | 'unix' | 'Date' | 'Time' | 'Timestamp';

const ISO =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$/;
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Reads and writes timestamps in the forms that the transformation is set up for. */
export class TimestampForms {
  readonly #pattern: DatePattern | null;
  readonly #precision: Precision;

  constructor(pattern: DatePattern | null, precision: Precision) {
    this.#pattern = pattern;
    this.#precision = precision;
  }

  /** The moment that a value is; `type` is its field's in the schema, null without one. */
  read(value: unknown, type: FieldType | null, name: string): Date {
    const date = this.#dateOf(value, type);
    if (date === undefined) {
      const got = type !== null && type !== 'enum' ? `a field of type ${type}` : kindOf(value);
      throw new RowError('UnknownTimestamp', `${name}: expected a timestamp, date, long or text, got ${got}`);
    }
    const ms = date?.getTime() ?? Number.NaN;
    if (ms >= FIRST_MS && ms <= LAST_MS) return date as Date;
    const by = this.#pattern === null ? '' : ' as format has it';
    throw new RowError('InvalidTimestamp', `${name}: expected a timestamp${by}, got ${shown(value)}`);
  }

  write(date: Date, target: Target): string | bigint {
    const iso = date.toISOString();
    switch (target) {
      case 'string':
        return this.#pattern === null ? iso : this.#pattern.format(date);
      case 'unix': {
        const { perMs, ms } = UNITS[this.#precision];
        return (BigInt(date.getTime()) * perMs) / ms;
      }
      case 'Date':
        return iso.slice(0, 10);
      case 'Time':
        return iso.slice(11, 23);
      case 'Timestamp':
        return iso;
    }
  }

  /** undefined for what is no form of a timestamp, null for one that is wrong. */
  #dateOf(value: unknown, type: FieldType | null): Date | null | undefined {
    if (value instanceof Date) return value;
    if (typeof value === 'string') {
      if (type === 'timestamp' || type === 'date') return isoDate(value);
      if (type !== null && type !== 'string' && type !== 'enum') return undefined;
      return this.#pattern === null ? isoDate(value) : this.#pattern.parse(value);
    }
    if (type !== null && type !== 'long') return undefined;
    if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) {
      const { perMs, ms } = UNITS[this.#precision];
      return new Date(Number((BigInt(value) * ms) / perMs));
    }
    return undefined;
  }
}

/** ISO 8601, in UTC where it names no zone. */
function isoDate(text: string): Date | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const midnight = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  // JavaScript takes 30 February for the 2nd of March.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(text.slice(0, 10))) return null;
  return new Date(text.includes('T') && match[1] === undefined ? `${text}Z` : text);
}

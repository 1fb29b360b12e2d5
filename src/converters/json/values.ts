import type { FieldSchema, FieldType } from '../../plugin/index.ts';
import { exactLong, jsonInOrder } from '../../values/ordered-row.ts';
import { isUuid } from '../../values/text-forms.ts';
import { twosComplement, unscaledOf } from '../shared/decimal.ts';
import { instantOf, timeOfDay } from '../shared/instant.ts';
import { misfit } from '../shared/row.ts';
import type { JsonForm } from './forms.ts';

/** A value as JSON text. */
export type JsonValueWriter = (value: unknown) => string;

/** Thrown by a writer, for whoever knows the field's name. */
export class Unexpected extends Error {
  /** @param expected what the value should have been */
  constructor(expected: string) {
    super(expected);
  }
}

/** What JSON.stringify would not write as it is: quotes, backslashes, control characters, halves of surrogate pairs. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

function quoted(value: unknown): string {
  if (typeof value !== 'string') return anyJson(value);
  return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
}

function plainNumber(value: unknown): string {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  return anyJson(value);
}

/** A bigint keeps all its digits, bytes are base64; whatever else JSON cannot hold is an error of the row. */
export function anyJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  const text = jsonInOrder(value, held);
  if (text === undefined) throw unheld(typeof value);
  return text;
}

/** JSON.stringify would write null or an empty object for the others, and say nothing. */
function held(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw unheld(String(value));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date && Number.isNaN(value.getTime())) throw unheld('a Date that is none');
  if (value instanceof Map || value instanceof Set) throw unheld(value instanceof Map ? 'a Map' : 'a Set');
  return exactLong(value);
}

function unheld(got: string): TypeError {
  return new TypeError(`expected a value that JSON can hold, got ${got}`);
}

const PLAIN: Partial<Record<FieldType, JsonValueWriter>> = {
  int: plainNumber,
  long: plainNumber,
  float: plainNumber,
  double: plainNumber,
  boolean: anyJson,
};

const DECIMAL = /^(-?)0*((?:0|[1-9]\d*)(?:\.\d+)?)$/;
const ZONE = /(?:Z|[+-]\d{2}:\d{2})$/;

/** The writer of a form, for values of a field's type; null is written as null. */
export function jsonValueWriter(type: FieldType, form: JsonForm): JsonValueWriter {
  const write = formWriter(type, form);
  return form.kind === 'plain' ? write : (value) => (value === null ? 'null' : write(value));
}

function formWriter(type: FieldType, form: JsonForm): JsonValueWriter {
  switch (form.kind) {
    case 'plain':
      return PLAIN[type] ?? quoted;
    case 'digits':
      return bareDecimal;
    case 'base64':
      return (value) => base64Decimal(value, form.scale);
    case 'instant':
      return (value) => `"${instantText(value)}"`;
    case 'days':
      return (value) => counted(value, null, false);
    case 'count':
      return (value) => counted(value, form.digits, form.local);
    case 'time':
      return (value) => timeCount(value, form.digits);
  }
}

/** JSON has no zeros before a number. */
function bareDecimal(value: unknown): string {
  const match = DECIMAL.exec(String(value));
  if (match === null) throw new Unexpected('a decimal');
  return `${match[1]}${match[2]}`;
}

function base64Decimal(value: unknown, scale: number): string {
  const unscaled = unscaledOf(String(value), scale);
  if (unscaled === null) throw new Unexpected(`a decimal with ${scale} digits behind the point`);
  return `"${Buffer.from(twosComplement(unscaled)).toString('base64')}"`;
}

function instantText(value: unknown): string {
  const text = String(value);
  const count = instantOf(text, 9);
  if (typeof count === 'string' && count.endsWith('Z)')) throw new Unexpected(count);
  return ZONE.test(text) ? text : `${text}Z`;
}

function counted(value: unknown, digits: 3 | 6 | 9 | null, local: boolean): string {
  const count = instantOf(String(value), digits, local);
  if (typeof count === 'string') throw new Unexpected(count);
  return String(count);
}

function timeCount(value: unknown, digits: 3 | 6): string {
  const count = timeOfDay(String(value), digits);
  if (typeof count === 'string') throw new Unexpected(count);
  return String(count);
}

/** What a value is checked for where a schema goes with it: the type, and what messages call it. */
const TYPES: Readonly<Record<FieldType, readonly [expected: string, is: (value: unknown) => boolean]>> = {
  string: ['text', isText],
  enum: ['text', isText],
  decimal: ['a decimal', isText],
  timestamp: ['a timestamp (2026-01-31T09:30:00.000Z)', isText],
  date: ['a date (2026-01-31)', isText],
  int: ['an int', Number.isInteger],
  long: ['a long', (value) => typeof value === 'bigint' || Number.isSafeInteger(value)],
  float: ['a float', Number.isFinite],
  double: ['a double', Number.isFinite],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  time: ['a time (09:30:00.000)', isText],
  uuid: ['a UUID', (value) => isText(value) && isUuid(value as string)],
  duration: ['a duration (P1Y2M3DT4H5M6.789S)', isText],
  bytes: ['base64', isText],
};

/** Throws a RowError when the value, which is not null, is not what the field's schema says. */
export function checkValue({ name, type, symbols }: FieldSchema, value: unknown): void {
  const [expected, is] = TYPES[type];
  if (!is(value)) throw misfit(name, expected, value);
  if (type === 'enum' && symbols?.includes(value as string) === false) {
    throw misfit(name, `one of ${symbols.join(', ')}`, value);
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

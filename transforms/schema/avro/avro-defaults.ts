import type { FieldValue } from '../../../src/plugin/index.ts';
import { DURATION_BYTES, UNIT_DIGITS, UUID_BYTES } from '../../../src/values/avro-types.ts';
import { exactNumber } from '../../../src/values/exact-json.ts';
import { isUuid } from '../../../src/values/text-forms.ts';
import type { FieldDeclaration } from '../field-declaration.ts';

/** A default is not in the form that Avro has for its type. */
export class WrongDefault extends Error {}

const INT_BITS = 32;
const LONG_BITS = 64;
const SECONDS_A_DAY = 86_400n;
const MS_A_SECOND = 1000;

/**
 * The value that a default of an Avro schema stands for
 * (https://avro.apache.org/docs/1.12.0/specification/#schema-record): of logical types it is what is below them, of
 * bytes text whose characters are the bytes.
 */
export function avroDefaultValue(field: FieldDeclaration, value: unknown): FieldValue {
  switch (field.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw new WrongDefault('true or false');
    case 'int':
      return Number(whole(value, INT_BITS, 'an int'));
    case 'long':
      return whole(value, LONG_BITS, 'a long');
    case 'float':
    case 'double':
      return floating(value, field.type);
    case 'date':
      return dateOf(whole(value, INT_BITS, 'days since 1970, as a number'));
    case 'time':
      return timeOf(value, UNIT_DIGITS[field.unit ?? 'micros']);
    case 'timestamp':
      return timestampOf(value, field);
    default:
      if (typeof value === 'string') return textOf(field, value);
      throw new WrongDefault('text');
  }
}

function textOf(field: FieldDeclaration, text: string): FieldValue {
  switch (field.type) {
    case 'enum':
      if (field.symbols?.includes(text)) return text;
      throw new WrongDefault(`one of ${field.symbols?.join(', ')}`);
    case 'uuid':
      return uuidOf(text);
    case 'duration':
      return durationOf(bytesOf(text, DURATION_BYTES));
    case 'decimal':
      return decimalOf(text, field);
    case 'bytes':
      return bytesOf(text, field.size ?? null).toString('base64');
    default:
      return text;
  }
}

function whole(value: unknown, bits: number, expected: string): bigint {
  const digits = exactNumber(value);
  if (digits === null || !/^-?\d{1,19}$/.test(digits)) throw new WrongDefault(expected);
  const number = BigInt(digits);
  if (BigInt.asIntN(bits, number) !== number) throw new WrongDefault(expected);
  return number;
}

function floating(value: unknown, type: 'float' | 'double'): number {
  const number = Number(exactNumber(value) ?? 'none');
  const held = type === 'float' ? Math.fround(number) : number;
  if (!Number.isFinite(held)) throw new WrongDefault(`a ${type}`);
  return number;
}

function bytesOf(text: string, size: number | null): Buffer {
  const characters = size === null ? 'characters' : `${size} characters`;
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.toString('latin1') !== text || (size !== null && bytes.length !== size)) {
    throw new WrongDefault(`${characters} from \\u0000 to \\u00ff, each a byte`);
  }
  return bytes;
}

/** Without a precision it is Avro's big-decimal, of which no default is read. */
function decimalOf(text: string, { precision, scale = 0, size }: FieldDeclaration): string {
  const bytes = bytesOf(text, size ?? null);
  if (precision === undefined) throw new WrongDefault('none, as a big-decimal has none');
  const unscaled =
    bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`));
  const digits = String(unscaled)
    .replace('-', '')
    .padStart(scale + 1, '0');
  if (digits.length > precision && digits.length > scale + 1)
    throw new WrongDefault(`at most ${precision} digits`);
  const point = digits.length - scale;
  const fraction = scale === 0 ? '' : `.${digits.slice(point)}`;
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}${fraction}`;
}

/** Text has it as it is, and a fixed as 16 bytes. */
function uuidOf(text: string): string {
  if (isUuid(text)) return text;
  if (text.length !== UUID_BYTES) throw new WrongDefault('a UUID');
  const hex = bytesOf(text, UUID_BYTES).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function durationOf(bytes: Buffer): string {
  const [months, days, ms] = [0, 4, 8].map((at) => bytes.readUInt32LE(at)) as [number, number, number];
  const fraction = String(ms % MS_A_SECOND).padStart(3, '0');
  return `P${months}M${days}DT${Math.floor(ms / MS_A_SECOND)}.${fraction}S`;
}

function dateOf(days: bigint): string {
  return isoOf(days * SECONDS_A_DAY).slice(0, 10);
}

function timeOf(value: unknown, digits: number): string {
  const count = whole(value, LONG_BITS, 'a time of day, as a number');
  const unit = 10n ** BigInt(digits);
  if (count < 0n || count >= SECONDS_A_DAY * unit) throw new WrongDefault('a time within a day');
  return `${isoOf(count / unit).slice(11, 19)}.${String(count % unit).padStart(digits, '0')}`;
}

function timestampOf(value: unknown, { unit = 'micros', local }: FieldDeclaration): string {
  const digits = UNIT_DIGITS[unit];
  const count = whole(value, LONG_BITS, `${unit} since 1970, as a number`);
  const fraction = ((count % 10n ** BigInt(digits)) + 10n ** BigInt(digits)) % 10n ** BigInt(digits);
  const second = isoOf((count - fraction) / 10n ** BigInt(digits)).slice(0, 19);
  return `${second}.${String(fraction).padStart(digits, '0')}${local === true ? '' : 'Z'}`;
}

function isoOf(seconds: bigint): string {
  const date = new Date(Number(seconds) * MS_A_SECOND);
  const iso = Number.isNaN(date.getTime()) ? '' : date.toISOString();
  if (!/^\d{4}-/.test(iso)) throw new WrongDefault('a time of the years 0 to 9999');
  return iso;
}

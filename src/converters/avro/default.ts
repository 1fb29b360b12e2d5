import type { FieldSchema } from '../../plugin/index.ts';
import { UNIT_DIGITS } from '../../values/avro-types.ts';
import { rawJson } from '../../values/exact-json.ts';
import { durationParts } from '../../values/text-forms.ts';
import { decimalBytes } from '../shared/decimal.ts';
import { instantOf, timeOfDay } from '../shared/instant.ts';

/** A field's default as a schema's JSON has it; undefined when it has none. */
export function avroDefault(field: FieldSchema): unknown {
  const { type, default: value } = field;
  if (value === undefined || value === null) return value;
  if (typeof value === 'bigint') return rawJson(String(value));
  if (type === 'decimal') {
    const bytes = decimalBytes(String(value), field.scale ?? 0);
    // Bytes are text of as many characters, the code of each a byte.
    return bytes === null ? value : Buffer.from(bytes).toString('latin1');
  }
  if (type === 'bytes') return Buffer.from(String(value), 'base64').toString('latin1');
  if (type === 'duration') return durationText(String(value));
  if (type === 'time') return timeOfDay(String(value), field.unit === 'millis' ? 3 : 6);
  if (type !== 'timestamp' && type !== 'date') return value;
  const digits = type === 'date' ? null : UNIT_DIGITS[field.unit ?? 'micros'];
  const count = instantOf(String(value), digits, field.local === true);
  return typeof count === 'string' ? value : rawJson(String(count));
}

function durationText(text: string): string {
  const { months, days, millis } = durationParts(text) ?? { months: 0, days: 0, millis: 0 };
  return Buffer.from(Uint32Array.of(months, days, millis).buffer).toString('latin1');
}

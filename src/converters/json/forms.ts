import type { FieldSchema } from '../../plugin/index.ts';
import { UNIT_DIGITS } from '../../values/avro-types.ts';

/** How a field's values look in JSON. */
export type JsonForm =
  /** As FieldValue has them: numbers bare, everything else as text. */
  | { readonly kind: 'plain' }
  /** A decimal as a bare number, with all its digits. */
  | { readonly kind: 'digits' }
  /** A decimal as Connect's: its bytes in base64. */
  | { readonly kind: 'base64'; readonly scale: number }
  /** A timestamp with a zone, as RFC 3339 wants it. */
  | { readonly kind: 'instant' }
  /** A date as days since 1970. */
  | { readonly kind: 'days' }
  /** A time of day as a number of 10^-digits s. */
  | { readonly kind: 'time'; readonly digits: 3 | 6 }
  /** A timestamp as a number of 10^-digits s since 1970. */
  | { readonly kind: 'count'; readonly digits: 3 | 6 | 9; readonly local: boolean };

export type FormOf = (field: FieldSchema) => JsonForm;

export const PLAIN: JsonForm = { kind: 'plain' };

/** JSON on its own. */
export function ownForm(bareDecimals: boolean): FormOf {
  return ({ type }) => (bareDecimals && type === 'decimal' ? { kind: 'digits' } : PLAIN);
}

/** JSON under Connect's schema, which counts times and has decimals of a known scale alone. */
export function connectForm(bareDecimals: boolean): FormOf {
  return ({ type, scale, unit = 'micros', local = false }) => {
    if (type === 'date') return { kind: 'days' };
    if (type === 'time') return { kind: 'time', digits: unit === 'millis' ? 3 : 6 };
    if (type === 'timestamp') return { kind: 'count', digits: UNIT_DIGITS[unit], local };
    if (type !== 'decimal' || scale === undefined) return PLAIN;
    return bareDecimals ? { kind: 'digits' } : { kind: 'base64', scale };
  };
}

/** JSON under a JSON Schema, whose date-time has a zone. */
export function jsonSchemaForm({ type, local = false }: FieldSchema): JsonForm {
  return type === 'timestamp' && !local ? { kind: 'instant' } : PLAIN;
}

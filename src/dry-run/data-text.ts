import { dataJson } from '../values/ordered-row.ts';

/*
 * Values of records as text: as JSON has them, with all digits of a long.
 */

/** JSON on one line; longs keep all their digits, bytes are text. */
export function jsonText(value: unknown): string {
  return dataJson(value) ?? 'undefined';
}

/** A value as a person reads it: text without quotes, unless there is nothing to see of it. */
export function plainText(value: unknown): string {
  if (typeof value === 'string')
    return value.trim() === value && value !== '' ? value : JSON.stringify(value);
  return jsonText(value);
}

import { jsonText } from '../dry-run/data-text.ts';
import { rawJson } from '../values/exact-json.ts';
import { entriesOf, orderedRow } from '../values/ordered-row.ts';
import { NumberText } from './expected.ts';

/** What was expected or came, as JSON; a number as it was written. */
export function expectedText(value: unknown): string {
  return value === undefined ? 'nothing' : jsonText(plainData(value));
}

/** Data for JSON: numbers keep their digits. */
export function plainData(value: unknown): unknown {
  if (value instanceof NumberText) return rawNumber(value.text);
  if (Array.isArray(value)) return value.map(plainData);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const fields = entriesOf(value as Readonly<Record<string, unknown>>);
  return orderedRow(fields.map(([name, inner]) => [name, plainData(inner)] as const));
}

/** YAML has numbers that JSON has not: `0x10`, `.5`. */
function rawNumber(text: string): unknown {
  try {
    return rawJson(text);
  } catch {
    return text;
  }
}

import { jsonText } from '../dry-run/data-text.ts';
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
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainData(inner)]));
}

/** YAML has numbers that JSON has not: `0x10`, `.5`. */
function rawNumber(text: string): unknown {
  try {
    return JSON.rawJSON(text);
  } catch {
    return text;
  }
}

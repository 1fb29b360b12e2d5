import { RowError } from '../plugin/row-error.ts';

/*
 * Values as messages show them. They are other people's: as long as they like, and with characters in them that a
 * terminal obeys.
 */

const SHOWN_LENGTH = 100;

/** Text in quotes, what is not to be seen in it escaped, cut off behind so many characters. */
export function shownText(text: string, most = SHOWN_LENGTH): string {
  return JSON.stringify(cutText(text, most)).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    hexEscape,
  );
}

/** Text, a number or a word as it is; of anything else what it is. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'object') return kindOf(value);
  return typeof value === 'string' ? shownText(value) : String(value);
}

/** Says how a value of a row is put into a message. */
export type Show = (value: unknown) => string;

/** A value of a row in a message that must not show it. */
export function maskedValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string')
    return `text of ${value.length} ${value.length === 1 ? 'character' : 'characters'}`;
  return typeof value === 'bigint' ? 'a number' : kindOf(value);
}

/** A row's error, whose message can be told with the row's values and without. */
export function rowError(errorName: string, tell: (show: Show) => string): RowError {
  return new RowError(errorName, tell(shown), tell(maskedValue));
}

/** A part of a JSON document. */
export function shownJson(value: unknown): string {
  return value === undefined ? 'nothing' : cutText(JSON.stringify(value));
}

/** What a value is, in words, for a message that must not show it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (ArrayBuffer.isView(value)) return 'bytes';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The beginning of a text, with `…` where there is more of it. */
export function cutText(text: string, most = SHOWN_LENGTH): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function hexEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

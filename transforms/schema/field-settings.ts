import { dottedName } from '../../src/values/dotted-name.ts';
import { isTimeZone } from '../../src/values/time-zone.ts';
import type { Setting } from './field-declaration.ts';
import { NUMBER_FORMS, type NumberForm } from './number-forms.ts';

/** Reads one setting; a string tells what was expected. */
export const SETTINGS: Readonly<Record<Setting, (text: string) => { value: unknown } | string>> = {
  optional: readBoolean,
  absent: readBoolean,
  from: (text) => ({ value: text }),
  nullValues: (text) => ({ value: wordsIn(text) }),
  default: (text) => ({ value: text }),
  format: (text) => ({ value: text }),
  zone: readZone,
  ambiguous: readWord('earliest', 'latest', 'reject'),
  nonexistent: readWord('reject', 'forward', 'backward'),
  unit: readWord('millis', 'micros', 'nanos'),
  escapes: (text) => (text === 'backslash' ? { value: text } : 'backslash'),
  case: readWord('lower', 'upper'),
  trim: readBoolean,
  symbols: readSymbols,
  precision: (text) => readWhole(text, 1),
  scale: (text) => readWhole(text, 0),
  thousands: readSeparator,
  grouping: readWord('thousands', 'indian'),
  decimal: readSeparator,
  impliedDecimals: (text) => readWhole(text, 1),
  currency: readCurrencies,
  forms: readForms,
  trueValues: readWords,
  falseValues: readWords,
};

/** The settings as options spell them. */
export const SETTING_NAMES: ReadonlyMap<string, Setting> = new Map(
  (Object.keys(SETTINGS) as Setting[]).map((setting) => [dottedName(setting), setting]),
);

function readBoolean(text: string): { value: boolean } | string {
  return text === 'true' || text === 'false' ? { value: text === 'true' } : 'true or false';
}

function readWord(...words: readonly string[]): (text: string) => { value: string } | string {
  const last = words.length - 1;
  const expected = `${words.slice(0, last).join(', ')} or ${words[last]}`;
  return (text) => (words.includes(text) ? { value: text } : expected);
}

function readWhole(text: string, least: number): { value: number } | string {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  return value >= least ? { value } : `a whole number of at least ${least}`;
}

function readSymbols(text: string): { value: readonly string[] } | string {
  const symbols = text.split(',').map((symbol) => symbol.trim());
  return symbols.includes('') ? 'values between commas, none of them empty' : { value: symbols };
}

function readZone(text: string): { value: string } | string {
  return isTimeZone(text) ? { value: text } : 'a time zone such as Australia/Sydney or +10:00';
}

const OF_A_NUMBER = /[\p{L}\p{N}+-]/u;

function readSeparator(text: string): { value: string } | string {
  return text.length === 1 && !OF_A_NUMBER.test(text) ? { value: text } : 'one character, such as a comma';
}

function readCurrencies(text: string): { value: readonly string[] } | string {
  const currencies = text.split(/\s+/).filter((currency) => currency !== '');
  const right = currencies.length > 0 && !currencies.some((currency) => /[-+.,0-9]/.test(currency));
  return right ? { value: currencies } : 'signs or codes with spaces between them, such as $ AUD';
}

function wordsIn(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  return words.filter((word) => word !== '');
}

function readWords(text: string): { value: readonly string[] } | string {
  const words = wordsIn(text).map((word) => word.toLowerCase());
  return words.length === 0 ? 'words with commas between them' : { value: words };
}

function readForms(text: string): { value: readonly NumberForm[] } | string {
  const forms = wordsIn(text);
  const isRight = forms.length > 0 && forms.every((form) => Object.hasOwn(NUMBER_FORMS, form));
  return isRight ? { value: forms as NumberForm[] } : `some of ${Object.keys(NUMBER_FORMS).join(', ')}`;
}

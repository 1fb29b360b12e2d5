import type { OptionDefinition, OptionFormats } from '../../plugin/index.ts';

/** How the text of a configuration becomes a value, strictly: text that is not wholly right stays text and is refused. */
interface OptionFormat {
  /** The value, or the text itself where it is wrong. */
  read(text: string): unknown;
  /** What was expected, when the value is not right; null when it is. */
  expected(value: unknown): string | null;
}

type ScalarFormat = Exclude<keyof OptionFormats, 'map'>;

const NAT = /^\d+$/;
const INT = /^-?\d+$/;
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** Every format but `map`, which is many keys, and the lists of allowed values. */
export const OPTION_FORMATS: Readonly<Record<ScalarFormat, OptionFormat>> = {
  string: { read: asIs, expected: (value) => unless(typeof value === 'string', 'text') },
  path: {
    read: asIs,
    expected: (value) => unless(typeof value === 'string' && isPath(value), 'a path'),
  },
  nat: {
    read: (text) => (NAT.test(text) ? Number(text) : text),
    expected: (value) =>
      unless(Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number, zero or more'),
  },
  int: {
    read: (text) => (INT.test(text) ? Number(text) : text),
    expected: (value) => unless(Number.isSafeInteger(value), 'a whole number'),
  },
  number: {
    read: (text) => (NUMBER.test(text) ? Number(text) : text),
    expected: (value) => unless(Number.isFinite(value), 'a number'),
  },
  boolean: {
    read: (text) => (text === 'true' || text === 'false' ? text === 'true' : text),
    expected: (value) => unless(typeof value === 'boolean', 'true or false'),
  },
  list: {
    read: (text) => (text.trim() === '' ? [] : text.split(',').map((item) => item.trim())),
    expected: (value) =>
      unless(Array.isArray(value) && value.every(isItem), 'a comma-separated list without empty items'),
  },
  url: {
    read: asIs,
    expected: (value) =>
      unless(typeof value === 'string' && isUrl(value), 'a URL such as http://localhost:8081'),
  },
};

/** What an option expected, in words, when the value is not right; null when it is. */
export function expectationOf(option: OptionDefinition, value: unknown): string | null {
  const { format } = option;
  if (typeof format !== 'string') {
    return unless(
      typeof value === 'string' && format.includes(value),
      format.length === 1 ? String(format[0]) : `one of ${format.join(', ')}`,
    );
  }
  if (format === 'map') return unless(isPlainObject(value), 'keys below it');
  return OPTION_FORMATS[format].expected(value);
}

function unless(right: boolean, expected: string): string | null {
  return right ? null : expected;
}

function asIs(text: string): string {
  return text;
}

function isItem(item: unknown): boolean {
  return typeof item === 'string' && item !== '';
}

function isPath(text: string): boolean {
  return text !== '' && !text.includes('\0');
}

function isUrl(text: string): boolean {
  return text.includes('://') && URL.canParse(text);
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

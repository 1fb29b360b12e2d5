import type { FieldType, FieldValue } from '../../src/plugin/index.ts';
import { cutText } from '../../src/values/shown.ts';
import { durationParts, isUuid } from '../../src/values/text-forms.ts';
import { bytesParser } from './bytes.ts';
import { unescapingParser } from './escapes.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import { notatedParser } from './number-notation.ts';
import { booleanParser, decimalParser, parseDouble, parseFloat32, parseInt32, parseLong } from './numbers.ts';
import { silent, type Tell } from './tell.ts';
import { dateParser, timeParser, timestampParser } from './times/time-parsers.ts';

/** Reads the text of a cell that is not empty. */
export interface CellParser {
  /** For messages: `a double`. */
  readonly expected: string;
  /** undefined: it is not one. */
  parse(text: string): FieldValue | undefined;
}

/** The parser of a field's cells; a string says what is wrong with its format. */
export function cellParser(field: FieldDeclaration, tell: Tell = silent): CellParser | string {
  const { type } = field;
  if (type === 'timestamp') return timestampParser(field, tell);
  if (type === 'date') return dateParser(field);
  if (type === 'time') return timeParser(field);
  if (type === 'bytes') return bytesParser(field);
  if (type === 'boolean') return booleanParser(field);
  if (type === 'decimal') return notatedParser(field, decimalParser(field.precision, field.scale));
  if (type === 'enum') return enumParser(field.symbols ?? []);
  if (type === 'string' && field.escapes !== undefined) return unescapingParser;
  return notatedParser(field, PARSERS[type as keyof typeof PARSERS]);
}

const PARSERS = {
  string: { expected: 'a string', parse: (text) => text },
  int: { expected: 'an int', parse: parseInt32 },
  long: { expected: 'a long', parse: parseLong },
  float: { expected: 'a float', parse: parseFloat32 },
  double: { expected: 'a double', parse: parseDouble },
  uuid: {
    expected: 'a UUID (123e4567-e89b-12d3-a456-426614174000)',
    parse: (text) => (isUuid(text) ? text : undefined),
  },
  duration: {
    expected: 'a duration (P1Y2M3DT4H5M6.789S)',
    parse: (text) => (durationParts(text) === null ? undefined : text),
  },
} as const satisfies Partial<Record<FieldType, CellParser>>;

function enumParser(symbols: readonly string[]): CellParser {
  const allowed = new Set(symbols);
  return {
    expected: `one of ${cutText(symbols.join(', '))}`,
    parse: (text) => (allowed.has(text) ? text : undefined),
  };
}

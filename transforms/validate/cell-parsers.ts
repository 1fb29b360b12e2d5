import type { FieldType, FieldValue } from '../../src/plugin/index.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import { notatedParser } from './number-notation.ts';
import { decimalParser, parseBoolean, parseDouble, parseFloat32, parseInt32, parseLong } from './numbers.ts';
import { dateParser, namedFormat, timestampParser } from './time.ts';

/** Reads the text of a cell that is not empty. */
export interface CellParser {
  /** For messages: `a double`. */
  readonly expected: string;
  /** undefined: it is not one. */
  parse(text: string): FieldValue | undefined;
}

/** The parser of a field's cells; a string says what is wrong with its format. */
export function cellParser(field: FieldDeclaration): CellParser | string {
  const { type } = field;
  if (type === 'timestamp') return timestampParser(namedFormat(field.format), field.zone);
  if (type === 'date') return dateParser(namedFormat(field.format));
  if (type === 'decimal') return notatedParser(field, decimalParser(field.precision, field.scale));
  if (type === 'enum') return enumParser(field.symbols ?? []);
  return notatedParser(field, PARSERS[type as keyof typeof PARSERS]);
}

const PARSERS = {
  string: { expected: 'a string', parse: (text) => text },
  int: { expected: 'an int', parse: parseInt32 },
  long: { expected: 'a long', parse: parseLong },
  float: { expected: 'a float', parse: parseFloat32 },
  double: { expected: 'a double', parse: parseDouble },
  boolean: { expected: 'a boolean (true or false)', parse: parseBoolean },
} as const satisfies Partial<Record<FieldType, CellParser>>;

const SYMBOLS_IN_MESSAGES = 100;

function enumParser(symbols: readonly string[]): CellParser {
  const allowed = new Set(symbols);
  const listed = symbols.join(', ');
  const shown = listed.length > SYMBOLS_IN_MESSAGES ? `${listed.slice(0, SYMBOLS_IN_MESSAGES)}…` : listed;
  return { expected: `one of ${shown}`, parse: (text) => (allowed.has(text) ? text : undefined) };
}

import {
  ANYTHING,
  DATE,
  DECIMAL,
  DOUBLE,
  ONE_OF,
  ONE_OF_IN_ANY_CASE,
  TIMESTAMP,
  WHOLE_NUMBER,
} from '../../kernels/check-cells/layout.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import { hasNotation } from './number-notation.ts';
import { becomesUtc, formatsOf } from './times/formats.ts';

/**
 * How to see whether a cell that is not empty is of a field's type in its plain form, the one whose text is the value's.
 * A cell that is not in it may still be right: the general path decides.
 */
export interface CellCheck {
  /** Of those in `kernels/check-cells/layout.ts`. */
  readonly kind: number;
  /** Zeros at the end of a cell may be left out of its value. */
  readonly narrows: boolean;
  /** Of a whole number, the most digits it may have; of a decimal, the most before the point. */
  readonly digits: number;
  /** Of a decimal, the most digits after the point. */
  readonly scale: number;
  readonly words: readonly string[];
}

/** Whole numbers of so many digits fit their type whatever the digits are. */
const INT_DIGITS = 9;
const LONG_DIGITS = 18;
/** No cell is as long. */
const UNLIMITED = 0xffff_ffff;

/** The check of a field's cells; null when all of them take the general path. */
export function cellCheck(field: FieldDeclaration): CellCheck | null {
  switch (field.type) {
    case 'string':
      return checkOf(ANYTHING);
    case 'int':
      return checkOf(WHOLE_NUMBER, { digits: INT_DIGITS });
    case 'long':
      return checkOf(WHOLE_NUMBER, { digits: LONG_DIGITS });
    case 'float':
    case 'double':
      return checkOf(DOUBLE, { narrows: true });
    case 'boolean':
      return checkOf(ONE_OF, { words: ['true', 'false'] });
    case 'decimal':
      return checkOf(DECIMAL, { narrows: true, ...decimalDigits(field) });
    case 'timestamp':
      return formatsOf(field.format).some((format) => becomesUtc(format, field.zone))
        ? checkOf(TIMESTAMP)
        : null;
    case 'date':
      return checkOf(DATE);
    case 'enum':
      return oneOf(field.symbols ?? [], field.case);
    default:
      return null;
  }
}

function checkOf(kind: number, parameters: Partial<CellCheck> = {}): CellCheck {
  return { kind, narrows: false, digits: 0, scale: 0, words: [], ...parameters };
}

/**
 * Which cells of a field have another form than their plain one: none, some, or all, where a cell in the plain form is
 * something else or nothing at all.
 */
export function translation(field: FieldDeclaration): 'some' | 'all' | null {
  const { type, decimal = '.', trueValues = ['true'], falseValues = ['false'] } = field;
  if (type === 'boolean') {
    if (field.trueValues === undefined && field.falseValues === undefined) return null;
    return trueValues.includes('true') && falseValues.includes('false') ? 'some' : 'all';
  }
  if (type === 'timestamp' || type === 'date') {
    const formats = formatsOf(field.format);
    if (!formats.includes('iso')) return 'all';
    return formats.length > 1 || (type === 'timestamp' && field.zone !== undefined) ? 'some' : null;
  }
  if (type === 'string') return field.escapes === undefined ? null : 'all';
  if (!hasNotation(field)) return null;
  if (field.impliedDecimals !== undefined && type !== 'int' && type !== 'long') return 'all';
  return decimal !== '.' && type !== 'int' && type !== 'long' ? 'all' : 'some';
}

function decimalDigits({ precision, scale }: FieldDeclaration): Pick<CellCheck, 'digits' | 'scale'> {
  if (precision === undefined) return { digits: UNLIMITED, scale: scale ?? UNLIMITED };
  return { digits: precision - (scale ?? 0), scale: scale ?? 0 };
}

/** With a case, words that are in it already are found by cells in any. Those beyond ASCII are for the general path. */
function oneOf(words: readonly string[], toCase: FieldDeclaration['case']): CellCheck {
  if (toCase === undefined) return checkOf(ONE_OF, { words });
  const inCase = words.filter(
    (word) => word === (toCase === 'lower' ? word.toLowerCase() : word.toUpperCase()),
  );
  const small = inCase.filter(isAscii).map((word) => word.toLowerCase());
  return checkOf(ONE_OF_IN_ANY_CASE, { words: small });
}

function isAscii(word: string): boolean {
  return Buffer.byteLength(word) === word.length;
}

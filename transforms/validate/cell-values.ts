import type { FieldType, FieldValue } from '../../src/plugin/index.ts';

/** Makes the value of a cell that is known to be in its type's plain form: nothing is checked. */
export type CellValue = (text: string) => FieldValue;

/** Digits that a number holds exactly. */
const SAFE_DIGITS = 15;

export function cellValue(type: FieldType, toCase: 'lower' | 'upper' | null): CellValue {
  switch (type) {
    case 'int':
    case 'float':
    case 'double':
      return Number;
    case 'long':
      return (text) => BigInt(text.length <= SAFE_DIGITS ? Number(text) : text);
    case 'boolean':
      return (text) => text === 'true';
    default:
      if (toCase === null) return (text) => text;
      return toCase === 'lower' ? (text) => text.toLowerCase() : (text) => text.toUpperCase();
  }
}

import type { FieldType } from '../../plugin/index.ts';
import type { CellReading, Doubt, Settings } from './cell-reading.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { FileStyle } from './file-style.ts';
import { NUMBER_STYLES, type NumberProfile, type NumberStyle } from './number-profile.ts';

/** More than a double holds exactly. */
const MANY_DIGITS = 15;
/** Of a long. */
const MOST_DIGITS = 18;

/** Letters among digits, which are not there by a slip such as `1O0`. */
function isCode(text: string): boolean {
  return /^[\p{L}\d]+$/u.test(text) && /\d/.test(text) && /[^\dOoIl]/.test(text);
}

/** A column's cells as numbers; null where they are none, or names made of digits. */
export function numberReading(
  { numbers, name, texts }: ColumnProfile,
  file: FileStyle,
  known: number,
): CellReading | null {
  const { count, digits, exponents, bareExponents, phoneLike, currencies } = numbers;
  if (count === 0 || [...texts.keys()].some(isCode) || phoneLike > 0 || currencies.size > 1) return null;
  const style = styleOf(numbers, file);
  if (style === null) return null;
  const { index, doubts } = style;
  const hasFraction = (numbers.fractionMask & (1 << index)) !== 0;
  const isWhole = !hasFraction && exponents === 0 && numbers.percents === 0;
  if (numbers.padded > 0 && !(hasFraction && numbers.padded < count)) return null;
  if (numbers.padded > 0 && numbers.misfits(index) === 0 && isIdName(name)) return null;
  if (bareExponents > 0 && !hasFraction && bareExponents === exponents) return null;
  if (isWhole && digits > MOST_DIGITS) return null;
  const type = isWhole ? 'long' : digits > MANY_DIGITS ? 'decimal' : 'double';
  return {
    type,
    settings: numberSettings(numbers, index, type),
    misfits: known - count + numbers.misfits(index),
    doubts: [...doubts, ...percentDoubts(numbers)],
  };
}

function isIdName(name: string): boolean {
  return /(?:^|[^a-z])(?:id|code|key|no|nr|number|isin|sku|zip|plz|account)(?:$|[^a-z])/i.test(name);
}

function numberSettings(numbers: NumberProfile, index: number, type: FieldType): Settings {
  const { decimal, thousands, indian } = NUMBER_STYLES[index] as NumberStyle;
  const settings: Settings = {};
  if (decimal === ',' && type !== 'long') settings.decimal = ',';
  if (thousands !== null) settings.thousands = thousands;
  if (indian) settings.grouping = 'indian';
  const isMixed = numbers.percents > 0 && numbers.percents < numbers.count;
  const signs = [...numbers.currencies, ...(isMixed ? ['%'] : [])];
  if (signs.length > 0) settings.currency = signs.join(' ');
  const forms = [
    ...numbers.forms,
    ...(numbers.percents > 0 && !isMixed ? ['percent'] : []),
    ...(numbers.exponents > 0 && type === 'decimal' ? ['exponent'] : []),
  ];
  if (forms.length > 0) settings.forms = forms.join(', ');
  return settings;
}

function percentDoubts({ percents, count }: NumberProfile): Doubt[] {
  if (percents === 0) return [];
  return percents < count
    ? [
        {
          text: 'the sign % is taken off: 12% is 12, as numbers without it are there too',
          change: { forms: 'percent' },
        },
      ]
    : [
        {
          text: '12% is read as 0.12; for 12 put currency: "%" in place of forms',
          change: { currency: '%' },
        },
      ];
}

/** How the numbers are written; what says the least where several are right. */
function styleOf(
  numbers: NumberProfile,
  file: FileStyle,
): { readonly index: number; readonly doubts: readonly Doubt[] } | null {
  const misfits = NUMBER_STYLES.map((_, index) => numbers.misfits(index));
  const least = Math.min(...misfits);
  if (least === numbers.count) return null;
  const fitting = [...misfits.keys()].filter((index) => misfits[index] === least);
  const [first = 0] = fitting;
  const { decimal } = NUMBER_STYLES[first] as NumberStyle;
  // Of each pair the one has as a fraction what the other has as a group: 1,234.
  const other = fitting.find(
    (index) =>
      (NUMBER_STYLES[index] as NumberStyle).thousands === decimal &&
      decimal !== (NUMBER_STYLES[index] as NumberStyle).decimal,
  );
  if ((numbers.fractionMask & (1 << first)) === 0 || other === undefined) return { index: first, doubts: [] };
  const isPoint = file.decimal === null ? decimal === '.' : file.decimal === decimal;
  const index = isPoint ? first : other;
  // A point that nothing speaks against is what it is most often.
  const isCertain = file.isCertain || (decimal === '.' && file.decimal !== ',');
  return { index, doubts: isCertain ? [] : [groupDoubt(decimal, isPoint)] };
}

function groupDoubt(mark: string, isPoint: boolean): Doubt {
  const example = `1${mark}234`;
  const other = mark === ',' ? '.' : ',';
  return isPoint
    ? { text: `${example} is read as 1.234, and may be 1234`, change: { decimal: other, thousands: mark } }
    : {
        text: `${example} is read as 1234, and may be 1.234`,
        change: { type: 'double', decimal: mark, thousands: other },
      };
}

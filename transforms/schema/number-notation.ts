import { literalSource } from '../../src/values/literal-source.ts';
import type { CellParser } from './cell-parsers.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import { groupedNumber } from './grouped-number.ts';
import { NUMBER_FORMS, type NumberForm, signsOf, withPointMoved } from './number-forms.ts';

/** The parser of a field's numbers, for numbers written as the field says; the same parser where it says nothing. */
export function notatedParser(field: FieldDeclaration, parser: CellParser): CellParser {
  if (!hasNotation(field)) return parser;
  const usual = usualText(field);
  const plain = plainText(field);
  return {
    expected: `${parser.expected} such as ${examplesOf(field)}`,
    parse(text) {
      const number = usual(text) ?? plain(text);
      return number === null ? undefined : parser.parse(number);
    },
  };
}

/** Whether a field says how its numbers are written. */
export function hasNotation(field: FieldDeclaration): boolean {
  const { thousands, decimal, impliedDecimals, currency, forms } = field;
  return [thousands, decimal, impliedDecimals, currency, forms].some((setting) => setting !== undefined);
}

/** Whether a number may have a fraction when it is written. */
export function takesFraction({ type, forms = [], impliedDecimals }: FieldDeclaration): boolean {
  if (impliedDecimals !== undefined) return false;
  return !isWhole(type) || forms.includes('zero-fraction') || forms.includes('exponent');
}

function withImpliedPoint(number: string, decimals: number): string {
  return number.startsWith('-')
    ? `-${withPointMoved(number.slice(1), '', -decimals)}`
    : withPointMoved(number, '', -decimals);
}

function examplesOf(field: FieldDeclaration): string {
  const { type, thousands, grouping, decimal, impliedDecimals, currency, forms = [] } = field;
  const number = isWhole(type) || impliedDecimals !== undefined ? '1234567' : `1234567${decimal ?? '.'}89`;
  const groups = grouping === 'indian' ? ['12', '34', '567'] : ['1', '234', '567'];
  const grouped = thousands === undefined ? number : number.replace('1234567', groups.join(thousands));
  const others = forms.map((form) => `, ${NUMBER_FORMS[form].replace('.', decimal ?? '.')}`).join('');
  const signs = currency === undefined ? '' : `, with ${currency.join(' or ')} or without`;
  const implied =
    impliedDecimals === undefined ? '' : `, of which the last ${impliedDecimals} digits are the fraction`;
  return grouped + others + signs + implied;
}

function isWhole(type: FieldDeclaration['type']): boolean {
  return type === 'int' || type === 'long';
}

/** The same as `plainText` for numbers as most are, several times as fast; null for all others. */
function usualText(field: FieldDeclaration): (text: string) => string | null {
  const { type, thousands, grouping, decimal = '.', impliedDecimals } = field;
  const separator = grouping === 'indian' ? null : (thousands ?? null);
  if (impliedDecimals === undefined) return groupedNumber(separator, isWhole(type) ? null : decimal);
  const whole = groupedNumber(separator, null);
  return (text) => {
    const number = whole(text);
    return number === null ? null : withImpliedPoint(number, impliedDecimals);
  };
}

/** Takes separators, signs and currencies away and leaves all digits; null for what is not written as the field says. */
function plainText(field: FieldDeclaration): (text: string) => string | null {
  const forms = new Set(field.forms);
  const source = `^${beforeSource(field, forms)}${numberSource(field, forms)}${afterSource(field, forms)}$`;
  const expression = new RegExp(source);
  const separators = field.thousands === undefined ? null : new RegExp(separatorSource(field.thousands), 'g');
  const signs = signsOf(forms);
  const currency = field.currency === undefined ? null : new RegExp(currencySource(field), 'g');
  const written = isWhole(field.type) ? wholeOf(forms) : fractionOf(field, forms);
  return (text) => {
    const groups = expression.exec(text)?.groups;
    if (groups === undefined) return null;
    const { before = '', whole = '', fraction, exponent, after = '' } = groups;
    const affixes = before === '' && after === '' ? NO_AFFIXES : affixesOf(before, after, currency);
    const minus = affixes === null ? undefined : signs.get(affixes.signs);
    if (affixes === null || minus === undefined) return null;
    const digits = separators === null ? whole : whole.replace(separators, '');
    const number = written({ whole: digits, fraction, exponent, percent: affixes.percent });
    return number === null ? null : `${minus ? '-' : ''}${number}`;
  };
}

/** The parts of a number without its sign. */
interface Parts {
  readonly whole: string;
  readonly fraction: string | undefined;
  readonly exponent: string | undefined;
  readonly percent: boolean;
}

/** A number with a fraction, as it is written where its type takes that. */
function fractionOf({ type, impliedDecimals }: FieldDeclaration, forms: ReadonlySet<NumberForm>) {
  const expands = type === 'decimal' && forms.has('exponent');
  return (parts: Parts): string | null => {
    const { whole, fraction, exponent, percent } = parts;
    if (impliedDecimals !== undefined)
      return withPointMoved(whole, '', -impliedDecimals - (percent ? PERCENT_DIGITS : 0));
    if (percent || (expands && exponent !== undefined)) return moved(parts);
    return `${whole === '' ? '0' : whole}${fraction ? `.${fraction}` : ''}${exponent ?? ''}`;
  };
}

/** A whole number, whatever it is written like. */
function wholeOf(forms: ReadonlySet<NumberForm>) {
  const dropsZeros = forms.has('zero-fraction');
  return (parts: Parts): string | null => {
    const { whole, fraction, exponent, percent } = parts;
    if (fraction === undefined && exponent === undefined && !percent) return whole;
    const number = dropsZeros || exponent !== undefined || percent ? moved(parts) : null;
    return number === null ? null : number.replace(/\.0*$/, '');
  };
}

/** No number beyond has a use, and its zeros would fill the memory. */
const MAX_EXPONENT = 400;
const PERCENT_DIGITS = 2;

function moved({ whole, fraction = '', exponent = 'e0', percent }: Parts): string | null {
  const by = Number(exponent.slice(1)) - (percent ? PERCENT_DIGITS : 0);
  return Math.abs(by) > MAX_EXPONENT ? null : withPointMoved(whole, fraction, by);
}

interface Affixes {
  readonly signs: string;
  readonly percent: boolean;
}

const NO_AFFIXES: Affixes = { signs: '|', percent: false };

/** The signs around a number; null where there are two currencies or percent signs. */
function affixesOf(before: string, after: string, currency: RegExp | null): Affixes | null {
  let currencies = 0;
  const without = (text: string) =>
    currency === null
      ? text
      : text.replace(currency, () => {
          currencies++;
          return '';
        });
  const signs = `${without(before)}|${without(after)}`.replace(SPACES, '');
  const percents = signs.split('%').length - 1;
  if (currencies > 1 || percents > 1) return null;
  return { signs: signs.replace('%', ''), percent: percents === 1 };
}

function numberSource(field: FieldDeclaration, forms: ReadonlySet<NumberForm>): string {
  const { type, thousands, grouping, decimal = '.' } = field;
  const groups = thousands === undefined ? [] : [groupsSource(separatorSource(thousands), grouping)];
  const whole = `(?<whole>${[...groups, '[0-9]+'].join('|')})`;
  const exponent = !isWhole(type) || forms.has('exponent') ? '(?<exponent>[eE][+-]?[0-9]+)?' : '';
  const point = literalSource(decimal);
  if (!takesFraction(field)) return whole;
  if (!forms.has('bare-point')) return `${whole}(?:${point}(?<fraction>[0-9]+))?${exponent}`;
  return `(?=${point}?[0-9])${whole}?(?:${point}(?<fraction>[0-9]*))?${exponent}`;
}

function groupsSource(separator: string, grouping: FieldDeclaration['grouping']): string {
  return grouping === 'indian'
    ? `[0-9]{1,2}(?:${separator}[0-9]{2})*${separator}[0-9]{3}`
    : `[0-9]{1,3}(?:${separator}[0-9]{3})+`;
}

/** What is taken for a separator: people and programs do not tell blanks and apostrophes apart. */
const ALIKE = [' \u00a0\u202f\u2009', "'\u2019"];

function separatorSource(separator: string): string {
  const alike = ALIKE.find((characters) => characters.includes(separator));
  return alike === undefined ? literalSource(separator) : `[${alike}]`;
}

/** The longest first: one may be the beginning of another. */
function currencySource({ currency = [] }: FieldDeclaration): string {
  const longestFirst = currency.toSorted((one, other) => other.length - one.length);
  return longestFirst.map(literalSource).join('|');
}

/** A sign, a currency and a parenthesis: no more, as long texts would be tried in many ways. */
const MOST_AFFIXES = 3;

function beforeSource(field: FieldDeclaration, forms: ReadonlySet<NumberForm>): string {
  const currency = currencySource(field);
  const signs = ['-', ...(forms.has('plus') ? ['+'] : []), ...(forms.has('parentheses') ? ['('] : [])];
  const parts = [...signs.map(literalSource), ...(currency === '' ? [] : [`(?:${currency})${SPACE}`])];
  return `(?<before>(?:${parts.join('|')}){0,${MOST_AFFIXES}})`;
}

function afterSource(field: FieldDeclaration, forms: ReadonlySet<NumberForm>): string {
  const currency = currencySource(field);
  const parts = [
    ...(forms.has('trailing-minus') ? [`${SPACE}[-+]`] : []),
    ...(forms.has('parentheses') ? ['\\)'] : []),
    ...(forms.has('percent') ? [`${SPACE}%`] : []),
    ...(currency === '' ? [] : [`${SPACE}(?:${currency})`]),
  ];
  return parts.length === 0 ? '' : `(?<after>(?:${parts.join('|')}){0,${MOST_AFFIXES}})`;
}

/** One space, or one that does not break. */
const SPACE = '[ \\u00a0]?';
const SPACES = /[ \u00a0]/g;

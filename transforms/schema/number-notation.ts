import { literalSource } from '../../src/values/literal-source.ts';
import type { CellParser } from './cell-parsers.ts';
import type { FieldDeclaration } from './field-declaration.ts';

/** The parser of a field's numbers, for numbers written as the field says; the same parser where it says nothing. */
export function notatedParser(field: FieldDeclaration, parser: CellParser): CellParser {
  const { type, thousands, decimal, currency } = field;
  if (thousands === undefined && decimal === undefined && currency === undefined) return parser;
  const plain = plainText(field);
  const number = type === 'int' || type === 'long' ? '1234567' : `1234567${decimal ?? '.'}89`;
  const grouped =
    thousands === undefined ? number : number.replace('1234567', `1${thousands}234${thousands}567`);
  const signs = currency === undefined ? '' : `, with ${currency.join(' or ')} or without`;
  return {
    expected: `${parser.expected} such as ${grouped}${signs}`,
    parse(text) {
      const number = plain(text);
      return number === null ? undefined : parser.parse(number);
    },
  };
}

/** Takes separators and currencies away and leaves all digits; null for what is not written as the field says. */
function plainText({
  thousands,
  decimal = '.',
  currency = [],
}: FieldDeclaration): (text: string) => string | null {
  const sign = currency.map(literalSource).join('|');
  const separator = thousands === undefined ? '' : literalSource(thousands);
  const whole = separator === '' ? '[0-9]+' : `[0-9]{1,3}(?:${separator}[0-9]{3})+|[0-9]+`;
  const number = `(?<whole>${whole})(?:${literalSource(decimal)}(?<fraction>[0-9]+))?(?<exponent>[eE][+-]?[0-9]+)?`;
  const before = sign === '' ? '' : `(?<before>(?:${sign})${SPACE})?`;
  const after = sign === '' ? '' : `(?<after>${SPACE}(?:${sign}))?`;
  const expression = new RegExp(`^(?<minus>-?)${before}(?<inner>-?)${number}${after}$`);
  return (text) => {
    const groups = expression.exec(text)?.groups;
    if (groups === undefined) return null;
    const { minus, before: first, inner, whole: digits = '', fraction, exponent = '', after: last } = groups;
    if ((minus && inner) || (first !== undefined && last !== undefined)) return null;
    const ungrouped = thousands === undefined ? digits : digits.replaceAll(thousands, '');
    return `${minus}${inner}${ungrouped}${fraction === undefined ? '' : `.${fraction}`}${exponent}`;
  };
}

/** One space, or one that does not break. */
const SPACE = '[ \\u00a0]?';

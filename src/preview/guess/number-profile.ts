/** How the digits of numbers are written. */
export interface NumberStyle {
  readonly decimal: '.' | ',';
  readonly thousands: '.' | ',' | ' ' | "'" | null;
  readonly indian: boolean;
}

/** From the plainest on. */
export const NUMBER_STYLES: readonly NumberStyle[] = [
  { decimal: '.', thousands: null, indian: false },
  { decimal: ',', thousands: null, indian: false },
  { decimal: '.', thousands: ',', indian: false },
  { decimal: ',', thousands: '.', indian: false },
  { decimal: '.', thousands: ' ', indian: false },
  { decimal: ',', thousands: ' ', indian: false },
  { decimal: '.', thousands: "'", indian: false },
  { decimal: ',', thousands: "'", indian: false },
  { decimal: '.', thousands: ',', indian: true },
];

const ALIKE: Readonly<Record<string, string>> = { ' ': '[ \\u00a0\\u202f\\u2009]', "'": "['\\u2019]" };
const STYLE_EXPRESSIONS = NUMBER_STYLES.map(styleExpression);

function styleExpression({ decimal, thousands, indian }: NumberStyle): RegExp {
  const separator = thousands === null ? null : (ALIKE[thousands] ?? `\\${thousands}`);
  const group = indian
    ? `\\d{1,2}(?:${separator}\\d{2})*${separator}\\d{3}`
    : `\\d{1,3}(?:${separator}\\d{3})+`;
  const whole = separator === null ? '\\d*' : `(?:${group}|\\d*)`;
  return new RegExp(`^(?=[.,]?\\d)${whole}(?:\\${decimal}(\\d*))?$`);
}

const CURRENCIES = new Set([
  ...Intl.supportedValuesOf('currency'),
  ...[
    'A$',
    'AU$',
    'C$',
    'CA$',
    'HK$',
    'NZ$',
    'R$',
    'S$',
    'US$',
    'kr',
    'zł',
    'Kč',
    'Ft',
    'Fr',
    'RM',
    'Rs',
    'руб',
  ],
]);
const BODY = "[.,]?\\d(?:[\\d.,'’ \\u00a0\\u202f\\u2009]*\\d)?[.,]?";
const CURRENCY = "[^\\d\\s.,'’()+%-]{1,4}";
const NUMBER = new RegExp(
  `^([-+(]?)\\s?(${CURRENCY})?\\s?([-+(]?)(${BODY})([eE][+-]?\\d{1,3})?\\s?(%?)\\s?(${CURRENCY})?(\\)?)([-+]?)$`,
  'u',
);
/** No number of a file is longer. */
const LONGEST = 64;

function isCurrency(text: string): boolean {
  return /^\p{Sc}$/u.test(text) || CURRENCIES.has(text);
}

/** What numbers of a column are like, as far as its cells are numbers. */
export class NumberProfile {
  /** By which styles they may be written, one bit for each, with how many there are. */
  readonly #masks = new Map<number, number>();
  readonly forms = new Set<string>();
  readonly currencies = new Set<string>();
  count = 0;
  /** Styles in which a number has a fraction. */
  fractionMask = 0;
  /** The most digits that count. */
  digits = 0;
  /** Those that begin with a zero that says nothing of the number, and have no fraction. */
  padded = 0;
  percents = 0;
  withCurrency = 0;
  /** `10E3`: a number, or a name that looks like one. */
  bareExponents = 0;
  exponents = 0;
  /** `+61412345678`: no program writes a number so. */
  phoneLike = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  /** Whether the cell is a number. */
  see(text: string, times: number): boolean {
    const match = text.length > LONGEST ? null : NUMBER.exec(text);
    if (match === null) return false;
    const [, before = '', one, inner = '', body = '', exponent, percent, other, paren = '', after = ''] =
      match;
    const currency = one ?? other;
    const form = signForm(before, inner, paren, after);
    const mask = styleMask(body);
    if (form === null || mask === 0 || (one !== undefined && other !== undefined)) return false;
    if (currency !== undefined && !isCurrency(currency)) return false;
    this.count += times;
    this.#masks.set(mask, (this.#masks.get(mask) ?? 0) + times);
    if (form !== '') this.forms.add(form);
    if (percent === '%') this.percents += times;
    if (currency !== undefined) {
      this.currencies.add(currency);
      this.withCurrency += times;
    }
    if (form === 'plus' && /^\d{9,}$/.test(body)) this.phoneLike += times;
    this.#seeDigits(body, exponent, times);
    return true;
  }

  #seeDigits(body: string, exponent: string | undefined, times: number): void {
    if (/^[.,]\d|[.,]$/.test(body)) this.forms.add('bare-point');
    if (exponent !== undefined) {
      this.exponents += times;
      if (/^\d+$/.test(body) && /^[eE]\d+$/.test(exponent)) this.bareExponents += times;
    }
    const digits = body.replaceAll(/\D/g, '').replace(/^0+/, '').length;
    this.digits = Math.max(this.digits, digits);
    if (/^\d+$/.test(body)) {
      if (/^0\d/.test(body)) this.padded += times;
      this.min = Math.min(this.min, Number(body));
      this.max = Math.max(this.max, Number(body));
    }
    for (const [index, expression] of STYLE_EXPRESSIONS.entries()) {
      const fraction = expression.exec(body)?.[1];
      if (fraction !== undefined) this.fractionMask |= 1 << index;
    }
  }

  /** Numbers that are not written in a style. */
  misfits(style: number): number {
    let misfits = 0;
    for (const [mask, count] of this.#masks) if ((mask & (1 << style)) === 0) misfits += count;
    return misfits;
  }
}

function styleMask(body: string): number {
  let mask = 0;
  for (const [index, expression] of STYLE_EXPRESSIONS.entries())
    if (expression.test(body)) mask |= 1 << index;
  return mask;
}

/** The form that signs at these places are; nothing where they are plain, null where they are none. */
function signForm(before: string, inner: string, paren: string, after: string): string | null {
  const signs = `${before}${inner}|${paren}${after}`;
  if (signs === '|' || signs === '-|') return '';
  if (signs === '+|') return 'plus';
  if (signs === '|-' || signs === '|+') return 'trailing-minus';
  return signs === '(|)' ? 'parentheses' : null;
}

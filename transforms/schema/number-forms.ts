/** Forms of numbers that are taken only where a field asks for them, and an example of each for messages. */
export const NUMBER_FORMS = {
  plus: '+5',
  'trailing-minus': '5-',
  parentheses: '(5)',
  'bare-point': '.5',
  exponent: '5E-3',
  percent: '5%',
  'zero-fraction': '5.0',
} as const;

export type NumberForm = keyof typeof NUMBER_FORMS;

/** What may stand before and behind a number, with `|` between. */
const SIGNS: readonly (readonly [affixes: string, minus: boolean, form: NumberForm | null])[] = [
  ['|', false, null],
  ['-|', true, null],
  ['+|', false, 'plus'],
  ['|-', true, 'trailing-minus'],
  ['|+', false, 'trailing-minus'],
  ['(|)', true, 'parentheses'],
];

/** Which affixes numbers may have, each with whether it makes them negative. */
export function signsOf(forms: ReadonlySet<NumberForm>): ReadonlyMap<string, boolean> {
  return new Map(
    SIGNS.filter(([, , form]) => form === null || forms.has(form)).map(([affixes, minus]) => [
      affixes,
      minus,
    ]),
  );
}

/**
 * A number without sign whose point is moved to the right by so many digits, without an exponent and without a fraction
 * of zeros where it would only have got one by that.
 */
export function withPointMoved(whole: string, fraction: string, by: number): string {
  const digits = whole + fraction;
  const point = whole.length + by;
  const before = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0');
  const after = point < 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  const plain = before.replace(/^0+(?=[0-9])/, '') || '0';
  return after === '' ? plain : `${plain}.${after}`;
}

import type { ConfigProblem } from '../../src/plugin/index.ts';

/** Something that can be held against others of its kind, exactly. */
export type Quantity =
  | { readonly kind: 'number'; readonly digits: bigint; readonly exponent: number }
  | { readonly kind: 'time'; readonly seconds: number; readonly fraction: string };

const NUMBER = /^([+-]?)(\d{1,400})(?:\.(\d{0,400}))?(?:[eE]([+-]?\d{1,3}))?$/;
const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,30}))?(Z|[+-]\d\d:\d\d)?)?$/;

/** The number that a text is; null when it is none. */
export function numberOf(text: string): Quantity | null {
  const match = NUMBER.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  return {
    kind: 'number',
    digits: sign === '-' ? -digits : digits,
    exponent: Number(exponent) - fraction.length,
  };
}

/** The date or time that a text is, in ISO 8601; without a zone it is in UTC. */
export function timeOf(text: string): Quantity | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [, date, time = '00:00', fraction = '', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${date}T${time}${zone}`);
  if (Number.isNaN(milliseconds)) return null;
  return { kind: 'time', seconds: milliseconds / 1000, fraction: fraction.replace(/0+$/, '') };
}

/** Below 0 where `a` is less, above 0 where it is more. Both are of one kind. */
export function compared(a: Quantity, b: Quantity): number {
  if (a.kind === 'number' && b.kind === 'number') {
    const exponent = Math.min(a.exponent, b.exponent);
    const left = a.digits * 10n ** BigInt(a.exponent - exponent);
    const right = b.digits * 10n ** BigInt(b.exponent - exponent);
    return left < right ? -1 : Number(left > right);
  }
  if (a.kind === 'time' && b.kind === 'time') {
    if (a.seconds !== b.seconds) return a.seconds - b.seconds;
    return a.fraction < b.fraction ? -1 : Number(a.fraction > b.fraction);
  }
  return Number.NaN;
}

/** A limit, which is a number or a time. */
export function limitOf(text: string): Quantity | null {
  return numberOf(text) ?? timeOf(text);
}

export function* limitProblem(key: string, text: string | null): Iterable<ConfigProblem> {
  if (text === null || limitOf(text) !== null) return;
  yield { key, message: `expected a number, a date or a time in ISO 8601, got ${JSON.stringify(text)}` };
}

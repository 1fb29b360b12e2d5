/** Digits after the second of times that are written as numbers: 93000 is 09:30:00. */
export const NUMBER_DIGITS: ReadonlyMap<string, number> = new Map([
  ['number', 0],
  ['number_ms', 3],
  ['number_us', 6],
  ['number_ns', 9],
]);

const DIGITS = /^[0-9]+$/;
const DATE = 'yyyyMMdd'.length;
const TIME = 'HHmmss'.length;

/** `20260102` as ISO 8601 has it, whether there is such a day or not. */
export function numberDate(text: string): string | undefined {
  if (text.length !== DATE || !DIGITS.test(text)) return undefined;
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** `93000`, as ISO 8601 has it: a number has lost the zeros before it. */
export function numberTime(text: string, fractionDigits: number): string | undefined {
  const length = TIME + fractionDigits;
  if (text.length > length || !DIGITS.test(text)) return undefined;
  const all = text.padStart(length, '0');
  const fraction = fractionDigits === 0 ? '' : `.${all.slice(TIME)}`;
  return `${all.slice(0, 2)}:${all.slice(2, 4)}:${all.slice(4, TIME)}${fraction}`;
}

/** `20260102093000`. */
export function numberTimestamp(text: string, fractionDigits: number): string | undefined {
  if (text.length !== DATE + TIME + fractionDigits) return undefined;
  const date = numberDate(text.slice(0, DATE));
  const time = numberTime(text.slice(DATE), fractionDigits);
  return date === undefined || time === undefined ? undefined : `${date}T${time}`;
}

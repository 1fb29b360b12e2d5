import { literalSource } from '../../../src/values/literal-source.ts';

/** The parts of a date and time, as digits. */
export interface TimeFields {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  /** Digits after the second, or nothing. */
  readonly fraction: string;
  /** `Z`, `+10:30`, `+1030`, `+10`, or nothing. */
  readonly zone: string;
}

interface Letters {
  readonly name: keyof TimeFields;
  readonly source: string;
}

/** Java's letters (java.time.format.DateTimeFormatter); S stands for as many digits as it is repeated. */
const TOKEN = /yyyy|MMM|MM?|dd?|HH?|mm|ss|S{1,9}|X{1,3}|Z|'([^']*)'|[^A-Za-z']/g;

const NUMBERS = new Map<string, keyof TimeFields>([
  ['y', 'year'],
  ['M', 'month'],
  ['d', 'day'],
  ['H', 'hour'],
  ['m', 'minute'],
  ['s', 'second'],
  ['S', 'fraction'],
]);

const OTHERS = new Map<string, Letters>([
  ['MMM', { name: 'month', source: '[A-Za-z]{3}' }],
  ['X', { name: 'zone', source: 'Z|[+-][0-9]{2}(?:[0-9]{2})?' }],
  ['XX', { name: 'zone', source: 'Z|[+-][0-9]{4}' }],
  ['XXX', { name: 'zone', source: 'Z|[+-][0-9]{2}:[0-9]{2}' }],
  ['Z', { name: 'zone', source: '[+-][0-9]{4}' }],
]);

const PARTS = { date: ['year', 'month', 'day'], time: ['hour'] } as const;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Compiles a pattern such as `dd/MM/yyyy HH:mm:ss`; null when it is not one, or has no full date. That of a time has an
 * hour and nothing of a date. Text between `'` stands for itself.
 */
export function compilePattern(
  pattern: string,
  of: 'date' | 'time' = 'date',
): ((text: string) => TimeFields | null) | null {
  const tokens = [...pattern.matchAll(TOKEN)];
  if (tokens.map(([token]) => token).join('') !== pattern) return null;
  const names = new Set<string>();
  let source = '^';
  for (const [token, quoted] of tokens) {
    const letters = lettersOf(token);
    if (letters === null) source += literalSource(quoted ?? token);
    else if (names.has(letters.name)) return null;
    else source += `(?<${letters.name}>${letters.source})`;
    if (letters !== null) names.add(letters.name);
  }
  if (!PARTS[of].every((name) => names.has(name))) return null;
  if (of === 'time' && [...PARTS.date, 'zone'].some((name) => names.has(name))) return null;
  const expression = new RegExp(`${source}$`);
  return (text) => {
    const groups = expression.exec(text)?.groups;
    return groups === undefined ? null : timeFields(groups);
  };
}

/** One letter for a number of one digit or two. */
function lettersOf(token: string): Letters | null {
  const other = OTHERS.get(token);
  if (other !== undefined) return other;
  const name = NUMBERS.get(token[0] as string);
  if (name === undefined) return null;
  const digits = token.length === 1 && name !== 'fraction' ? '1,2' : String(token.length);
  return { name, source: `[0-9]{${digits}}` };
}

/** What the text lacks is as at midnight; null when it names no month. */
export function timeFields(groups: Partial<TimeFields>): TimeFields | null {
  const { year = '', month = '', day = '', hour = '00', minute = '00', second = '00' } = groups;
  const number = month.length === 3 ? String(MONTHS.indexOf(month.toLowerCase()) + 1) : month;
  const { fraction = '', zone = '' } = groups;
  if (number === '0') return null;
  return {
    year,
    month: month && two(number),
    day: day && two(day),
    hour: two(hour),
    minute,
    second,
    fraction,
    zone,
  };
}

/** The fields as ISO 8601 has them. */
export function isoText({ year, month, day, hour, minute, second, fraction, zone }: TimeFields): string {
  const ending = fraction === '' ? zone : `.${fraction}${zone}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${ending}`;
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}

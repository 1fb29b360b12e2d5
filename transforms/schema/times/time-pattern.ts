import { literalSource } from '../../../src/values/literal-source.ts';
import { MONTHS, monthNumber, WEEKDAYS, weekdayOf } from './calendar-names.ts';
import { offsetOfName } from './zone-names.ts';

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
  /** The time zone of the IANA database whose clocks show the time, or nothing. */
  readonly region: string;
}

type Part = keyof TimeFields | 'weekday' | 'half';

interface Letters {
  readonly part: Part;
  /** Of an expression without groups. */
  readonly source: string;
  /** What the text stands for; null when it is no such part. */
  readonly read: (text: string) => string | null;
}

/** Java's letters (java.time.format.DateTimeFormatter); S stands for as many digits as it is repeated. */
const TOKEN =
  /yyyy|uuuu|yy|MMMM|MMM|MM?|dd?|EEEE|EEE|HH?|hh?|mm|ss|S{1,9}|a|X{1,3}|Z|VV|z|\[|\]|'([^']*)'|[^A-Za-z'[\]]/g;

const asIs = (text: string) => text;
const two = (digits: string) => digits.padStart(2, '0');
const digits = (part: Part, count: string, read: (text: string) => string | null = two): Letters => ({
  part,
  source: `[0-9]{${count}}`,
  read,
});
const names = (part: Part, all: readonly string[], read: (text: string) => string | null): Letters => ({
  part,
  source: all
    .map((name) => name.replace(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`))
    .join('|'),
  read,
});
const zone = (source: string): Letters => ({ part: 'zone', source, read: asIs });

const SHORT = 3;
const HALVES = ['am', 'pm', 'a\\.m\\.', 'p\\.m\\.'];

const LETTERS: ReadonlyMap<string, Letters> = new Map([
  ['yyyy', digits('year', '4', asIs)],
  ['uuuu', digits('year', '4', asIs)],
  ['yy', digits('year', '2', (text) => `20${text}`)],
  ['MMMM', names('month', MONTHS, monthNumber)],
  ['MMM', { part: 'month', source: `[A-Za-z]{${SHORT}}`, read: monthNumber }],
  ['MM', digits('month', '2')],
  ['M', digits('month', '1,2')],
  ['dd', digits('day', '2')],
  ['d', digits('day', '1,2')],
  ['EEEE', names('weekday', WEEKDAYS, weekdayOf)],
  ['EEE', { part: 'weekday', source: `[A-Za-z]{${SHORT}}`, read: weekdayOf }],
  ['HH', digits('hour', '2')],
  ['H', digits('hour', '1,2')],
  ['hh', digits('hour', '2')],
  ['h', digits('hour', '1,2')],
  ['mm', digits('minute', '2')],
  ['ss', digits('second', '2')],
  ['a', names('half', HALVES, (text) => text.slice(0, 1).toLowerCase())],
  ['X', zone('Z|[+-][0-9]{2}(?:[0-9]{2})?')],
  ['XX', zone('Z|[+-][0-9]{4}')],
  ['XXX', zone('Z|[+-][0-9]{2}:[0-9]{2}')],
  ['Z', zone('[+-][0-9]{4}')],
  ['z', { part: 'zone', source: '[A-Z]{1,4}', read: offsetOfName }],
  ['VV', { part: 'region', source: '[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*', read: asIs }],
]);

const FORMS = { date: ['year', 'month', 'day'], time: ['hour'] } as const;

/** Words to list what a pattern is made of. */
export const DATE_LETTERS = 'yyyy, yy, MM, MMM, MMMM, dd, EEE, EEEE';
export const TIME_LETTERS = 'HH, hh, a, mm, ss and S';
export const ALL_LETTERS = `${DATE_LETTERS}, HH, hh, a, mm, ss, S, X, Z, z and VV`;

/**
 * Compiles a pattern such as `dd/MM/yyyy HH:mm[:ss]`; null when it is not one, or has no full date. That of a time has an
 * hour and nothing of a date. Text between `'` stands for itself, and what is in brackets may be left out.
 */
export function compilePattern(
  pattern: string,
  of: 'date' | 'time' = 'date',
): ((text: string) => TimeFields | null) | null {
  const compiled = patternSource(pattern);
  if (compiled === null) return null;
  const { source, letters, twelve } = compiled;
  const parts = new Set(letters.map(({ part }) => part));
  if (!FORMS[of].every((part) => parts.has(part))) return null;
  const foreign: readonly Part[] = [...FORMS.date, 'weekday', 'zone', 'region'];
  if (of === 'time' && foreign.some((part) => parts.has(part))) return null;
  // An hour of the clock's face says nothing without its half of the day, nor that without it.
  if (twelve !== parts.has('half')) return null;
  const expression = new RegExp(`^${source}$`);
  return (text) => {
    const match = expression.exec(text);
    return match === null ? null : fieldsOf(match, letters);
  };
}

/** The expression of a pattern, whose groups are these letters. */
interface PatternSource {
  readonly source: string;
  readonly letters: readonly Letters[];
  /** Hours are those of a clock's face. */
  readonly twelve: boolean;
}

function patternSource(pattern: string): PatternSource | null {
  const tokens = [...pattern.matchAll(TOKEN)];
  if (tokens.map(([token]) => token).join('') !== pattern) return null;
  const letters: Letters[] = [];
  const certain = new Set<Part>();
  const hours = new Set<boolean>();
  let source = '';
  let depth = 0;
  for (const [token, quoted] of tokens) {
    const its = LETTERS.get(token) ?? fractionOf(token);
    if (token === '[') depth++;
    if (token === ']' && depth-- === 0) return null;
    if (its === null) source += token === '[' ? '(?:' : token === ']' ? ')?' : literalSource(quoted ?? token);
    else {
      // Only what may be left out may stand there in another form.
      if (certain.has(its.part)) return null;
      if (depth === 0) certain.add(its.part);
      if (its.part === 'hour') hours.add(token.startsWith('h'));
      letters.push(its);
      source += `(${its.source})`;
    }
  }
  return depth === 0 && hours.size < 2 ? { source, letters, twelve: hours.has(true) } : null;
}

function fractionOf(token: string): Letters | null {
  return token.startsWith('S') ? digits('fraction', String(token.length), asIs) : null;
}

/** The parts of a text; null when one of them is none, comes twice, or the weekday is another day's. */
function fieldsOf(match: RegExpExecArray, letters: readonly Letters[]): TimeFields | null {
  const read: Partial<Record<Part, string>> = {};
  for (let index = 0; index < letters.length; index++) {
    const text = match[index + 1];
    if (text === undefined) continue;
    const { part, read: readPart } = letters[index] as Letters;
    const value = readPart(text);
    if (value === null || read[part] !== undefined) return null;
    read[part] = value;
  }
  return timeFields(read);
}

/** What the text lacks is as at midnight; null when the weekday is another day's, or there is no such hour. */
export function timeFields(read: Partial<Record<Part, string>>): TimeFields | null {
  const { year = '', month = '', day = '', minute = '00', second = '00' } = read;
  const { fraction = '', zone = '', region = '', weekday, half } = read;
  const hour = half === undefined ? (read.hour ?? '00') : hourOfDay(Number(read.hour), half);
  if (hour === null || (zone !== '' && region !== '')) return null;
  if (weekday !== undefined && weekday !== String(new Date(`${year}-${month}-${day}`).getUTCDay()))
    return null;
  return { year, month, day, hour, minute, second, fraction, zone, region };
}

const NOON = 12;

function hourOfDay(hour: number, half: string): string | null {
  if (!(hour >= 1 && hour <= NOON)) return null;
  return two(String((hour % NOON) + (half === 'p' ? NOON : 0)));
}

/** The fields as ISO 8601 has them, without a region. */
export function isoText({ year, month, day, hour, minute, second, fraction, zone }: TimeFields): string {
  const ending = fraction === '' ? zone : `.${fraction}${zone}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${ending}`;
}

/** A pattern of Java's SimpleDateFormat, in UTC. */
export interface DatePattern {
  format(date: Date): string;
  /** null when the text does not match, or names a day or time that there is not. */
  parse(text: string): Date | null;
}

type Name = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond' | 'zone';

interface Part {
  readonly name: Name | null;
  /** Text to stand for itself, or an expression to find the part by. */
  readonly source: string;
  readonly format: (date: Date) => string;
}

const TOKEN = /'((?:[^']|'')*)'|([a-zA-Z])\2*|[^a-zA-Z']+/g;

const NUMBERS: Readonly<Record<string, readonly [Name, (date: Date) => number, widths: readonly number[]]>> =
  {
    y: ['year', (date) => date.getUTCFullYear(), [4]],
    M: ['month', (date) => date.getUTCMonth() + 1, [1, 2]],
    d: ['day', (date) => date.getUTCDate(), [1, 2]],
    H: ['hour', (date) => date.getUTCHours(), [1, 2]],
    m: ['minute', (date) => date.getUTCMinutes(), [1, 2]],
    s: ['second', (date) => date.getUTCSeconds(), [1, 2]],
    S: ['millisecond', (date) => date.getUTCMilliseconds(), [3]],
  };

/** UTC as each zone letter writes it, and what it reads. */
const ZONES: Readonly<Record<string, readonly [utc: string, source: string]>> = {
  X: ['Z', 'Z|[+-][0-9]{2}'],
  XX: ['Z', 'Z|[+-][0-9]{4}'],
  XXX: ['Z', 'Z|[+-][0-9]{2}:[0-9]{2}'],
  Z: ['+0000', '[+-][0-9]{4}'],
};

/** Compiles a pattern; text says what is wrong with it. */
export function compileDatePattern(pattern: string): DatePattern | string {
  const parts: Part[] = [];
  let end = 0;
  for (const match of pattern.matchAll(TOKEN)) {
    const [token, quoted] = match;
    if (match.index !== end) break;
    const part =
      quoted === undefined ? partOf(token) : literal(quoted === '' ? "'" : quoted.replaceAll("''", "'"));
    if (part === null)
      return `expected a pattern of yyyy, MM, dd, HH, mm, ss, SSS, X, XX, XXX, Z and text in ', got ${token}`;
    parts.push(part);
    end = match.index + token.length;
  }
  if (end < pattern.length || pattern === '')
    return `expected a pattern whose ' are closed, got "${pattern}"`;
  const names = parts.map(({ name }) => name).filter((name) => name !== null);
  if (new Set(names).size < names.length) return 'expected each letter of the pattern only once';
  const expression = new RegExp(`^${parts.map(sourceOf).join('')}$`);
  return {
    format: (date) => parts.map((part) => part.format(date)).join(''),
    parse(text) {
      const match = expression.exec(text);
      return match === null ? null : dateOf((match.groups ?? {}) as Fields);
    },
  };
}

function partOf(token: string): Part | null {
  const letter = token[0] as string;
  if (!/[a-zA-Z]/.test(letter)) return literal(token);
  const number = Object.hasOwn(NUMBERS, letter) ? NUMBERS[letter] : undefined;
  if (number !== undefined) {
    const [name, read, widths] = number;
    if (!widths.includes(token.length)) return null;
    const digits = token.length === 1 ? '[0-9]{1,2}' : `[0-9]{${token.length}}`;
    return { name, source: digits, format: (date) => String(read(date)).padStart(token.length, '0') };
  }
  const zone = Object.hasOwn(ZONES, token) ? ZONES[token] : undefined;
  return zone === undefined ? null : { name: 'zone', source: zone[1], format: () => zone[0] };
}

function literal(text: string): Part {
  return { name: null, source: text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), format: () => text };
}

function sourceOf({ name, source }: Part): string {
  return name === null ? source : `(?<${name}>${source})`;
}

type Fields = Readonly<Partial<Record<Name, string>>>;

/** What the pattern lacks is as at the beginning of 1970, as in Java. */
function dateOf(fields: Fields): Date | null {
  const { year = '1970', month = '1', day = '1', hour = '0', minute = '0' } = fields;
  const { second = '0', millisecond = '0', zone = 'Z' } = fields;
  const two = (text: string) => text.padStart(2, '0');
  const wall = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  const date = new Date(`${wall}.${millisecond.padStart(3, '0')}Z`);
  // JavaScript takes 30 February for the 2nd of March, and 24:00 for the next day.
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(wall)) return null;
  const minutes = zone === 'Z' ? 0 : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', ''));
  return new Date(date.getTime() - (zone.startsWith('-') ? -minutes : minutes) * 60_000);
}

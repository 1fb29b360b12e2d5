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
}

/** Java's letters, with the number of digits each stands for; S stands for as many as it is repeated. */
const TOKEN = /yyyy|MM|dd|HH|mm|ss|S{1,9}|'([^']*)'|[^A-Za-z']/g;
const NAMES = {
  y: 'year',
  M: 'month',
  d: 'day',
  H: 'hour',
  m: 'minute',
  s: 'second',
  S: 'fraction',
} as const;
const MIDNIGHT = { hour: '00', minute: '00', second: '00', fraction: '' };

/**
 * Compiles a pattern of fixed width such as `dd/MM/yyyy HH:mm:ss`; null when it is not one, or has no full date.
 * Text between `'` stands for itself.
 */
export function compilePattern(pattern: string): ((text: string) => TimeFields | null) | null {
  const tokens = [...pattern.matchAll(TOKEN)];
  if (tokens.map(([token]) => token).join('') !== pattern) return null;
  const names = new Set<string>();
  let source = '^';
  for (const [token, quoted] of tokens) {
    const name = NAMES[token[0] as keyof typeof NAMES];
    if (name === undefined) source += escaped(quoted ?? token);
    else if (names.has(name)) return null;
    else source += `(?<${name}>[0-9]{${token.length}})`;
    if (name !== undefined) names.add(name);
  }
  if (!['year', 'month', 'day'].every((name) => names.has(name))) return null;
  const expression = new RegExp(`${source}$`);
  return (text) => {
    const groups = expression.exec(text)?.groups;
    return groups === undefined ? null : ({ ...MIDNIGHT, ...groups } as unknown as TimeFields);
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

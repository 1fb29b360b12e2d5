type TimeType = 'date' | 'timestamp' | 'time';

/** A format that cells may have. */
export interface TimeFormat {
  readonly type: TimeType;
  /** As the schema calls it; `iso` is what it takes without being told. */
  readonly format: string;
  /** What stands first of two numbers that may be day or month. */
  readonly order: 'day' | 'month' | null;
  /** Digits only: a number, unless more tells that it is a time. */
  readonly isNumber: boolean;
}

const UNITS: ReadonlyMap<number, string> = new Map([
  [10, 'epoch_s'],
  [13, 'epoch_ms'],
  [16, 'epoch_us'],
  [19, 'epoch_ns'],
]);

/** The formats that a text may have. @param isNamed its column is called as if it held times */
export function proposals(text: string, isNamed: boolean): TimeFormat[] {
  if (/^\d+(?:\.\d+)?$/.test(text)) return numberProposals(text, isNamed);
  const dates = dateParts(text);
  if (dates.length === 0) return timeParts(text).map((format) => formatOf('time', format, null));
  return dates.flatMap(({ format, rest, order }) => {
    if (rest === '') return [formatOf('date', format, order)];
    const joint = /^(?:T|, ?|[-:_]| )/.exec(rest)?.[0];
    if (joint === undefined) return [];
    const separator = joint === 'T' ? "'T'" : joint === '_' ? '_' : joint;
    const times = [...timeParts(rest.slice(joint.length)), ...compactTime(rest.slice(joint.length))];
    return times.map((time) => formatOf('timestamp', `${format}${separator}${time}`, order));
  });
}

function formatOf(type: TimeType, pattern: string, order: TimeFormat['order']): TimeFormat {
  return { type, format: isIso(type, pattern) ? 'iso' : pattern, order, isNumber: false };
}

/** What the schema reads without a format. */
function isIso(type: TimeType, pattern: string): boolean {
  if (type === 'date') return pattern === 'yyyy-MM-dd';
  if (type === 'time') return /^HH:mm:ss(?:\.S+)?$/.test(pattern);
  return /^yyyy-MM-dd(?:'T'| )HH:mm:ss(?:\.S+)?(?:X{1,3})?$/.test(pattern);
}

/** What a number may be: which of these it is, its size tells, and the name of its column. */
function numberProposals(text: string, isNamed: boolean): TimeFormat[] {
  const found: TimeFormat[] = [];
  const add = (type: TimeType, format: string) => found.push({ type, format, order: null, isNumber: true });
  const [whole = '', fraction] = text.split('.');
  const unit = UNITS.get(whole.length);
  if (unit !== undefined && (unit === 'epoch_s' ? isNamed : fraction === undefined || isNamed))
    add('timestamp', unit);
  if (isNamed && whole.length === 5) add(fraction === undefined ? 'date' : 'timestamp', 'excel');
  if (fraction !== undefined) return found;
  if (whole.length === 8) add('date', 'yyyyMMdd');
  if (whole.length === 14) add('timestamp', 'number');
  if (whole.length === 17) add('timestamp', 'number_ms');
  if (whole.length === 20) add('timestamp', 'number_us');
  if (isNamed && whole.length <= 6) add('time', 'number');
  if (isNamed && whole.length <= 9) add('time', 'number_ms');
  if (isNamed && (whole.length === 11 || whole.length === 12)) add('time', 'number_us');
  if (isNamed && (whole.length === 14 || whole.length === 15)) add('time', 'number_ns');
  return found;
}

interface DatePart {
  readonly format: string;
  readonly rest: string;
  readonly order: TimeFormat['order'];
}

const WEEKDAY = /^([A-Za-z]{3,9})(, ?| )(?=\d|[A-Za-z]{3})/;
const YEAR_FIRST = /^(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})(?!\d)/;
const YEAR_LAST = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d\d)(?!\d)/;
const SHORT_YEAR_FIRST = /^(\d\d)([-/.])(\d\d)\2(\d\d)(?!\d)/;
const DAY_NAME_YEAR = /^(\d{1,2})([-/. ]?)([A-Za-z]{3,9})\2(\d{4}|\d\d)(?!\d)/;
const NAME_DAY_YEAR = /^([A-Za-z]{3,9}) (\d{1,2})(,? )(\d{4})(?!\d)/;
const YEAR_NAME_DAY = /^(\d{4})([-/. ]?)([A-Za-z]{3,9})\2(\d{1,2})(?!\d)/;
const COMPACT = /^\d{8}(?=[-T _:])/;

/** How the beginning of a text may be a date, from the strictest format on. */
function dateParts(text: string): DatePart[] {
  const weekday = WEEKDAY.exec(text);
  if (weekday !== null && /^(?:mon|tue|wed|thu|fri|sat|sun)/i.test(text)) {
    const letters = (weekday[1] as string).length === 3 ? 'EEE' : 'EEEE';
    const inner = dateParts(text.slice(weekday[0].length));
    return inner.map((part) => ({ ...part, format: `${letters}${weekday[2]}${part.format}` }));
  }
  return [...yearFirst(text), ...yearLast(text), ...named(text)];
}

function yearFirst(text: string): DatePart[] {
  const match = YEAR_FIRST.exec(text);
  if (match !== null) {
    const [all, , separator, month = '', day = ''] = match;
    const rest = text.slice(all.length);
    const strict = `yyyy${separator}${month.length === 2 ? 'MM' : 'M'}${separator}${day.length === 2 ? 'dd' : 'd'}`;
    return [strict, `yyyy${separator}M${separator}d`].map((format) => ({ format, rest, order: null }));
  }
  const compact = COMPACT.exec(text);
  return compact === null ? [] : [{ format: 'yyyyMMdd', rest: text.slice(8), order: null }];
}

function yearLast(text: string): DatePart[] {
  const match = YEAR_LAST.exec(text);
  if (match === null) return [];
  const [all, one = '', separator, other = '', year = ''] = match;
  const rest = text.slice(all.length);
  const years = year.length === 4 ? 'yyyy' : 'yy';
  const parts: DatePart[] = [];
  const add = (first: string, second: string, order: 'day' | 'month') =>
    parts.push({ format: `${first}${separator}${second}${separator}${years}`, rest, order });
  if (one.length === 2 && other.length === 2) {
    add('dd', 'MM', 'day');
    if (separator !== '.') add('MM', 'dd', 'month');
  }
  add('d', 'M', 'day');
  if (separator !== '.') add('M', 'd', 'month');
  if (SHORT_YEAR_FIRST.test(text))
    parts.push({ format: `yy${separator}MM${separator}dd`, rest, order: null });
  return parts;
}

function named(text: string): DatePart[] {
  const parts: DatePart[] = [];
  const last = DAY_NAME_YEAR.exec(text);
  if (last !== null) {
    const [all, day = '', separator, month = '', year = ''] = last;
    const rest = text.slice(all.length);
    for (const days of day.length === 2 ? ['dd', 'd'] : ['d'])
      for (const months of monthLetters(month))
        parts.push({
          format: `${days}${separator}${months}${separator}${year.length === 4 ? 'yyyy' : 'yy'}`,
          rest,
          order: null,
        });
  }
  const middle = NAME_DAY_YEAR.exec(text);
  if (middle !== null) {
    const [all, month = '', , separator] = middle;
    for (const months of monthLetters(month))
      parts.push({ format: `${months} d${separator}yyyy`, rest: text.slice(all.length), order: null });
  }
  const first = YEAR_NAME_DAY.exec(text);
  if (first !== null) {
    const [all, , separator, month = ''] = first;
    for (const months of monthLetters(month))
      parts.push({
        format: `yyyy${separator}${months}${separator}d`,
        rest: text.slice(all.length),
        order: null,
      });
  }
  return parts;
}

/** `May` is both. */
function monthLetters(month: string): string[] {
  return [
    ...(month.length === 3 ? ['MMM'] : []),
    ...(month.length > 3 || /^may$/i.test(month) ? ['MMMM'] : []),
  ];
}

const CLOCK =
  /^(\d{1,2})([:.])(\d\d)(?:\2(\d\d)(?:([.,:])(\d{1,9}))?)?( ?)([AaPp]\.?[Mm]\.?)?( ?)(Z|[+-]\d\d:\d\d|[+-]\d{4}|[+-]\d\d|[A-Z]{2,4}|[A-Za-z]+\/[A-Za-z_/]+)?$/;

/** How a text may be a time of day, with a zone perhaps. */
function timeParts(text: string): string[] {
  const match = CLOCK.exec(text);
  if (match === null) return [];
  const [, hour = '', colon, , second, point, fraction = '', gap = '', half, blank = '', zone] = match;
  if (colon === '.' && second === undefined) return [];
  const seconds = second === undefined ? '' : `${colon}ss`;
  const rest = fraction === '' ? '' : `${point}${'S'.repeat(fraction.length)}`;
  const halves = half === undefined ? '' : `${gap}a`;
  const zones = zone === undefined ? '' : `${half === undefined ? gap : ''}${blank}${zoneLetters(zone)}`;
  if ((half === undefined ? gap : '') + blank !== '' && zone === undefined) return [];
  const letter = half === undefined ? 'H' : 'h';
  const hours = hour.length === 2 ? [letter.repeat(2), letter] : [letter];
  return hours.map((one) => `${one}${colon}mm${seconds}${rest}${halves}${zones}`);
}

function zoneLetters(zone: string): string {
  if (zone.includes('/')) return 'VV';
  if (zone === 'Z' || /:/.test(zone)) return 'XXX';
  if (/^[+-]\d{4}$/.test(zone)) return 'XX';
  return /^[+-]/.test(zone) ? 'X' : 'z';
}

/** `093000`, `0930`, `093000123`. */
function compactTime(text: string): string[] {
  const match = /^(\d{4})(\d\d)?(?:[.,]?(\d{3,9}))?(Z)?$/.exec(text);
  if (match === null) return [];
  const [, , second, fraction, zone] = match;
  const point = fraction === undefined ? '' : (/[.,]/.exec(text)?.[0] ?? '');
  return [
    `HHmm${second === undefined ? '' : 'ss'}${point}${'S'.repeat(fraction?.length ?? 0)}${zone === undefined ? '' : 'XXX'}`,
  ];
}

import type { CellParser } from '../cell-parsers.ts';
import type { FieldDeclaration } from '../field-declaration.ts';
import type { Tell } from '../tell.ts';
import { type ClockChoices, Clocks, Regions } from './clocks.ts';
import { EPOCH_DIGITS, epochTimestamp, epochUnit } from './epoch-time.ts';
import { EXCEL_EPOCHS, excelDate, excelTime, excelTimestamp } from './excel-time.ts';
import { formatsOf, isEpoch, isExcel } from './formats.ts';
import { isoDate, isoTime, isoTimestamp } from './iso-time.ts';
import { MIDNIGHT_DIGITS, midnightTime } from './midnight-time.ts';
import { NUMBER_DIGITS, numberDate, numberTime, numberTimestamp } from './number-time.ts';
import { ALL_LETTERS, compilePattern, DATE_LETTERS, isoText, TIME_LETTERS } from './time-pattern.ts';

/** Reads a text by one format; undefined where it is not in it. */
type Reader = (text: string) => string | undefined;
/** Compiles a format; null when it is none. */
type Compile = (format: string) => Reader | null;

/**
 * Reads timestamps into ISO 8601, with the zone and the digits they came with. One that names no zone becomes UTC by
 * the clocks of `zone`; without that it keeps none, and whoever needs an instant takes it for UTC.
 */
export function timestampParser(field: FieldDeclaration, tell: Tell): CellParser | string {
  const { zone, ambiguous = 'earliest', nonexistent = 'reject' } = field;
  const choices: ClockChoices = { ambiguous, nonexistent, tell };
  const parser = inTurn('a timestamp', field, TIMESTAMPS, (format) =>
    timestampReader(format, choices, field.decimal),
  );
  if (typeof parser === 'string' || zone === undefined) return parser;
  const clocks = new Clocks(zone, choices);
  return {
    expected: `${parser.expected} that clocks of ${zone} show${ambiguous === 'reject' ? ' once' : ''}`,
    parse(text) {
      const read = parser.parse(text);
      return typeof read !== 'string' || ZONE.test(read) ? read : clocks.utc(read);
    },
  };
}

const ZONE = /Z$|[+-][0-9]{2}:[0-9]{2}$/;

const EXAMPLES: ReadonlyMap<string, string> = new Map([['rfc1123', 'Sat, 31 Jan 2026 09:30:00 GMT']]);
const COUNTS = [...NUMBER_DIGITS.keys(), ...EXCEL_EPOCHS.keys()].join(', ');
const TIMESTAMPS = {
  iso: '2026-01-31T09:30:00.000Z',
  expected: `iso, rfc1123, epoch, ${[...EPOCH_DIGITS.keys()].join(', ')}, ${COUNTS} or a pattern of ${ALL_LETTERS}`,
};
const DATES = {
  iso: '2026-01-31',
  expected: `iso, basic_iso_date, number, ${[...EXCEL_EPOCHS.keys()].join(', ')} or a pattern of ${DATE_LETTERS}`,
};
const TIMES = {
  iso: '09:30:00.000',
  expected: `iso, ${[...NUMBER_DIGITS.keys(), ...MIDNIGHT_DIGITS.keys()].join(', ')}, excel or a pattern of ${TIME_LETTERS}`,
};

/** Reads dates into `2026-01-31`. */
export function dateParser(field: FieldDeclaration): CellParser | string {
  return inTurn('a date', field, DATES, (format) => {
    if (format === 'iso') return isoDate;
    if (format === 'number') return (text) => isoDate(numberDate(text) ?? '');
    if (isExcel(format)) return (text) => excelDate(text, format, field.decimal);
    const pattern = compilePattern(format);
    return (
      pattern &&
      ((text) => {
        const fields = pattern(text);
        return fields === null ? undefined : isoDate(`${fields.year}-${fields.month}-${fields.day}`);
      })
    );
  });
}

/** Reads times of day into `09:30:00.000`, with the digits they came with. */
export function timeParser(field: FieldDeclaration): CellParser | string {
  return inTurn('a time', field, TIMES, (format) => {
    if (format === 'iso') return isoTime;
    const digits = NUMBER_DIGITS.get(format);
    if (digits !== undefined) return (text) => isoTime(numberTime(text, digits) ?? '');
    const unitDigits = MIDNIGHT_DIGITS.get(format);
    if (unitDigits !== undefined) return (text) => midnightTime(text, unitDigits);
    if (format === 'excel') return (text) => excelTime(text, field.decimal);
    const pattern = compilePattern(format, 'time');
    return (
      pattern &&
      ((text) => {
        const fields = pattern(text);
        return fields === null ? undefined : isoTime(isoText(fields).slice('--T'.length));
      })
    );
  });
}

/** Tries one format of a field after another. */
function inTurn(
  what: string,
  { format }: FieldDeclaration,
  known: { readonly iso: string; readonly expected: string },
  compile: Compile,
): CellParser | string {
  const formats = formatsOf(format);
  const readers: Reader[] = [];
  for (const one of formats) {
    const reader = compile(one);
    if (reader === null) return `expected ${known.expected}, got ${JSON.stringify(one)}`;
    readers.push(reader);
  }
  const shown = formats.map((one) => (one === 'iso' ? known.iso : (EXAMPLES.get(one) ?? one)));
  const [first, ...others] = readers as [Reader, ...Reader[]];
  return {
    expected: `${what} (${shown.join(' or ')})`,
    parse: others.length === 0 ? first : (text) => firstOf(readers, text),
  };
}

function firstOf(readers: readonly Reader[], text: string): string | undefined {
  for (const read of readers) {
    const value = read(text);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** As HTTP writes dates (RFC 9110, IMF-fixdate), and mail those with an offset. */
const RFC_1123 = ['[EEE, ]d MMM yyyy HH:mm[:ss] z', '[EEE, ]d MMM yyyy HH:mm[:ss] Z'];

function timestampReader(format: string, choices: ClockChoices, point?: string): Reader | null {
  if (format === 'iso') return isoTimestamp;
  if (format === 'rfc1123') {
    const readers = RFC_1123.map((pattern) => patternReader(pattern, choices) as Reader);
    return (text) => firstOf(readers, text);
  }
  if (isEpoch(format)) {
    const digits = EPOCH_DIGITS.get(format);
    return digits === undefined ? epochBySize(choices.tell) : (text) => epochTimestamp(text, digits);
  }
  const numberDigits = NUMBER_DIGITS.get(format);
  if (numberDigits !== undefined) return (text) => isoTimestamp(numberTimestamp(text, numberDigits) ?? '');
  if (isExcel(format)) return (text) => excelTimestamp(text, format, point);
  return patternReader(format, choices);
}

function epochBySize(tell: Tell): Reader {
  let found = '';
  return (text) => {
    const unit = epochUnit(text);
    const read = epochTimestamp(text, EPOCH_DIGITS.get(unit) as number);
    if (read !== undefined && unit !== found) {
      found = unit;
      tell('counts since 1970 are in a unit that their size tells', { unit });
    }
    return read;
  };
}

function patternReader(format: string, choices: ClockChoices): Reader | null {
  const pattern = compilePattern(format);
  if (pattern === null) return null;
  const regions = new Regions(choices);
  return (text) => {
    const fields = pattern(text);
    const read = fields === null ? undefined : isoTimestamp(isoText(fields));
    if (fields === null || read === undefined || fields.region === '') return read;
    return regions.clocksOf(fields.region)?.utc(read);
  };
}

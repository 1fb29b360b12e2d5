import type { FieldType } from '../../plugin/index.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { FileStyle } from './file-style.ts';
import { isLikelyNullWord, isNullWord } from './null-words.ts';
import { NUMBER_STYLES, NumberProfile, type NumberStyle } from './number-profile.ts';
import { isTimeName, type TimeFormat, TimeProfile } from './time-profile.ts';

/** What was taken for granted of a column, and what to write where that is wrong. */
export interface Doubt {
  readonly text: string;
  /** Settings of the field, and what they would be; `type` is its type. */
  readonly change: Readonly<Record<string, string>>;
}

/** What a column's cells seem to be. */
export interface GuessedType {
  readonly type: FieldType;
  /** What the schema has to know of the field besides: `format`, `symbols`, `case`, `decimal`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Words that mean nothing in it. */
  readonly nulls: readonly string[];
  /** A cell that is not of the type: its row would be rejected. */
  readonly misfit: string | null;
  readonly doubts: readonly Doubt[];
}

type Settings = Record<string, string>;
/** A type that a column may have, but for some of its cells. */
interface Reading extends Pick<GuessedType, 'type' | 'settings' | 'doubts'> {
  readonly misfits: number;
}

/** More than a double holds exactly. */
const MANY_DIGITS = 15;
/** Of a long. */
const MOST_DIGITS = 18;

const TRUTHS: readonly (readonly [string, string])[] = [
  ...([
    ['true', 'false'],
    ['yes', 'no'],
    ['y', 'n'],
    ['t', 'f'],
    ['on', 'off'],
  ] as const),
  ...([
    ['ja', 'nein'],
    ['j', 'n'],
    ['oui', 'non'],
    ['si', 'no'],
    ['sí', 'no'],
    ['wahr', 'falsch'],
    ['vrai', 'faux'],
  ] as const),
];

/** The type of a column's cells; text when nothing else fits nearly all of them. */
export function guessType(profile: ColumnProfile, file: FileStyle): GuessedType {
  profile.look();
  const { nullWords, blank, filled } = profile;
  const known = filled - blank - sum(nullWords.values());
  const truth = truthOf(profile, file);
  if (truth !== null) return typed(profile, truth, file);
  if (known === 0) return textOf(profile, file);
  const readings = [timeReading(profile, file, known), numberReading(profile, file, known)].filter(
    (one) => one !== null,
  );
  const [best] = readings.sort((one, other) => one.misfits - other.misfits);
  if (best === undefined || best.misfits > tolerated(known)) {
    const word = best === undefined ? null : repeatedWord(profile, best.misfits, known);
    return best !== undefined && word !== null
      ? typed(profile, withNull(best, word), file, [word])
      : textOf(profile, file);
  }
  const word = repeatedWord(profile, best.misfits, known);
  return word === null ? typed(profile, best, file) : typed(profile, withNull(best, word), file, [word]);
}

/** Whether a cell is something else than text. */
export function isTyped(cell: string): boolean {
  return (
    /^(?:true|false)$/i.test(cell) || new NumberProfile().see(cell, 1) || new TimeProfile('').see(cell, 1)
  );
}

/** A bad row among good ones is what dead letters are for; two of ten are no accident. */
function tolerated(count: number): number {
  if (count < 4) return 0;
  return Math.min(5, Math.max(1, Math.floor(count / 20)));
}

function typed(
  profile: ColumnProfile,
  { type, settings, misfits, doubts }: Reading,
  _file: FileStyle,
  more: readonly string[] = [],
): GuessedType {
  const nulls = [...profile.nullWords.keys(), ...more];
  const trim: Settings = profile.padded > 0 ? { trim: 'true' } : {};
  const [misfit = null] = misfits > 0 && more.length === 0 ? profile.texts.keys() : [];
  return {
    type,
    settings: { ...settings, ...trim },
    nulls,
    misfit: misfits > 0 ? (misfit ?? '') : null,
    doubts,
  };
}

/** A word that stands among numbers or times again and again means that there is none. */
function repeatedWord({ texts, textCount }: ColumnProfile, misfits: number, count: number): string | null {
  const [word, times] = [...texts][0] ?? [];
  if (word === undefined || times !== textCount || times !== misfits || times < 2) return null;
  return times * 2 < count && !/\d/.test(word) && !word.includes(',') && word.length <= 20 ? word : null;
}

function withNull(reading: Reading, word: string): Reading {
  const doubt = {
    text: `${JSON.stringify(word)} is taken for nothing`,
    change: { type: 'string' },
  };
  return { ...reading, misfits: 0, doubts: [...reading.doubts, doubt] };
}

function textOf(profile: ColumnProfile, { isWhole }: FileStyle): GuessedType {
  const nulls = [...profile.nullWords.keys()].filter(isNullWord);
  const text: GuessedType = {
    type: 'string',
    settings: {},
    nulls,
    misfit: null,
    doubts: [...textDoubts(profile), ...orderDoubts(profile)],
  };
  const symbols = isWhole ? enumOf(profile) : null;
  return symbols === null ? text : { ...text, type: 'enum', settings: symbols };
}

/** What might have been more than text, and was not taken for it. */
function textDoubts({ numbers, textCount }: ColumnProfile): Doubt[] {
  if (textCount > 0 || numbers.currencies.size < 2 || numbers.withCurrency === 0) return [];
  const signs = [...numbers.currencies].join(' ');
  return [
    {
      text: `amounts of several currencies (${signs}) stay text, as a number would lose which it is`,
      change: { type: 'decimal', currency: signs },
    },
  ];
}

/** Dates of which some can only be day first, and others only month first. */
function orderDoubts({ times, textCount, filled, blank, nullWords }: ColumnProfile): Doubt[] {
  const [days, months] = (['day', 'month'] as const).map((order) => times.most(order));
  const isAll = textCount === 0 && times.count === filled - blank - sum(nullWords.values());
  if (!isAll || !days || !months) return [];
  const text = 'some dates can only have the day first, and others only the month: they stay text';
  return [{ text, change: { type: days.type, format: `${days.format} | ${months.format}` } }];
}

function truthOf({ words, textCount }: ColumnProfile, { isWhole }: FileStyle): Reading | null {
  if (words === null) return null;
  const kept = [...words].filter(([word]) => !isLikelyNullWord(word));
  const lower = new Set(kept.map(([word]) => word.toLowerCase()));
  const [yes, no] =
    TRUTHS.find((pair) => lower.size > 0 && [...lower].every((word) => pair.includes(word))) ?? [];
  if (yes === undefined || no === undefined || textCount === 0) return null;
  if (yes === 'true') return { type: 'boolean', settings: {}, misfits: 0, doubts: [] };
  if (lower.size < 2 || !isWhole || sum(kept.map(([, times]) => times)) < 4) return null;
  const settings = { 'true.values': yes, 'false.values': no };
  return { type: 'boolean', settings, misfits: 0, doubts: [] };
}

/** Letters among digits, which are not there by a slip such as `1O0`. */
function isCode(text: string): boolean {
  return /^[\p{L}\d]+$/u.test(text) && /\d/.test(text) && /[^\dOoIl]/.test(text);
}

function numberReading(
  { numbers, name, texts }: ColumnProfile,
  file: FileStyle,
  known: number,
): Reading | null {
  const { count, digits, exponents, bareExponents, phoneLike, currencies } = numbers;
  if (count === 0 || [...texts.keys()].some(isCode) || phoneLike > 0 || currencies.size > 1) return null;
  const style = styleOf(numbers, file);
  if (style === null) return null;
  const { index, doubts } = style;
  const hasFraction = (numbers.fractionMask & (1 << index)) !== 0;
  const isWhole = !hasFraction && exponents === 0 && numbers.percents === 0;
  if (numbers.padded > 0 && !(hasFraction && numbers.padded < count)) return null;
  if (numbers.padded > 0 && numbers.misfits(index) === 0 && isIdName(name)) return null;
  if (bareExponents > 0 && !hasFraction && bareExponents === exponents) return null;
  if (isWhole && digits > MOST_DIGITS) return null;
  const type = isWhole ? 'long' : digits > MANY_DIGITS ? 'decimal' : 'double';
  return {
    type,
    settings: numberSettings(numbers, index, type),
    misfits: known - count + numbers.misfits(index),
    doubts: [...doubts, ...percentDoubts(numbers)],
  };
}

function isIdName(name: string): boolean {
  return /(?:^|[^a-z])(?:id|code|key|no|nr|number|isin|sku|zip|plz|account)(?:$|[^a-z])/i.test(name);
}

function numberSettings(numbers: NumberProfile, index: number, type: FieldType): Settings {
  const { decimal, thousands, indian } = NUMBER_STYLES[index] as NumberStyle;
  const settings: Settings = {};
  if (decimal === ',' && type !== 'long') settings.decimal = ',';
  if (thousands !== null) settings.thousands = thousands;
  if (indian) settings.grouping = 'indian';
  const isMixed = numbers.percents > 0 && numbers.percents < numbers.count;
  const signs = [...numbers.currencies, ...(isMixed ? ['%'] : [])];
  if (signs.length > 0) settings.currency = signs.join(' ');
  const forms = [
    ...numbers.forms,
    ...(numbers.percents > 0 && !isMixed ? ['percent'] : []),
    ...(numbers.exponents > 0 && type === 'decimal' ? ['exponent'] : []),
  ];
  if (forms.length > 0) settings.forms = forms.join(', ');
  return settings;
}

function percentDoubts({ percents, count }: NumberProfile): Doubt[] {
  if (percents === 0) return [];
  return percents < count
    ? [
        {
          text: 'the sign % is taken off: 12% is 12, as numbers without it are there too',
          change: { forms: 'percent' },
        },
      ]
    : [
        {
          text: '12% is read as 0.12; for 12 put currency: "%" in place of forms',
          change: { currency: '%' },
        },
      ];
}

/** How the numbers are written; what says the least where several are right. */
function styleOf(
  numbers: NumberProfile,
  file: FileStyle,
): { readonly index: number; readonly doubts: readonly Doubt[] } | null {
  const misfits = NUMBER_STYLES.map((_, index) => numbers.misfits(index));
  const least = Math.min(...misfits);
  if (least === numbers.count) return null;
  const fitting = [...misfits.keys()].filter((index) => misfits[index] === least);
  const [first = 0] = fitting;
  const { decimal } = NUMBER_STYLES[first] as NumberStyle;
  // Of each pair the one has as a fraction what the other has as a group: 1,234.
  const other = fitting.find(
    (index) =>
      (NUMBER_STYLES[index] as NumberStyle).thousands === decimal &&
      decimal !== (NUMBER_STYLES[index] as NumberStyle).decimal,
  );
  if ((numbers.fractionMask & (1 << first)) === 0 || other === undefined) return { index: first, doubts: [] };
  const isPoint = file.decimal === null ? decimal === '.' : file.decimal === decimal;
  const index = isPoint ? first : other;
  // A point that nothing speaks against is what it is most often.
  const isCertain = file.isCertain || (decimal === '.' && file.decimal !== ',');
  return { index, doubts: isCertain ? [] : [groupDoubt(decimal, isPoint)] };
}

function groupDoubt(mark: string, isPoint: boolean): Doubt {
  const example = `1${mark}234`;
  const other = mark === ',' ? '.' : ',';
  return isPoint
    ? { text: `${example} is read as 1.234, and may be 1234`, change: { decimal: other, thousands: mark } }
    : {
        text: `${example} is read as 1234, and may be 1.234`,
        change: { type: 'double', decimal: mark, thousands: other },
      };
}

function timeReading(
  { times, numbers, name }: ColumnProfile,
  file: FileStyle,
  known: number,
): Reading | null {
  if (times.count === 0) return null;
  const misfits = known - times.count;
  const fitting = times.fitting(0).filter((format) => isTime(format, numbers, name));
  if (fitting.length > 0) return { ...oneFormat(fitting, times, file), misfits };
  const together = times.together();
  if (together === null || together.some(({ isNumber }) => isNumber)) return null;
  const type = together.some((format) => format.type === 'timestamp')
    ? 'timestamp'
    : (together[0] as TimeFormat).type;
  const formats = together.map(({ format, type: own }) =>
    format === 'iso' && own !== type ? 'yyyy-MM-dd' : format,
  );
  return { type, settings: { format: formats.join(' | ') }, misfits, doubts: [] };
}

/** A number is a time where the column is called so, or where it could hardly be anything else. */
function isTime({ isNumber, format, type }: TimeFormat, { count }: NumberProfile, name: string): boolean {
  if (!isNumber) return true;
  if (isTimeName(name)) return type !== 'time' || /time|zeit|heure|hora|clock/i.test(name);
  return count >= 2 && type !== 'time' && format !== 'excel' && format !== 'epoch_s';
}

function oneFormat(
  fitting: readonly TimeFormat[],
  times: TimeProfile,
  file: FileStyle,
): Omit<Reading, 'misfits'> {
  const [first] = fitting as [TimeFormat, ...TimeFormat[]];
  const days = fitting.find(({ order }) => order === 'day');
  const months = fitting.find(({ order }) => order === 'month');
  if (days === undefined || months === undefined)
    return { ...settled(first), doubts: [...numberDoubts(first), ...zoneDoubts(first, times)] };
  const isDay = file.order === null ? times.days(days) <= times.days(months) : file.order === 'day';
  const [taken, other] = isDay ? [days, months] : [months, days];
  const zones = zoneDoubts(taken, times);
  if (file.order !== null) return { ...settled(taken), doubts: zones };
  const doubt = {
    text: `01/02 may be 1 February or 2 January; the ${isDay ? 'day' : 'month'} is taken to be first`,
    change: { format: other.format },
  };
  return { ...settled(taken), doubts: [doubt, ...zones] };
}

function settled({ type, format }: TimeFormat): Pick<Reading, 'type' | 'settings'> {
  return { type, settings: format === 'iso' ? {} : { format } };
}

function zoneDoubts(format: TimeFormat, times: TimeProfile): Doubt[] {
  if (!times.isLocal(format)) return [];
  const text = 'its times name no zone, and get none (where an instant is needed, they are taken for UTC)';
  return [{ text, change: { zone: 'Australia/Sydney' } }];
}

function numberDoubts({ isNumber, format }: TimeFormat): Doubt[] {
  if (!isNumber || format === 'yyyyMMdd') return [];
  return [{ text: `numbers are taken for times (${format})`, change: { type: 'long' } }];
}

const ENUM_MOST = 5;
const ENUM_LEAST_ROWS = 20;
const ENUM_LEAST_EACH = 3;

/** Few words that come again and again. */
function enumOf({ words, nullWords, filled, padded, blank }: ColumnProfile): Settings | null {
  if (words === null || filled < ENUM_LEAST_ROWS || padded > 0 || blank > 0) return null;
  const counts = new Map([...words].filter(([word]) => !(nullWords.has(word) && isNullWord(word))));
  const lower = new Set([...counts.keys()].map((word) => word.toLowerCase()));
  const hasCases = lower.size < counts.size;
  const symbols = [...(hasCases ? lower : counts.keys())].sort();
  const isEnum =
    symbols.length > 0 &&
    symbols.length <= ENUM_MOST &&
    symbols.every((word) => /^[A-Za-z][\w-]{0,19}$/.test(word)) &&
    [...counts.values()].every((count) => count >= ENUM_LEAST_EACH);
  return isEnum ? { symbols: symbols.join(','), ...(hasCases && { case: 'lower' }) } : null;
}

function sum(counts: Iterable<number>): number {
  let all = 0;
  for (const count of counts) all += count;
  return all;
}

import type { CellReading, Doubt, GuessedType, Settings } from './cell-reading.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { FileStyle } from './file-style.ts';
import { isLikelyNullWord, isNullWord } from './null-words.ts';
import { NumberProfile } from './number-profile.ts';
import { numberReading } from './number-reading.ts';
import { TimeProfile } from './time-profile.ts';
import { timeReading } from './time-reading.ts';

/** Of the languages of vendors; a schema takes the first pair without being told. */
const TRUTHS = [
  ['true', 'false'],
  ['yes', 'no'],
  ['y', 'n'],
  ['t', 'f'],
  ['on', 'off'],
  ['ja', 'nein'],
  ['j', 'n'],
  ['oui', 'non'],
  ['si', 'no'],
  ['sí', 'no'],
  ['wahr', 'falsch'],
  ['vrai', 'faux'],
];

/** The type of a column's cells; text when nothing else fits nearly all of them. */
export function guessType(profile: ColumnProfile, file: FileStyle): GuessedType {
  profile.look();
  const { nullWords, blank, filled } = profile;
  const known = filled - blank - sum(nullWords.values());
  const truth = truthOf(profile, file);
  if (truth !== null) return typed(profile, truth);
  if (known === 0) return textOf(profile, file);
  const readings = [timeReading(profile, file, known), numberReading(profile, file, known)].filter(
    (one) => one !== null,
  );
  const [best] = readings.sort((one, other) => one.misfits - other.misfits);
  if (best === undefined) return textOf(profile, file);
  const word = repeatedWord(profile, best.misfits, known);
  if (word !== null) return typed(profile, withNull(best, word), [word]);
  return best.misfits > tolerated(known) ? textOf(profile, file) : typed(profile, best);
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
  { type, settings, misfits, doubts }: CellReading,
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

function withNull(reading: CellReading, word: string): CellReading {
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

function truthOf({ words, textCount }: ColumnProfile, { isWhole }: FileStyle): CellReading | null {
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

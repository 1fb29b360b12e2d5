import type { FieldType } from '../../plugin/index.ts';

/** What a column's cells seem to be. */
export interface GuessedType {
  readonly type: FieldType;
  /** What the schema has to know of the field besides: `format`, `symbols`, `case`, `decimal`. */
  readonly settings: Readonly<Record<string, string>>;
  /** A cell that is not of the type: its row would be rejected. */
  readonly misfit: string | null;
}

interface Form extends Omit<GuessedType, 'misfit'> {
  readonly test: (text: string) => boolean;
}

const YEAR = '(?<year>(?:1[89]|20|21)\\d\\d)';
const MONTH = '(?<month>0[1-9]|1[0-2])';
const DAY = '(?<day>0[1-9]|[12]\\d|3[01])';
const DATE = `${YEAR}-${MONTH}-${DAY}`;
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';
const DATE_FORMATS = ['yyyyMMdd', 'yyyy/MM/dd', 'dd.MM.yyyy', 'dd/MM/yyyy', 'MM/dd/yyyy'];
/** A number that begins with a zero is an identifier: the zero counts. */
const WHOLE = '-?(?:0|[1-9]\\d*)';
/** More than a double holds exactly. */
const MANY_DIGITS = 15;

/** From the narrowest on. Whole numbers are longs: an int that turns out too small would reject rows. */
const FORMS: readonly Form[] = [
  form('boolean', '[Tt]rue|TRUE|[Ff]alse|FALSE'),
  ...DATE_FORMATS.flatMap((format) => [
    form('date', patternOf(format), { format }),
    form('timestamp', `${patternOf(format)} ${TIME}`, { format: `${format} HH:mm:ss` }),
  ]),
  form('long', '-?(?:0|[1-9]\\d{0,17})'),
  withDigits(form('double', `${WHOLE}(?:\\.\\d+)?(?:[eE][+-]?\\d{1,2})?`)),
  // 1,234 may be more than a thousand: that is not for us to say.
  withDigits(form('double', `${WHOLE}(?:,(?:\\d{1,2}|\\d{4,}))?`, { decimal: ',' })),
  form('decimal', `${WHOLE}(?:\\.\\d+)?`),
  form('date', DATE),
  form('timestamp', `${DATE}[T ]${TIME}(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?`),
];

function form(type: FieldType, source: string, settings: Form['settings'] = {}): Form {
  const expression = new RegExp(`^(?:${source})$`);
  return {
    type,
    settings,
    test(text) {
      const match = expression.exec(text);
      return match !== null && (match.groups?.day === undefined || isDay(match.groups));
    },
  };
}

/** There is no 30th of February. */
function isDay({ year, month, day }: Readonly<Record<string, string | undefined>>): boolean {
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
}

function withDigits(of: Form): Form {
  const digits = (text: string) => text.replace(/[eE].*$/, '').replace(/\D/g, '').length;
  return { ...of, test: (text) => of.test(text) && digits(text) <= MANY_DIGITS };
}

function patternOf(format: string): string {
  return format.replaceAll('.', '\\.').replace('yyyy', YEAR).replace('MM', MONTH).replace('dd', DAY);
}

const TEXT = { type: 'string', settings: {}, misfit: null } as const;

/** The type of the cells that are not empty; text when nothing else fits nearly all of them. */
export function guessType(cells: readonly string[]): GuessedType {
  if (cells.length === 0) return TEXT;
  const fitting = FORMS.filter((form) => misfits(cells, form).length <= tolerated(cells.length));
  const [form] = fitting;
  // 05/06/2026 may be in May or in June.
  const isAmbiguous =
    fitting.filter(({ settings }) => /^(?:dd\/MM|MM\/dd)/.test(settings.format ?? '')).length > 1;
  if (form === undefined || isAmbiguous) return enumOf(cells) ?? TEXT;
  return { type: form.type, settings: form.settings, misfit: misfits(cells, form)[0] ?? null };
}

/** Whether a cell is something else than text. */
export function isTyped(cell: string): boolean {
  return FORMS.some(({ test }) => test(cell));
}

function misfits(cells: readonly string[], { test }: Form): string[] {
  return cells.filter((cell) => !test(cell));
}

/** A bad row among good ones is what dead letters are for; two of ten are no accident. */
function tolerated(count: number): number {
  if (count < 4) return 0;
  return Math.max(1, Math.floor(count / 20));
}

const ENUM_MOST = 5;
const ENUM_LEAST_ROWS = 20;
const ENUM_LEAST_EACH = 3;

/** Few words that come again and again. */
function enumOf(cells: readonly string[]): GuessedType | null {
  if (cells.length < ENUM_LEAST_ROWS) return null;
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const lower = new Set([...counts.keys()].map((word) => word.toLowerCase()));
  const hasCases = lower.size < counts.size;
  const symbols = [...(hasCases ? lower : counts.keys())].sort();
  const isEnum =
    symbols.length <= ENUM_MOST &&
    symbols.every((word) => /^[A-Za-z][\w-]{0,19}$/.test(word)) &&
    [...counts.values()].every((count) => count >= ENUM_LEAST_EACH);
  if (!isEnum) return null;
  const settings = { symbols: symbols.join(','), ...(hasCases && { case: 'lower' }) };
  return { type: 'enum', settings, misfit: null };
}

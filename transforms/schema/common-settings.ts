import type { ConfigProblem } from '../../src/plugin/index.ts';
import { dottedName } from '../../src/values/dotted-name.ts';
import { suits } from './declaration-problems.ts';
import type { FieldDeclaration, Setting } from './field-declaration.ts';
import { SETTINGS } from './field-settings.ts';

/**
 * Settings of how cells are read that may also stand on the transformation itself. There they hold for every field of a
 * type that has them and does not say otherwise.
 */
export const COMMON_OPTIONS = {
  optional: {
    doc: 'Cells may be empty, and become null. It does not hold for fields of `schema.file`, which says that itself.',
    format: 'boolean',
    default: false,
  },
  nullValues: {
    doc: 'Words that mean nothing, as an empty cell always does: `NULL, N/A`.',
    format: 'list',
    default: [],
  },
  trim: {
    doc: 'Take white space around cells away before they are read.',
    format: 'boolean',
    default: false,
  },
  decimal: {
    doc: 'The character before the fraction of numbers, when it is not a point.',
    format: 'string',
    default: null,
  },
  thousands: {
    doc: 'The character between groups of digits of numbers. Numbers may come without it.',
    format: 'string',
    default: null,
  },
  grouping: {
    doc: 'How digits are grouped: by `thousands` (1,234,567), or `indian` (12,34,567).',
    format: ['thousands', 'indian'],
    default: 'thousands',
  },
  impliedDecimals: {
    doc: 'How many of the last digits of numbers stand after a decimal point that is not written: of `4512` with 2 it is 45.12.',
    format: 'nat',
    default: null,
  },
  currency: {
    doc: 'Signs or codes with spaces between them, one of which may stand before or after a number: `$ AUD`.',
    format: 'string',
    default: null,
  },
  forms: {
    doc: `Forms of numbers that are taken besides plain ones: \`plus\` (+5), \`trailing-minus\` (5-), \`parentheses\` \
((5) is -5), \`bare-point\` (.5 and 5.), \`exponent\` (5E-3 as a decimal, 5E3 as an int or long), \`percent\` (5% is \
0.05) and \`zero-fraction\` (5.0 as an int or long).`,
    format: 'string',
    default: null,
  },
  escapes: {
    doc: `How characters that would end a cell or line are written in texts: \`backslash\` reads \`\\t\`, \`\\n\`, \`\\\\\` and the like, \
as databases unload tables.`,
    format: ['backslash'],
    default: null,
  },
  trueValues: {
    doc: 'Words that are the boolean true, in letters of either case, instead of `true`: `Y, ja, 1`.',
    format: 'string',
    default: null,
  },
  falseValues: {
    doc: 'Words that are the boolean false, in letters of either case, instead of `false`.',
    format: 'string',
    default: null,
  },
  zone: {
    doc: 'The time zone of timestamps that name none: `Australia/Sydney`, `+10:00`. They become UTC.',
    format: 'string',
    default: null,
  },
  ambiguous: {
    doc: `Which time a timestamp is that clocks of its zone show twice, as they go back: the \`earliest\` of the two, the \
\`latest\`, or \`reject\`.`,
    format: ['earliest', 'latest', 'reject'],
    default: 'earliest',
  },
  nonexistent: {
    doc: `What becomes of a timestamp that clocks of its zone leave out, as they go forward: \`reject\` it, or move it \
\`forward\` or \`backward\` by as much as they do.`,
    format: ['reject', 'forward', 'backward'],
    default: 'reject',
  },
} as const;

export type CommonValues = {
  readonly [Name in keyof typeof COMMON_OPTIONS]: string | number | boolean | readonly string[] | null;
};

/** The settings for all fields, and what is wrong with them. */
export interface CommonSettings {
  readonly settings: FieldDeclaration;
  readonly problems: readonly ConfigProblem[];
}

export function commonSettings(values: CommonValues): CommonSettings {
  const problems: ConfigProblem[] = [];
  const settings: Record<string, unknown> = {};
  for (const name of Object.keys(COMMON_OPTIONS) as (keyof CommonValues)[]) {
    const value = values[name];
    if (value === null) continue;
    const read = typeof value === 'string' ? SETTINGS[name](value) : { value };
    if (typeof read !== 'string') settings[name] = read.value;
    else problems.push({ key: dottedName(name), message: `expected ${read}, got ${JSON.stringify(value)}` });
  }
  return { settings, problems };
}

/** A field with the settings for all fields that are for its type, where it has none of its own. */
export function withCommon(field: FieldDeclaration, common: FieldDeclaration): FieldDeclaration {
  const merged = { ...common, ...field };
  const unfit = (Object.keys(common) as Setting[]).filter(
    (name) => field[name] === undefined && !suits(name, merged),
  );
  return Object.fromEntries(
    Object.entries(merged).filter(([name]) => !unfit.includes(name as Setting)),
  ) as FieldDeclaration;
}

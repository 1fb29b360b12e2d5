import type { ConfigProblem, FieldType } from '../../src/plugin/index.ts';
import { didYouMean } from '../../src/values/closest-name.ts';
import { FIELD_TYPES } from '../../src/values/field-types.ts';
import { entriesOf } from '../../src/values/ordered-row.ts';
import { shownText } from '../../src/values/shown.ts';
import { fieldPath } from '../shared/field-path.ts';
import { type CommonValues, commonSettings, withCommon } from './common-settings.ts';
import { declarationProblems } from './declaration-problems.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import { SETTING_NAMES, SETTINGS } from './field-settings.ts';

/** What the options declare, and what is wrong with them. */
export interface FieldOptions {
  readonly fields: ReadonlyMap<string, FieldDeclaration>;
  /** How each field is spelled in the options. */
  readonly spellings: ReadonlyMap<string, string>;
  readonly problems: readonly ConfigProblem[];
}

/** Turns `price` → `double`, `price.optional` → `true` into declarations; `inFile` are names that a schema file has. */
export function readFieldOptions(
  options: Readonly<Record<string, string>>,
  inFile: ReadonlySet<string> = new Set(),
): FieldOptions {
  const fields = new Map<string, FieldDeclaration>();
  const spellings = new Map<string, string>();
  const read = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const [key, text] of entriesOf(options)) {
    const problem = (message: string) => problems.push({ key: `fields.${key}`, message });
    const named = readKey(key, text, options, inFile);
    if (typeof named === 'string') {
      problem(named);
      continue;
    }
    const { field, setting } = named;
    const value = setting === null ? readType(text) : readSetting(setting, text);
    const place = JSON.stringify([field, setting]);
    const earlier = read.get(place);
    if (earlier !== undefined) problem(`is the same as fields.${earlier}; keep one of the two`);
    else if (typeof value === 'string') problem(value);
    else
      fields.set(field, { ...fields.get(field), [SETTING_NAMES.get(setting ?? '') ?? 'type']: value.value });
    read.set(place, key);
    const ending = setting === null ? '' : `.${setting}`;
    if (!spellings.has(field)) spellings.set(field, key.slice(0, key.length - ending.length));
  }
  return { fields, spellings, problems };
}

/** Everything wrong with the options that can be seen without the schema file. */
export function* fieldProblems(
  options: CommonValues & {
    readonly fields: Readonly<Record<string, string>>;
    readonly schemaFile: string | null;
  },
): Iterable<ConfigProblem> {
  const { fields, spellings, problems } = readFieldOptions(options.fields);
  const common = commonSettings(options);
  yield* common.problems;
  yield* problems;
  const faulty = new Set(problems.map(({ key }) => key));
  if (fields.size === 0 && problems.length === 0 && options.schemaFile === null) {
    yield { key: 'fields', message: 'name at least one field, or set schema.file' };
  }
  for (const [name, field] of fields) {
    const spelling = spellings.get(name) ?? name;
    if (faulty.has(`fields.${spelling}`)) continue;
    if (field.type !== undefined) {
      const whole = withCommon(field, common.settings);
      const found = [...declarationProblems(spelling, whole, options.schemaFile !== null)];
      yield* found.filter(({ key }) => !faulty.has(key));
    } else if (options.schemaFile === null) {
      yield { key: `fields.${spelling}`, message: `has no type; expected one of ${FIELD_TYPES.join(', ')}` };
    }
  }
}

interface FieldKey {
  readonly field: string;
  /** null: the field's type. */
  readonly setting: string | null;
}

/**
 * A field's name may hold dots, and its last word be one for a setting. Backquotes say where it ends; without them the
 * value tells, where that can be only one of the two: of settings none is a type, as a rule.
 */
function readKey(key: string, text: string, options: object, inFile: ReadonlySet<string>): FieldKey | string {
  if (key.startsWith('`')) return readQuoted(key);
  const dot = settingDot(key);
  const field = key.slice(0, dot);
  const setting = key.slice(dot + 1);
  if (dot <= 0 || inFile.has(key)) return { field: key, setting: null };
  const isType = (FIELD_TYPES as readonly string[]).includes(text);
  const isDeclared =
    [field, `\`${field}\``].some((name) => Object.hasOwn(options, name)) || inFile.has(field);
  if (!SETTING_NAMES.has(setting)) {
    return isDeclared && !isType ? { field, setting } : { field: key, setting: null };
  }
  if (!isType) return { field, setting };
  if (!isDeclared) return { field: key, setting: null };
  return `is a field of type ${text}, or the setting ${setting} of ${field}? Write fields.\`${key}\` for the field, fields.\`${field}\`.${setting} for the setting`;
}

/** The dot before the setting, of whose name it may have more. */
function settingDot(key: string): number {
  for (const name of SETTING_NAMES.keys())
    if (name.includes('.') && key.endsWith(`.${name}`)) return key.length - name.length - 1;
  return key.lastIndexOf('.');
}

function readQuoted(key: string): FieldKey | string {
  const names = fieldPath(key);
  if (typeof names === 'string') return names;
  const [field = '', ...words] = names;
  const setting = words.length === 0 ? null : words.join('.');
  if (words.length <= 1 || SETTING_NAMES.has(words.join('.'))) return { field, setting };
  return 'expected a name in backquotes, and at most one setting behind it';
}

function readType(text: string): { value: FieldType } | string {
  if ((FIELD_TYPES as readonly string[]).includes(text)) return { value: text as FieldType };
  const got = JSON.stringify(text);
  return `expected a type (${FIELD_TYPES.join(', ')}), got ${got}${didYouMean(text, FIELD_TYPES, shownText)}`;
}

function readSetting(setting: string, text: string): { value: unknown } | string {
  const name = SETTING_NAMES.get(setting);
  if (name === undefined) {
    const names = [...SETTING_NAMES.keys()];
    return `unknown setting${didYouMean(setting, names, shownText)}; a field has ${names.join(', ')}`;
  }
  const read = SETTINGS[name](text);
  return typeof read === 'string' ? `expected ${read}, got ${JSON.stringify(text)}` : read;
}

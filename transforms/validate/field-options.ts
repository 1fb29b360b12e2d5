import { type ConfigProblem, FIELD_TYPES, type FieldType, type FieldValue } from '../../src/plugin/index.ts';
import { cellParser } from './cell-parsers.ts';
import { didYouMean } from './did-you-mean.ts';

/** A field as it is declared; what is not said here may be said by the schema file. */
export interface FieldDeclaration {
  readonly type?: FieldType;
  readonly optional?: boolean;
  /** As text, to be read like a cell. */
  readonly default?: string;
  readonly format?: string;
  readonly case?: 'lower' | 'upper';
  readonly trim?: boolean;
  readonly symbols?: readonly string[];
  readonly precision?: number;
  readonly scale?: number;
}

type Setting = Exclude<keyof FieldDeclaration, 'type'>;

/** What the options declare, and what is wrong with them. */
export interface FieldOptions {
  readonly fields: ReadonlyMap<string, FieldDeclaration>;
  readonly problems: readonly ConfigProblem[];
}

/** Reads one setting; a string tells what was expected. */
const SETTINGS: Readonly<Record<Setting, (text: string) => { value: unknown } | string>> = {
  optional: readBoolean,
  default: (text) => ({ value: text }),
  format: (text) => ({ value: text }),
  case: (text) => (text === 'lower' || text === 'upper' ? { value: text } : 'lower or upper'),
  trim: readBoolean,
  symbols: readSymbols,
  precision: (text) => readWhole(text, 1),
  scale: (text) => readWhole(text, 0),
};

/** Turns `price` → `double`, `price.optional` → `true` into declarations. */
export function readFieldOptions(options: Readonly<Record<string, string>>): FieldOptions {
  const fields = new Map<string, FieldDeclaration>();
  const problems: ConfigProblem[] = [];
  for (const [key, text] of Object.entries(options)) {
    const { field, setting } = splitKey(key, options);
    const read = setting === null ? readType(text) : readSetting(setting, text);
    if (typeof read === 'string') problems.push({ key: `fields.${key}`, message: read });
    else fields.set(field, { ...fields.get(field), [setting ?? 'type']: read.value });
  }
  return { fields, problems };
}

/** Everything wrong with the options that can be seen without the schema file. */
export function* fieldProblems(options: {
  readonly fields: Readonly<Record<string, string>>;
  readonly schemaFile: string | null;
}): Iterable<ConfigProblem> {
  const { fields, problems } = readFieldOptions(options.fields);
  yield* problems;
  const faulty = new Set(problems.map(({ key }) => key));
  if (fields.size === 0 && problems.length === 0 && options.schemaFile === null) {
    yield { key: 'fields', message: 'name at least one field, or set schema.file' };
  }
  for (const [name, field] of fields) {
    if (faulty.has(`fields.${name}`)) continue;
    if (field.type !== undefined) {
      const found = [...declarationProblems(name, field, options.schemaFile !== null)];
      yield* found.filter(({ key }) => !faulty.has(key));
    } else if (options.schemaFile === null) {
      yield { key: `fields.${name}`, message: `has no type; expected one of ${FIELD_TYPES.join(', ')}` };
    }
  }
}

/** What is wrong with a field whose type is known; `partial` when a schema file may say the rest. */
export function* declarationProblems(
  name: string,
  field: FieldDeclaration,
  partial: boolean,
): Iterable<ConfigProblem> {
  const key = `fields.${name}`;
  const { type } = field;
  if (type === undefined) {
    yield { key, message: 'has no type, here or in the schema file' };
    return;
  }
  if (type === 'enum' && field.symbols === undefined) {
    if (!partial) yield { key: `${key}.symbols`, message: 'is required of an enum: the values allowed' };
    return;
  }
  for (const [setting, types] of Object.entries(ONLY_OF) as [Setting, readonly FieldType[]][]) {
    if (field[setting] === undefined || types.includes(type)) continue;
    yield { key: `${key}.${setting}`, message: `is for ${types.join(' and ')}, not for ${type}` };
  }
  if ((field.scale ?? 0) > (field.precision ?? Number.POSITIVE_INFINITY)) {
    yield { key: `${key}.scale`, message: `expected at most the precision, ${field.precision}` };
  }
  const parser = cellParser(field);
  if (typeof parser === 'string') yield { key: `${key}.format`, message: parser };
  else if (field.default !== undefined && parser.parse(field.default) === undefined) {
    const got = JSON.stringify(field.default);
    yield { key: `${key}.default`, message: `expected ${parser.expected}, got ${got}` };
  }
}

const ONLY_OF: Partial<Record<Setting, readonly FieldType[]>> = {
  case: ['string', 'enum'],
  format: ['timestamp', 'date'],
  symbols: ['enum'],
  precision: ['decimal'],
  scale: ['decimal'],
};

/** A field's value when nothing came; undefined when it has none. */
export function defaultValue(field: FieldDeclaration): FieldValue | undefined {
  if (field.default === undefined) return undefined;
  const parser = cellParser(field);
  return typeof parser === 'string' ? undefined : parser.parse(field.default);
}

/** The name of a field may hold dots, so that only a known last word, or a declared field before it, is a setting. */
function splitKey(key: string, options: object): { field: string; setting: string | null } {
  const dot = key.lastIndexOf('.');
  const field = key.slice(0, dot);
  const setting = key.slice(dot + 1);
  if (dot <= 0) return { field: key, setting: null };
  const isSetting = Object.hasOwn(SETTINGS, setting) || Object.hasOwn(options, field);
  return isSetting ? { field, setting } : { field: key, setting: null };
}

function readType(text: string): { value: FieldType } | string {
  if ((FIELD_TYPES as readonly string[]).includes(text)) return { value: text as FieldType };
  const got = JSON.stringify(text);
  return `expected a type (${FIELD_TYPES.join(', ')}), got ${got}${didYouMean(text, FIELD_TYPES)}`;
}

function readSetting(setting: string, text: string): { value: unknown } | string {
  const names = Object.keys(SETTINGS);
  if (!names.includes(setting)) {
    return `unknown setting${didYouMean(setting, names)}; a field has ${names.join(', ')}`;
  }
  const read = SETTINGS[setting as Setting](text);
  return typeof read === 'string' ? `expected ${read}, got ${JSON.stringify(text)}` : read;
}

function readBoolean(text: string): { value: boolean } | string {
  return text === 'true' || text === 'false' ? { value: text === 'true' } : 'true or false';
}

function readWhole(text: string, least: number): { value: number } | string {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  return value >= least ? { value } : `a whole number of at least ${least}`;
}

function readSymbols(text: string): { value: readonly string[] } | string {
  const symbols = text.split(',').map((symbol) => symbol.trim());
  return symbols.includes('') ? 'values between commas, none of them empty' : { value: symbols };
}

import { type ConfigProblem, FIELD_TYPES, type FieldType } from '../../src/plugin/index.ts';
import { declarationProblems } from './declaration-problems.ts';
import { didYouMean } from './did-you-mean.ts';
import type { FieldDeclaration, Setting } from './field-declaration.ts';
import { SETTINGS } from './field-settings.ts';

/** What the options declare, and what is wrong with them. */
export interface FieldOptions {
  readonly fields: ReadonlyMap<string, FieldDeclaration>;
  readonly problems: readonly ConfigProblem[];
}

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

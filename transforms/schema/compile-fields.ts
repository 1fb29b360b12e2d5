import { type FieldSchema, type FieldValue, HeadraceError } from '../../src/plugin/index.ts';
import { shapeOf } from '../../src/values/schema-shape.ts';
import { type CellCheck, cellCheck, translation } from './cell-checks.ts';
import { type CellParser, cellParser } from './cell-parsers.ts';
import { type CellTemplate, compileTemplate } from './cell-template.ts';
import { withCommon } from './common-settings.ts';
import { declarationProblems } from './declaration-problems.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import { silent, type Tell } from './tell.ts';

/** A field, ready to read cells. */
export interface CompiledField {
  readonly schema: FieldSchema;
  /** As declared: whether its column may be absent. */
  readonly absent: boolean | undefined;
  /** The column of its cell. */
  readonly column: string;
  /** What its text is made of; null where it is that of its column's cell. */
  readonly template: CellTemplate | null;
  readonly trim: boolean;
  readonly case: 'lower' | 'upper' | null;
  readonly parser: CellParser;
  /** Of values that are not text: their numbers are written as in JavaScript, whatever the cells are. */
  readonly plainParser: CellParser;
  readonly nullValues: readonly string[];
  /** Its cells may be in forms of its own, that become plain ones: some, or all, where a plain one may mean something else. */
  readonly translates: 'some' | 'all' | null;
  /** Knows cells whose text is the value's; null when there are none. */
  readonly cellCheck: CellCheck | null;
  /** What it becomes when nothing came; undefined when that rejects the row. */
  readonly nothing: FieldValue | undefined;
}

type Declarations = ReadonlyMap<string, FieldDeclaration>;

/** The fields of the schema file, refined by those of the options, and those that only the options have. */
export function compileFields(
  file: Declarations,
  options: Declarations,
  path: string | null,
  common: FieldDeclaration = {},
  tellOf: (field: string) => Tell = () => silent,
): CompiledField[] {
  const merged = new Map(file);
  const named = new Map([...file].map(([name, { column = name }]) => [column, name]));
  for (const [spelled, field] of options) {
    const name = file.has(spelled) ? spelled : (named.get(spelled) ?? spelled);
    merged.set(name, refined(merged.get(name), field));
  }
  const { optional: _, ...refining } = common;
  // Whether a field of the file may be null is said there, and is part of its schema.
  for (const [name, field] of merged) merged.set(name, withCommon(field, file.has(name) ? refining : common));
  const problems = [...merged].flatMap(([name, field]) => [...declarationProblems(name, field, false)]);
  if (problems.length > 0) {
    const list = problems.map(({ key, message }) => `${key} ${message}`).join('; ');
    throw new HeadraceError('CONFIG_INVALID', path === null ? list : `${list} (schema.file ${path})`);
  }
  return [...merged].map(([name, field]) => compiled(name, field, file.get(name), tellOf(name)));
}

/** Another type takes nothing over that belongs to the type. */
function refined(base: FieldDeclaration | undefined, field: FieldDeclaration): FieldDeclaration {
  if (base === undefined) return field;
  if (field.type === undefined || field.type === base.type) return { ...base, ...field };
  const { optional, doc, within, avro, column } = base;
  return {
    ...(column !== undefined && { column }),
    ...(optional !== undefined && { optional }),
    ...(doc !== undefined && { doc }),
    ...(within !== undefined && { within }),
    ...(avro !== undefined && { avro }),
    ...field,
  };
}

function compiled(
  name: string,
  field: FieldDeclaration,
  inFile: FieldDeclaration | undefined,
  tell: Tell,
): CompiledField {
  // Its format and template were found right before.
  const parser = cellParser(field, tell) as CellParser;
  const value = field.default === undefined ? field.value : parser.parse(field.default);
  const schema = fieldSchema(name, field, value, inFile);
  const template = field.from === undefined ? null : (compileTemplate(field.from) as CellTemplate);
  return {
    schema,
    absent: field.absent,
    column: field.column ?? name,
    template,
    trim: field.trim ?? false,
    case: field.case ?? null,
    parser,
    plainParser: cellParser(withoutNotation(field)) as CellParser,
    nullValues: field.nullValues ?? [],
    translates: template === null ? translation(field) : 'all',
    cellCheck: cellCheck(field),
    nothing: value ?? (schema.optional ? null : undefined),
  };
}

/** What is said of how numbers and booleans are written, left out. */
function withoutNotation(field: FieldDeclaration): FieldDeclaration {
  const { thousands: _1, grouping: _2, decimal: _3, impliedDecimals: _4, currency: _5, ...rest } = field;
  const { forms: _6, trueValues: _7, falseValues: _8, ...plain } = rest;
  return plain;
}

function fieldSchema(
  name: string,
  field: FieldDeclaration,
  value: FieldValue | undefined,
  inFile: FieldDeclaration | undefined,
): FieldSchema {
  const { symbols, enumName, precision, scale = 0, unit, local, size, doc, within, avro } = field;
  return {
    name,
    type: field.type as FieldSchema['type'],
    optional: field.optional ?? false,
    ...(value === undefined ? {} : { default: value }),
    ...(symbols === undefined ? {} : { symbols }),
    ...(enumName === undefined ? {} : { enumName }),
    ...(precision === undefined ? {} : { precision, scale }),
    ...(unit === undefined ? {} : { unit }),
    ...(local === undefined ? {} : { local }),
    ...(size === undefined ? {} : { size }),
    ...(doc === undefined ? {} : { doc }),
    ...(within === undefined ? {} : { within }),
    ...(avro === undefined ? {} : { avro: { ...avro, shape: shapeOf(inFile ?? {}) } }),
  };
}

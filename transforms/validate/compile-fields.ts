import { type FieldSchema, type FieldValue, HeadraceError } from '../../src/plugin/index.ts';
import { type CellCheck, cellCheck } from './cell-checks.ts';
import { type CellParser, cellParser } from './cell-parsers.ts';
import { declarationProblems, defaultValue, type FieldDeclaration } from './field-options.ts';

/** A field, ready to read cells. */
export interface CompiledField {
  readonly schema: FieldSchema;
  readonly trim: boolean;
  readonly case: 'lower' | 'upper' | null;
  readonly parser: CellParser;
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
): CompiledField[] {
  const merged = new Map(file);
  for (const [name, field] of options) merged.set(name, refined(file.get(name), field));
  const problems = [...merged].flatMap(([name, field]) => [...declarationProblems(name, field, false)]);
  if (problems.length > 0) {
    const list = problems.map(({ key, message }) => `${key} ${message}`).join('; ');
    throw new HeadraceError('CONFIG_INVALID', path === null ? list : `${list} (schema.file ${path})`);
  }
  return [...merged].map(([name, field]) => compiled(name, field));
}

/** Another type takes nothing over that belongs to the type. */
function refined(base: FieldDeclaration | undefined, field: FieldDeclaration): FieldDeclaration {
  if (base === undefined) return field;
  if (field.type === undefined || field.type === base.type) return { ...base, ...field };
  return base.optional === undefined ? field : { optional: base.optional, ...field };
}

function compiled(name: string, field: FieldDeclaration): CompiledField {
  const optional = field.optional ?? false;
  const value = defaultValue(field);
  const schema: FieldSchema = {
    name,
    type: field.type as FieldSchema['type'],
    optional,
    ...(value === undefined ? {} : { default: value }),
    ...(field.symbols === undefined ? {} : { symbols: field.symbols }),
  };
  return {
    schema,
    trim: field.trim ?? false,
    case: field.case ?? null,
    // Its format was found right before.
    parser: cellParser(field) as CellParser,
    cellCheck: cellCheck(field),
    nothing: value ?? (optional ? null : undefined),
  };
}

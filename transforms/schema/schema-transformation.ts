import {
  type FieldValue,
  type InnerRecord,
  type RecordSchema,
  RowError,
  type SourceRecord,
} from '../../src/plugin/index.ts';
import type { CellPlan, CellStage, CellTransformation } from '../../src/rows/index.ts';
import { keepOrder, orderToKeep } from '../../src/values/ordered-row.ts';
import { innerRecordsOf, ownNameOf } from '../../src/values/schema-shape.ts';
import { rowError, type Show } from '../../src/values/shown.ts';
import type { CellParser } from './cell-parsers.ts';
import type { CellTemplate } from './cell-template.ts';
import type { CompiledField } from './compile-fields.ts';
import { SchemaCells } from './schema-cells.ts';

/** A cell that its field cannot take. */
class BadCell {
  readonly tell: (show: Show) => string;

  constructor(tell: (show: Show) => string) {
    this.tell = tell;
  }
}

/** What stands for "nothing came, and the field must have something". */
const MISSING = Symbol('missing');

type Read = FieldValue | BadCell | typeof MISSING;
type Row = Readonly<Record<string, unknown>>;

interface FieldReader {
  readonly name: string;
  readonly read: (row: Row) => Read;
  readonly within: readonly InnerRecord[];
  /** Whether nothing came for it. */
  readonly isEmpty: (row: Row) => boolean;
}

const NO_RECORDS: ReadonlySet<InnerRecord> = new Set();

/** Reads each row by its schema. All that is wrong with a row is told at once. */
export class SchemaTransformation implements CellTransformation {
  readonly #schema: RecordSchema;
  readonly #readers: readonly FieldReader[];
  /** Where an object would have another. */
  readonly #order: readonly string[] | null;
  readonly #optionalRecords: readonly InnerRecord[];
  readonly #fields: readonly CompiledField[];

  /** @param tellsNulls text of no characters is a value of fields that are text */
  constructor(record: Omit<RecordSchema, 'fields'>, fields: readonly CompiledField[], tellsNulls = false) {
    this.#fields = fields;
    this.#schema = { ...record, fields: fields.map(({ schema }) => schema) };
    this.#readers = fields.map((field) => fieldReader(field, tellsNulls));
    this.#order = orderToKeep(fields.map(({ schema }) => schema.name));
    const inner = new Set(this.#readers.flatMap(({ within }) => within.filter(({ optional }) => optional)));
    this.#optionalRecords = [...inner];
  }

  apply(record: SourceRecord): SourceRecord {
    // A tombstone has no fields.
    if (record.value === null) return record;
    record.value = this.#typed(rowOf(record.value));
    record.valueSchema = this.#schema;
    return record;
  }

  compileCells(plan: CellPlan): CellStage | null {
    return SchemaCells.compile(plan, this.#schema, this.#fields);
  }

  /** Those of whose fields nothing came. */
  #nullRecords(row: Row): ReadonlySet<InnerRecord> {
    const isNull = (record: InnerRecord) =>
      this.#readers.every(({ within, isEmpty }) => !within.includes(record) || isEmpty(row));
    return new Set(this.#optionalRecords.filter(isNull));
  }

  #typed(row: Row): Row {
    const typed: Record<string, unknown> = {};
    let missing: string[] | null = null;
    let bad: BadCell[] | null = null;
    const nulls = this.#optionalRecords.length === 0 ? NO_RECORDS : this.#nullRecords(row);
    for (const { name, read, within } of this.#readers) {
      const value = within.some((record) => nulls.has(record)) ? null : read(row);
      if (value === MISSING) {
        missing ??= [];
        missing.push(name);
      } else if (value instanceof BadCell) {
        bad ??= [];
        bad.push(value);
      } else if (name === '__proto__') {
        Object.defineProperty(typed, name, { value, enumerable: true, writable: true, configurable: true });
      } else {
        typed[name] = value;
      }
    }
    if (this.#order !== null) keepOrder(typed, this.#order);
    if (missing !== null)
      throw new RowError('MissingFields', `Missing required fields: [${missing.join(', ')}]`);
    if (bad !== null) throw badCells(bad);
    return typed;
  }
}

/** The text of a template's cells; an object where one of them is none. */
function templateReader(
  { columns, textOf }: CellTemplate,
  trim: boolean,
  nothing: ReadonlySet<string>,
): (row: Row) => unknown {
  return (row) => {
    const cells: string[] = [];
    for (const column of columns) {
      const value = Object.hasOwn(row, column) ? (row[column] ?? '') : '';
      if (typeof value === 'object') return value;
      const text = trim ? String(value).trim() : String(value);
      cells.push(nothing.has(text) ? '' : text);
    }
    return textOf(cells);
  };
}

/** What a row has under a field's name, or in an object for each record that it is in. */
function cellReader(
  { schema, column, template, trim }: CompiledField,
  nothing: ReadonlySet<string>,
): (row: Row) => unknown {
  if (template !== null) return templateReader(template, trim, nothing);
  // Every object has these from its prototype.
  const inherited = column in {};
  const path = [...innerRecordsOf(schema).map((record) => record.name), ownNameOf(schema)];
  if (path.length === 1) return (row) => (inherited && !Object.hasOwn(row, column) ? undefined : row[column]);
  return (row) => {
    if (Object.hasOwn(row, column)) return row[column];
    let value: unknown = row;
    for (const step of path) {
      const has = typeof value === 'object' && value !== null && Object.hasOwn(value, step);
      value = has ? (value as Row)[step] : undefined;
    }
    return value;
  };
}

function rowOf(value: unknown): Row {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw rowError(
    'NotARow',
    (show) => `expected an object with a property for each column, got ${show(value)}`,
  );
}

function fieldReader(field: CompiledField, tellsNulls: boolean): FieldReader {
  const { name, type } = field.schema;
  // What is made of several cells has no quotes of its own.
  const takesEmptyText = tellsNulls && type === 'string' && field.template === null;
  const nothing = new Set(['', ...field.nullValues]);
  const absent = field.nothing === undefined ? MISSING : field.nothing;
  const fromText = textReader(field, field.parser, nothing, absent);
  const fromValue = textReader(field, field.plainParser, nothing, absent);
  const cellOf = cellReader(field, nothing);
  const isNothing = (cell: unknown) => {
    if (typeof cell !== 'string') return cell === undefined || cell === null;
    if (cell === '' && takesEmptyText) return false;
    const text = field.trim ? cell.trim() : cell;
    return text === '' || nothing.has(text);
  };
  const read = (row: Row): Read => {
    const cell = cellOf(row);
    if (cell === '' && takesEmptyText) return cell;
    if (typeof cell === 'string') return fromText(cell);
    if (cell === undefined || cell === null) return absent;
    // An earlier transformation may have made a value of it.
    if (typeof cell === 'object') return badCell(field, cell);
    return fromValue(String(cell));
  };
  return { name, read, within: innerRecordsOf(field.schema), isEmpty: (row) => isNothing(cellOf(row)) };
}

function textReader(
  field: CompiledField,
  parser: CellParser,
  nothing: ReadonlySet<string>,
  absent: FieldValue | typeof MISSING,
): (cell: string) => Read {
  const { trim } = field;
  return (cell) => {
    const text = trim ? cell.trim() : cell;
    if (text === '' || nothing.has(text)) return absent;
    const value = parser.parse(field.case === null ? text : inCase(text, field.case));
    return value === undefined ? badCell(field, cell) : value;
  };
}

function inCase(text: string, to: 'lower' | 'upper'): string {
  return to === 'lower' ? text.toLowerCase() : text.toUpperCase();
}

function badCell(field: CompiledField, cell: unknown): BadCell {
  return new BadCell((show) => `${field.schema.name}: expected ${field.parser.expected}, got ${show(cell)}`);
}

function badCells(cells: readonly BadCell[]): RowError {
  return rowError('InvalidFields', (show) => cells.map(({ tell }) => tell(show)).join('; '));
}

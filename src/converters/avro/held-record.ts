import type { FieldSchema, RecordSchema } from '../../plugin/index.ts';
import { COLUMN_PROPERTY } from '../../values/avro-name.ts';
import { innerRecordsOf, shapeOf } from '../../values/schema-shape.ts';
import { NAME } from './type-names.ts';

/** A record as Avro can hold it, and what had to become another for that, a line each. */
export interface HeldRecord {
  readonly record: RecordSchema;
  readonly changes: readonly string[];
}

/**
 * A record whose every field Avro can hold: names that it does not allow are mended, with the old one as a property, by
 * which a schema transformation finds the column; symbols that it does not allow are text; decimals of any digits are
 * its big-decimal. One that Avro holds as it is stays the same.
 */
export function heldByAvro(record: RecordSchema): HeldRecord {
  const changes: string[] = [];
  const taken = new Set(record.fields.map(({ name }) => name));
  const fields = record.fields.map((field, index) => {
    const typed = withHeldType(field, changes);
    return isNamed(field) ? typed : renamed(typed, freeName(field.name, index, taken), changes);
  });
  return { record: changes.length === 0 ? record : { ...record, fields }, changes };
}

function isNamed(field: FieldSchema): boolean {
  // What stands in a record has its name from a schema file.
  return innerRecordsOf(field).length > 0 || NAME.test(field.name);
}

function renamed(field: FieldSchema, name: string, changes: string[]): FieldSchema {
  changes.push(`column ${JSON.stringify(field.name)} is field ${name}, as Avro allows letters, digits and _`);
  const { attributes = {}, type = null, shape = '' } = field.avro ?? {};
  return {
    ...field,
    name,
    avro: { attributes: { [COLUMN_PROPERTY]: field.name, ...attributes }, type, shape },
  };
}

/** Accents go, what is no letter or digit becomes `_`; with a number where another field has the name. */
function freeName(name: string, index: number, taken: Set<string>): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const base = words === '' ? `column_${index + 1}` : words.replace(/^(?=\d)/, '_');
  let free = base;
  for (let copy = 2; taken.has(free); copy++) free = `${base}_${copy}`;
  taken.add(free);
  return free;
}

function withHeldType(field: FieldSchema, changes: string[]): FieldSchema {
  const { name, type, symbols = [], precision, avro } = field;
  if (avro?.shape === shapeOf(field)) return field;
  if (type === 'enum' && !symbols.every((symbol) => NAME.test(symbol))) {
    const wrong = symbols.find((symbol) => !NAME.test(symbol));
    changes.push(`enum ${name} is text, as Avro allows no symbol such as ${JSON.stringify(wrong)}`);
    const { symbols: _symbols, enumName: _name, ...rest } = field;
    return { ...rest, type: 'string' };
  }
  if (type === 'decimal' && precision === undefined) {
    changes.push(`decimal ${name} is a big-decimal, as it has no precision and scale`);
    const attributes = avro?.attributes ?? {};
    return { ...field, avro: { attributes, type: BIG_DECIMAL, shape: shapeOf(field) } };
  }
  return field;
}

const BIG_DECIMAL = { type: 'bytes', logicalType: 'big-decimal' };

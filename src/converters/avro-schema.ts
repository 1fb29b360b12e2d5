import type { FieldSchema, RecordSchema } from '../plugin/index.ts';
import { avroDefault } from './avro-default.ts';
import { schemaError } from './schema-problems.ts';

/** Names as Avro has them (https://avro.apache.org/docs/1.12.0/specification/#names). */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const FULL_NAME = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;
const NAME_RULE = 'Avro allows letters, digits and _, and no digit first';

type Json = Readonly<Record<string, unknown>>;

/**
 * The Avro schema of a record, as JSON text.
 *
 * @throws HeadraceError CONFIG_INVALID, naming every field that Avro cannot hold
 */
export function avroSchemaOf(record: RecordSchema): string {
  const problems: string[] = [];
  if (!FULL_NAME.test(record.name)) {
    problems.push(`the name of the record is ${JSON.stringify(record.name)}; ${NAME_RULE}`);
  }
  const dot = record.name.lastIndexOf('.');
  const enums = new Enums(record.name, problems);
  const schema = {
    type: 'record',
    name: record.name.slice(dot + 1),
    ...(dot > 0 && { namespace: record.name.slice(0, dot) }),
    ...(record.doc !== undefined && { doc: record.doc }),
    fields: record.fields.map((field) => avroField(field, enums, problems)),
  };
  if (problems.length > 0) throw schemaError('Avro', record.name, problems);
  return JSON.stringify(schema);
}

function avroField(field: FieldSchema, enums: Enums, problems: string[]): Json {
  const { name, doc, optional } = field;
  if (!NAME.test(name)) {
    problems.push(`a field is called ${JSON.stringify(name)}; ${NAME_RULE}: rename it before the schema`);
  }
  const type = field.type === 'enum' ? enums.typeOf(field) : avroType(field, problems);
  const fallback = avroDefault(field);
  // A default is of the first type of a union.
  const union = fallback === undefined || fallback === null ? ['null', type] : [type, 'null'];
  return {
    name,
    type: optional ? union : type,
    ...(doc !== undefined && { doc }),
    ...(fallback !== undefined ? { default: fallback } : optional && { default: null }),
  };
}

function avroType(field: FieldSchema, problems: string[]): unknown {
  const { name, type, precision, scale, unit = 'micros', local } = field;
  switch (type) {
    case 'decimal':
      if (precision === undefined || scale === undefined) {
        problems.push(
          `decimal ${name} has no precision and scale; set fields.${name}.precision and fields.${name}.scale of the schema transformation, or a decimal logical type in its schema file`,
        );
      }
      return { type: 'bytes', logicalType: 'decimal', precision, scale };
    case 'timestamp':
      return { type: 'long', logicalType: `${local === true ? 'local-' : ''}timestamp-${unit}` };
    case 'date':
      return { type: 'int', logicalType: 'date' };
    default:
      return type;
  }
}

/** The enums of a record, each defined where it comes first and named where it comes again. */
class Enums {
  readonly #record: string;
  readonly #problems: string[];
  /** Symbols by full name, as text. */
  readonly #defined = new Map<string, string>();

  constructor(record: string, problems: string[]) {
    this.#record = record;
    this.#problems = problems;
  }

  typeOf({ name, enumName, symbols = [] }: FieldSchema): unknown {
    const wrong = symbols.filter((symbol) => !NAME.test(symbol));
    if (wrong.length > 0) {
      const list = wrong.map((symbol) => JSON.stringify(symbol)).join(', ');
      this.#problems.push(`enum ${name} has the symbols ${list}; ${NAME_RULE}: make it a string`);
    }
    const listed = JSON.stringify(symbols);
    const full = enumName === undefined ? this.#ownName(name, listed) : this.#full(enumName);
    const defined = this.#defined.get(full);
    if (defined === listed) return full;
    if (defined !== undefined || full === this.#record) {
      this.#problems.push(`enum ${name} is called ${full}, as is another type with other symbols; rename it`);
    }
    if (!FULL_NAME.test(full)) {
      this.#problems.push(`enum ${name} is called ${JSON.stringify(full)}; ${NAME_RULE}`);
    }
    this.#defined.set(full, listed);
    return { type: 'enum', name: full, symbols };
  }

  /** TradeSide for the field side of market.Trade; with a number where another type has that name already. */
  #ownName(field: string, listed: string): string {
    const pascal = field.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_, first: string) =>
      first.toUpperCase(),
    );
    for (let number = 1; ; number++) {
      const full = `${this.#record}${pascal}${number === 1 ? '' : number}`;
      const defined = this.#defined.get(full);
      if (full !== this.#record && (defined === undefined || defined === listed)) return full;
    }
  }

  /** A name without a namespace is in the record's. */
  #full(name: string): string {
    const dot = this.#record.lastIndexOf('.');
    return name.includes('.') || dot < 0 ? name : `${this.#record.slice(0, dot)}.${name}`;
  }
}

import type { FieldSchema } from '../../plugin/index.ts';
import type { AvroJson } from '../../values/avro-name.ts';
import { avroNameWithin, isAvroJson } from '../../values/avro-name.ts';
import { isAvroNamed } from '../../values/avro-types.ts';

/** Names as Avro has them (https://avro.apache.org/docs/1.12.0/specification/#names). */
export const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const FULL_NAME = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;
export const NAME_RULE = 'Avro allows letters, digits and _, and no digit first';

/** The named types of a record, each defined where it comes first and named where it comes again. */
export class AvroTypeNames {
  readonly #record: string;
  readonly #problems: string[];
  /** What each is, as text, by full name; of enums, their symbols. */
  readonly #defined = new Map<string, string>();

  constructor(record: string, problems: string[]) {
    this.#record = record;
    this.#problems = problems;
  }

  /** A type, or a union of some, whose names are full. */
  defineAll(type: unknown): unknown {
    if (Array.isArray(type)) return type.map((branch) => this.defineAll(branch));
    return isAvroJson(type) && isAvroNamed(type.type) ? this.define(type) : type;
  }

  /** A named type whose name is full; `clash` is told when another is called so. */
  define(type: AvroJson, clash = (full: string) => otherwise(type, full)): unknown {
    const full = String(type.name);
    const text = type.type === 'enum' ? JSON.stringify(type.symbols) : JSON.stringify(type);
    const defined = this.#defined.get(full);
    if (defined === text) return full;
    if (defined !== undefined || full === this.#record) {
      this.#problems.push(clash(full));
    }
    this.#defined.set(full, text);
    return type;
  }

  enumOf({ name, enumName, symbols = [] }: FieldSchema): unknown {
    const wrong = symbols.filter((symbol) => !NAME.test(symbol));
    if (wrong.length > 0) {
      const list = wrong.map((symbol) => JSON.stringify(symbol)).join(', ');
      this.#problems.push(`enum ${name} has the symbols ${list}; ${NAME_RULE}: make it a string`);
    }
    const listed = JSON.stringify(symbols);
    const full = enumName === undefined ? this.ownName(name, listed) : this.#full(enumName);
    if (!this.#defined.has(full) && !FULL_NAME.test(full)) {
      this.#problems.push(`enum ${name} is called ${JSON.stringify(full)}; ${NAME_RULE}`);
    }
    const clash = `enum ${name} is called ${full}, as is another type with other symbols; rename it`;
    return this.define({ type: 'enum', name: full, symbols }, () => clash);
  }

  /** TradeSide for the field side of market.Trade; with a number where another type has that name already. */
  ownName(field: string, listed = ''): string {
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
    return avroNameWithin(name, this.#record.slice(0, Math.max(0, this.#record.lastIndexOf('.'))));
  }
}

function otherwise({ type }: AvroJson, full: string): string {
  return `a ${type} is called ${full}, as is another type that says otherwise; rename it`;
}

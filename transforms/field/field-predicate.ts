import { type FieldType, RowError, type SourceRecord } from '../../src/plugin/index.ts';
import type { CellPlan, CellPredicate, CellTest } from '../../src/rows/index.ts';
import { rowError, shownText } from '../../src/values/shown.ts';
import { cellText } from '../shared/cell-text.ts';
import { schemaOfField } from '../shared/derived-schema.ts';
import { isRow } from '../shared/row.ts';
import { TextPattern } from '../shared/text-pattern.ts';
import { compared, limitOf, numberOf, type Quantity, timeOf } from './comparison.ts';
import type { FieldConditions } from './index.ts';

/** What a value is: text that only equals itself, or something that is written in several ways. */
type Kind = 'text' | Quantity['kind'];

/** Whether the text of a value meets a condition. */
type Condition = (text: string, kind: Kind) => boolean;

/** Looks at the text that `String` makes of a field's value, or that is in its cell: it is the same. */
export class FieldPredicate implements CellPredicate {
  readonly #field: string;
  readonly #isNull: boolean | null;
  readonly #conditions: readonly Condition[];

  constructor(conditions: FieldConditions) {
    const { field, equals, matches, min, max, isNull } = conditions;
    this.#field = field;
    this.#isNull = isNull;
    const values = [
      ...(equals === null ? [] : [[equals]]),
      ...(conditions.in.length === 0 ? [] : [conditions.in]),
    ];
    this.#conditions = [
      ...values.map(oneOf),
      ...(min === null ? [] : [limit(field, min, (order) => order >= 0)]),
      ...(max === null ? [] : [limit(field, max, (order) => order <= 0)]),
      ...(matches === null ? [] : [pattern(field, matches)]),
    ];
  }

  /** @throws RowError where the row has no such field, or it cannot be compared */
  test({ value, valueSchema }: SourceRecord): boolean {
    if (!isRow(value) || !Object.hasOwn(value, this.#field)) throw this.#noField(value);
    const found = value[this.#field];
    if (typeof found === 'object' && found !== null)
      throw new RowError(
        'NotComparable',
        `field ${shownText(this.#field)}: expected text, a number or a time in it`,
      );
    const type = schemaOfField(valueSchema, this.#field)?.type;
    const isNumber = typeof found === 'number' || typeof found === 'bigint';
    return this.#meets(
      found === null || found === undefined ? '' : String(found),
      isNumber ? 'number' : kindOf(type),
    );
  }

  compileCells(plan: CellPlan): CellTest | null {
    const field = plan.fields.findLast(({ name }) => name === this.#field);
    if (field === undefined) return null;
    const textOf = cellText(field);
    const kind = kindOf(plan.valueSchema === null ? undefined : field.type);
    const at = 2 * field.column;
    return ({ bytes, bounds }, row) => {
      const first = 2 * row * plan.width + at;
      return this.#meets(textOf(bytes, bounds[first] as number, bounds[first + 1] as number) ?? '', kind);
    };
  }

  #meets(text: string, kind: Kind): boolean {
    if (text === '') return this.#isNull === true;
    if (this.#isNull === true) return false;
    for (const condition of this.#conditions) if (!condition(text, kind)) return false;
    return true;
  }

  #noField(value: unknown): RowError {
    const fields = isRow(value) ? `; it has ${Object.keys(value).join(', ')}` : '';
    return new RowError('NoSuchField', `expected a field ${shownText(this.#field)} in the row${fields}`);
  }
}

function kindOf(type: FieldType | undefined): Kind {
  switch (type) {
    case 'int':
    case 'long':
    case 'float':
    case 'double':
    case 'decimal':
      return 'number';
    case 'date':
    case 'timestamp':
      return 'time';
    default:
      return 'text';
  }
}

function oneOf(values: readonly string[]): Condition {
  const texts = new Set(values);
  const numbers = values.flatMap((value) => numberOf(value) ?? []);
  const times = values.flatMap((value) => timeOf(value) ?? []);
  return (text, kind) => {
    if (texts.has(text)) return true;
    if (kind === 'text') return false;
    const quantity = kind === 'number' ? numberOf(text) : timeOf(text);
    if (quantity === null) return false;
    return (kind === 'number' ? numbers : times).some((value) => compared(quantity, value) === 0);
  };
}

function limit(field: string, text: string, isWithin: (order: number) => boolean): Condition {
  const bound = limitOf(text) as Quantity;
  const read = bound.kind === 'number' ? numberOf : timeOf;
  const what = bound.kind === 'number' ? 'a number' : 'a date or a time in ISO 8601';
  return (value) => {
    const quantity = read(value);
    if (quantity !== null) return isWithin(compared(quantity, bound));
    throw rowError(
      'NotComparable',
      (show) => `field ${shownText(field)}: expected ${what} to hold against ${text}, got ${show(value)}`,
    );
  };
}

function pattern(field: string, source: string): Condition {
  const matches = new TextPattern(source, `field ${field}`, (match) => match !== null);
  return (text) => matches.of(text);
}

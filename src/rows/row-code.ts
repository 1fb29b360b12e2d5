import { bigintOf, numberOf } from '../values/digits.ts';
import { type CellTexts, inCase } from './cell-texts.ts';
import type { CellField, Cells } from './cells.ts';
import { ShortTexts } from './short-texts.ts';

/** Code for the rows of a plan. It remembers the values of the row that was read last. */
export interface RowCode {
  /** An ordinary object of the row's values, whose cells begin at `first` in `bounds`. */
  read(cells: Cells, first: number, texts: CellTexts): Record<string, unknown>;
  /** How many properties an object has; -1 where the first of them are not the fields, in their order. */
  count(value: Readonly<Record<string, unknown>>): number;
  /** Writes into `changed` the number of each field whose value is another than was read, and says how many they are. */
  compare(value: Readonly<Record<string, unknown>>, changed: Uint32Array): number;
}

const TRUE = 't'.charCodeAt(0);
/** What `expressionOf` reads without making text of it. */
const NOT_TEXT: ReadonlySet<CellField['type']> = new Set(['int', 'float', 'double', 'long', 'boolean']);
const HELPERS = { numberOf, bigintOf, inCase, ShortTexts };

/** Files of a feed have the same columns, mostly; beyond so many all are forgotten. */
const REMEMBERED = 32;
const FACTORIES = new Map<string, (...values: unknown[]) => RowCode>();

/**
 * Compiles the reading and comparing of rows. A function made for the fields reads each by its own code into an object
 * literal, which gives all objects one shape, and is several times as fast as a loop over fields. Of a feed's words only
 * names get into the code, each as a JSON string, which leaves nothing of them to be read as code.
 *
 * @param fields no two of one name, in the order of an object's properties
 */
export function rowCode(fields: readonly CellField[]): RowCode {
  const source = sourceOf(fields);
  let factory = FACTORIES.get(source);
  if (factory === undefined) {
    factory = new Function('helpers', 'names', 'empty', source) as (...values: unknown[]) => RowCode;
    if (FACTORIES.size >= REMEMBERED) FACTORIES.clear();
    FACTORIES.set(source, factory);
  }
  return factory(
    HELPERS,
    fields.map(({ name }) => name),
    fields.map(({ empty }) => empty),
  );
}

function sourceOf(fields: readonly CellField[]): string {
  const names = fields.map(({ name }) => JSON.stringify(name));
  return `
const { ${Object.keys(HELPERS).join()} } = helpers;
${fields.map((_, index) => `let value${index};`).join('\n')}
${fields.map(textsOf).join('\n')}
return {
  read(cells, first, texts) {
    const { bytes, bounds } = cells;
    let start = 0;
    let end = 0;
${fields.map(readingOf).join('\n')}
    return {${names.map((name, index) => `${propertyOf(name)}: value${index}`).join()}};
  },
  count(value) {
    let count = 0;
    for (const name in value) {
      if (count < names.length && name !== names[count]) return -1;
      count++;
    }
    return count < names.length ? -1 : count;
  },
  compare(value, changed) {
    let count = 0;
${names.map((name, index) => `    if (!Object.is(value[${name}], value${index})) changed[count++] = ${index};`).join('\n')}
    return count;
  },
};`;
}

/** In an object literal this name alone is not a property's. */
function propertyOf(name: string): string {
  return name === '"__proto__"' ? `[${name}]` : name;
}

/** Only fields whose values are text need any. */
function textsOf({ type, column }: CellField, index: number): string {
  return NOT_TEXT.has(type) ? '' : `const short${index} = new ShortTexts(${column});`;
}

function readingOf(field: CellField, index: number): string {
  const at = `first + ${2 * field.column}`;
  return `    start = bounds[${at}];
    end = bounds[${at} + 1];
    value${index} = start === end ? empty[${index}] : ${expressionOf(field, index)};`;
}

function expressionOf({ type, case: toCase }: CellField, index: number): string {
  switch (type) {
    case 'int':
    case 'float':
    case 'double':
      return 'numberOf(bytes, start, end)';
    case 'long':
      return 'bigintOf(bytes, start, end)';
    case 'boolean':
      return `bytes[start] === ${TRUE}`;
    default: {
      const text = `short${index}.text(cells, first, texts)`;
      return toCase === null ? text : `inCase(${text}, ${JSON.stringify(toCase)})`;
    }
  }
}

import { isRawJson, rawJson } from './exact-json.ts';

/*
 * The order of a row's fields. An object is no ordered map: it puts names that are whole numbers (`2020`) before all
 * others. Rows are ordinary objects all the same, as functions of plugins want them; so of those with such a name the
 * order is remembered beside them.
 */

type Row = Readonly<Record<string, unknown>>;

const WHOLE = /^(?:0|[1-9][0-9]*)$/;
const ORDERS = new WeakMap<object, readonly string[]>();
/** Most feeds have no such name, and pay nothing. */
let isUsed = false;

/** Whether an object would put the name before others. */
function isWhole(name: string): boolean {
  return WHOLE.test(name);
}

/** The order to remember for objects with these names; null where an object has it by itself. */
export function orderToKeep(names: readonly string[]): readonly string[] | null {
  return names.some(isWhole) ? [...new Set(names)] : null;
}

/** Remembers the order of an object's names. */
export function keepOrder(row: object, order: readonly string[]): void {
  isUsed = true;
  ORDERS.set(row, order);
}

/** An object with these fields, whose order is kept; of several of one name the last one counts. */
export function orderedRow<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const all = [...entries];
  const row = Object.fromEntries(all);
  const order = orderToKeep(all.map(([name]) => name));
  if (order !== null) keepOrder(row, order);
  return row;
}

/** The names of a row's fields in their order; those that came later are behind the others. */
export function namesOf(row: object): string[] {
  const names = Object.keys(row);
  const order = isUsed ? ORDERS.get(row) : undefined;
  return order === undefined ? names : sorted(names, order);
}

function sorted(names: readonly string[], order: readonly string[]): string[] {
  const left = new Set(names);
  return [...order.filter((name) => left.delete(name)), ...left];
}

/** A row's fields in their order. */
export function entriesOf<T>(row: Readonly<Record<string, T>>): (readonly [string, T])[] {
  return namesOf(row).map((name) => [name, row[name] as T] as const);
}

/**
 * Gives a row what became of the order of the one that it was made of, or that it was: a function made it, that knows
 * nothing of orders. What is new is behind, in the order of the object.
 */
export function takeOrder(row: unknown, from: unknown): void {
  if (!isUsed || !isObject(row) || !isObject(from)) return;
  const own = ORDERS.get(row);
  const order = own ?? ORDERS.get(from);
  if (order === undefined) return;
  const names = Object.keys(row);
  // Names that are whole numbers come first: without any the object's own order is right.
  if (own === undefined && !isWhole(names[0] ?? '')) return;
  const isSame = names.length === order.length && order.every((name) => Object.hasOwn(row, name));
  ORDERS.set(row, isSame ? order : sorted(names, order));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Copies of rows have the order of what they were copied from, rows in them too. */
export function takeOrders(copy: unknown, from: unknown): void {
  if (!isUsed || !isObject(copy) || !isObject(from)) return;
  takeOrder(copy, from);
  for (const name of Object.keys(copy)) takeOrders((copy as Row)[name], (from as Row)[name]);
}

/** What stands for a value that is no list and no row; the value itself where JSON has a form for it. */
type Leaf = (value: unknown) => unknown;

/** JSON with the fields of rows in their order; undefined as JSON.stringify gives it. */
export function jsonInOrder(value: unknown, leaf: Leaf): string | undefined {
  return isUsed ? textOf(value, leaf) : stringify(value, leaf);
}

/** A replacer is given what `toJSON` has made of a value, a leaf the value. */
function stringify(value: unknown, leaf: Leaf): string | undefined {
  return JSON.stringify(value, function replace(this: Row, key: string, inner: unknown) {
    const given = leaf(this[key]);
    return given === this[key] ? inner : given;
  });
}

/** A long as a number with all its digits; any other value as it is. For `jsonInOrder`. */
export function exactLong(value: unknown): unknown {
  return typeof value === 'bigint' ? rawJson(value.toString()) : value;
}

/** JSON of data to look at: longs keep all their digits, bytes are text; undefined as JSON.stringify gives it. */
export function dataJson(value: unknown): string | undefined {
  return jsonInOrder(value, (inner) =>
    inner instanceof Uint8Array ? Buffer.from(inner).toString() : exactLong(inner),
  );
}

function textOf(value: unknown, leaf: Leaf): string | undefined {
  const given = leaf(value);
  if (
    given !== value ||
    !isObject(value) ||
    isRawJson(value) ||
    typeof (value as { toJSON?: unknown }).toJSON === 'function'
  )
    return JSON.stringify(given);
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item, leaf) ?? 'null').join(',')}]`;
  if (!isPlain(value)) return stringify(value, leaf);
  const members: string[] = [];
  for (const name of namesOf(value)) {
    const text = textOf((value as Row)[name], leaf);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

import { shownText } from '../../src/values/shown.ts';
import type { Fault, RowTable } from '../text/row-table.ts';
import type { JsonReader, ObjectVisitor } from './json-reader.ts';

/** A key of an object that is a column's, or leads to some. */
interface Child {
  readonly index: number;
  readonly bytes: Buffer;
  /** null where columns are within its object. */
  column: number | null;
  node: KeyNode | null;
  /** The row that it was seen in last. */
  seenIn: number;
}

/** Sets the cells of rows by the keys of their objects. A column `price.amount` is the key `amount` of the object `price`. */
export class KeyTree {
  readonly #root: KeyNode;
  readonly #columns: readonly string[];
  readonly #row: RowState;

  constructor(columns: readonly string[], rejectsUnknown: boolean) {
    this.#columns = columns;
    this.#row = new RowState(rejectsUnknown);
    this.#root = new KeyNode('', this.#row);
    for (const [column, name] of columns.entries()) this.#root.add(pathOf(name), column);
  }

  get root(): ObjectVisitor {
    return this.#root;
  }

  /** Begins another row, all of whose cells are empty. */
  begin(table: RowTable): void {
    this.#row.begin(table);
    this.#root.begin();
  }

  /** Why reading was stopped at a key; null where it was not, or where it was no JSON that stopped it. */
  get refusal(): Fault | null {
    return this.#row.fault;
  }

  /** Why an object that was read to its end is no row, or null. */
  get fault(): Fault | null {
    const { hasKeys, hasColumns } = this.#row;
    if (hasColumns || !hasKeys) return null;
    const some = this.#columns.slice(0, SHOWN_COLUMNS).join(', ');
    return { errorName: 'NoColumns', message: `none of its keys is one of the columns (${some})` };
  }
}

const SHOWN_COLUMNS = 5;

/** The keys that lead to a column. A name in which dots do not stand between two others is one key. */
function pathOf(name: string): string[] {
  const path = name.split('.');
  return path.includes('') ? [name] : path;
}

class RowState {
  readonly rejectsUnknown: boolean;
  number = 0;
  hasKeys = false;
  hasColumns = false;
  fault: Fault | null = null;
  #table: RowTable | null = null;
  #prefix = '';
  #keyStart = 0;
  #keyEnd = 0;
  #hasEscapes = false;

  constructor(rejectsUnknown: boolean) {
    this.rejectsUnknown = rejectsUnknown;
  }

  get table(): RowTable {
    return this.#table as RowTable;
  }

  begin(table: RowTable): void {
    this.#table = table;
    this.number++;
    this.hasKeys = false;
    this.hasColumns = false;
    this.fault = null;
  }

  /** The key that is looked at, and what stands before it in names of columns. */
  beginKey(prefix: string, start: number, end: number, hasEscapes: boolean): void {
    this.hasKeys = true;
    this.#prefix = prefix;
    this.#keyStart = start;
    this.#keyEnd = end;
    this.#hasEscapes = hasEscapes;
  }

  /** Rejects the row for its key; `tell` says why, with the key and without. */
  refuse({ text }: JsonReader, errorName: string, tell: (key: string) => string): -1 {
    const key = this.#prefix + keyOf(text, this.#keyStart, this.#keyEnd, this.#hasEscapes);
    this.fault = { errorName, message: tell(shownText(key)), masked: tell('a key') };
    return -1;
  }
}

/** An object of a row, with columns in it. */
class KeyNode implements ObjectVisitor {
  /** What stands before its keys in the names of columns. */
  readonly #prefix: string;
  readonly #row: RowState;
  readonly #children: Child[] = [];
  /** By key, and by all that is left of a column's name: both `{"price": {"amount": 1}}` and `{"price.amount": 1}` are known. */
  readonly #byKey = new Map<string, Child>();
  #next = 0;

  constructor(prefix: string, row: RowState) {
    this.#prefix = prefix;
    this.#row = row;
  }

  add([key = '', ...rest]: readonly string[], column: number): Child {
    const child = this.#child(key);
    if (rest.length === 0) {
      child.column = column;
      return child;
    }
    child.node ??= new KeyNode(`${this.#prefix}${key}.`, this.#row);
    const leaf = child.node.add(rest, column);
    this.#byKey.set([key, ...rest].join('.'), leaf);
    return leaf;
  }

  begin(): void {
    this.#next = 0;
  }

  member(reader: JsonReader, keyStart: number, keyEnd: number, hasEscapes: boolean, at: number): number {
    const row = this.#row;
    row.beginKey(this.#prefix, keyStart, keyEnd, hasEscapes);
    const child = this.#find(reader.text, keyStart, keyEnd, hasEscapes);
    if (child === undefined) {
      if (!row.rejectsUnknown) return reader.value(at);
      return row.refuse(reader, 'UnknownKey', (key) => `no column is called ${key}; ${MEND}`);
    }
    if (child.seenIn === row.number)
      return row.refuse(reader, 'DuplicateKey', (key) => `${key} comes more than once`);
    child.seenIn = row.number;
    row.hasColumns = true;
    if (child.column !== null) return this.#setCell(reader, child.column, at);
    if (!reader.isAtObject(at)) return this.#noObject(reader, at);
    const node = child.node as KeyNode;
    node.begin();
    return reader.object(at, node);
  }

  #child(key: string): Child {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const index = this.#children.length;
    const child = { index, bytes: Buffer.from(key), column: null, node: null, seenIn: 0 };
    this.#children.push(child);
    this.#byKey.set(key, child);
    return child;
  }

  /** Keys come in the order of the columns, mostly. */
  #find(text: Buffer, start: number, end: number, hasEscapes: boolean): Child | undefined {
    let child = this.#children[this.#next];
    if (child === undefined || !isAt(child.bytes, text, start, end))
      child = this.#byKey.get(keyOf(text, start, end, hasEscapes));
    if (child !== undefined) this.#next = child.index + 1;
    return child;
  }

  #setCell(reader: JsonReader, column: number, at: number): number {
    const { table } = this.#row;
    const kind = reader.kindAt(at);
    const end = reader.value(at);
    if (end < 0 || kind === 'null') return end;
    if (kind !== 'text') table.setCell(column, at, end);
    else if (!reader.hasEscapes) table.setCell(column, at + 1, end - 1);
    else if (!reader.hasLoneSurrogate) table.setEscaped(column, at + 1, end - 1);
    else
      return this.#row.refuse(reader, 'InvalidText', (key) => `${key}: half of a surrogate pair is no text`);
    return end;
  }

  /** null stands for an object without any of its columns. */
  #noObject(reader: JsonReader, at: number): number {
    const kind = reader.kindAt(at);
    const end = reader.value(at);
    if (end < 0 || kind === 'null') return end;
    const expected = (key: string) => `${key}: expected an object, in which columns are, got a ${kind}`;
    return this.#row.refuse(reader, 'NotAnObject', expected);
  }
}

const MEND = 'name it in columns, or set unknown.keys: ignore';

/** A key as it is meant. */
export function keyOf(text: Buffer, start: number, end: number, hasEscapes: boolean): string {
  const raw = text.toString('utf8', start, end);
  return hasEscapes ? (JSON.parse(`"${raw}"`) as string) : raw;
}

function isAt(bytes: Buffer, text: Buffer, start: number, end: number): boolean {
  const { length } = bytes;
  if (length !== end - start) return false;
  for (let i = 0; i < length; i++) if (bytes[i] !== text[start + i]) return false;
  return true;
}

import { exactNumber, isRawJson, parseExactJson } from '../../values/exact-json.ts';

/** What an object has, as the jsonl parser has it. */
export interface FlatObject {
  /** By the path to each value its cell; null where it is null. */
  readonly cells: ReadonlyMap<string, string | null>;
  /** By their paths, the objects within that have something in them. */
  readonly objects: ReadonlyMap<string, object>;
}

/** Rows that are nested deeper are rejected by the parser. */
const MAX_DEPTH = 500;

/** The objects of JSON lines, up to `most`; null for a text that begins with anything else. */
export function objectsIn(text: string, most: number): FlatObject[] | null {
  const objects: FlatObject[] = [];
  let isFirst = true;
  for (const line of linesOf(text)) {
    if (line.trim() === '') continue;
    const object = objectOf(line);
    if (object === null && isFirst) return null;
    isFirst = false;
    if (object !== null) objects.push(object);
    if (objects.length === most) break;
  }
  return isFirst ? null : objects;
}

/** The columns of objects that were seen. */
export class SeenColumns {
  readonly #paths = new Set<string>();
  /** Those that lead to something in one of them. */
  readonly #values = new Set<string>();

  add(objects: readonly FlatObject[]): void {
    for (const [path, cell] of objects.flatMap(({ cells }) => [...cells])) {
      this.#paths.add(path);
      if (cell !== null) this.#values.add(path);
    }
  }

  /** In the order in which they came. Where a path leads to an object in one, and to a value in another, it is a column. */
  get names(): string[] {
    const paths = [...this.#paths];
    const outer = new Set(paths.flatMap(outerPaths));
    const isWithin = (path: string) => outerPaths(path).some((one) => this.#values.has(one));
    return paths.filter((path) => !isWithin(path) && (this.#values.has(path) || !outer.has(path)));
  }
}

function outerPaths(path: string): string[] {
  const keys = path.split('.');
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join('.'));
}

function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    yield text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end + 1;
  }
}

function objectOf(line: string): FlatObject | null {
  let value: unknown;
  try {
    value = parseExactJson(line);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const flat = { cells: new Map<string, string | null>(), objects: new Map<string, object>() };
  return flatten(value, '', flat, 1) ? flat : null;
}

function flatten(
  object: object,
  prefix: string,
  into: { readonly cells: Map<string, string | null>; readonly objects: Map<string, object> },
  depth: number,
): boolean {
  if (depth > MAX_DEPTH) return false;
  for (const [key, value] of Object.entries(object)) {
    const path = prefix + key;
    if (isObject(value) && Object.keys(value).length > 0) {
      into.objects.set(path, value);
      if (!flatten(value, `${path}.`, into, depth + 1)) return false;
    } else if (key !== '') into.cells.set(path, cellOf(value));
  }
  return true;
}

function cellOf(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  return exactNumber(value) ?? JSON.stringify(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value);
}

/** An object's cell in a column, as text. */
export function cellText({ cells, objects }: FlatObject, column: string): string {
  const inner = objects.get(column);
  return cells.get(column) ?? (inner === undefined ? '' : JSON.stringify(inner));
}

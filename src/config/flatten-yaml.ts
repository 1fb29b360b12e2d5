import type { Pair, YAMLMap, YAMLSeq } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from 'yaml';
import type { ConfigEntry, ConfigOrigin } from './config-entry.ts';
import type { Problem } from './problem.ts';

interface Flattened {
  readonly entries: Map<string, ConfigEntry>;
  readonly problems: Problem[];
}

/**
 * Flattens YAML, and JSON as a part of YAML, to dotted keys. A key may be written both as a value and as a map
 * (`transforms: a,b` and `transforms: {a: …}`): flat they are different keys.
 */
export function flattenYaml(text: string, origin: ConfigOrigin): Flattened {
  const lines = new LineCounter();
  // Keys are compared flat, below: `a: {b: 1}` and `a.b: 2` are the same key, which the parser cannot know.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const flattener = new Flattener(origin, lines);
  for (const { pos, message } of [...document.errors, ...document.warnings]) {
    flattener.problem(pos[0], null, `is not valid YAML or JSON: ${message}`);
  }
  if (flattener.problems.length === 0) flattener.root(document.contents);
  return flattener;
}

class Flattener implements Flattened {
  readonly entries = new Map<string, ConfigEntry>();
  readonly problems: Problem[] = [];
  readonly #origin: ConfigOrigin;
  readonly #lines: LineCounter;

  constructor(origin: ConfigOrigin, lines: LineCounter) {
    this.#origin = origin;
    this.#lines = lines;
  }

  problem(offset: number, key: string | null, message: string): void {
    const { line, column } = this.#position(offset);
    this.problems.push({ file: this.#origin.source, line, column, key, message });
  }

  root(contents: unknown): void {
    if (isMap(contents)) this.#map(contents, '');
    else if (contents !== null)
      this.problem(startOf(contents), null, 'expected keys and values, `key: value`');
  }

  #map(map: YAMLMap, prefix: string): void {
    for (const pair of map.items) this.#pair(pair, prefix);
  }

  #pair(pair: Pair, prefix: string): void {
    const offset = startOf(pair.key);
    const name = isScalar(pair.key) ? textOf(pair.key) : null;
    if (name === null || name === '') {
      this.problem(offset, prefix || null, 'expected a key that is a word, got something else');
      return;
    }
    const key = prefix + name;
    const { value } = pair;
    if (isMap(value)) this.#map(value, `${key}.`);
    else if (isSeq(value)) this.#list(value, key, offset);
    else if (isAlias(value)) this.problem(offset, key, 'YAML aliases are not supported; write the value out');
    else this.#scalar(isScalar(value) ? textOf(value) : null, key, offset);
  }

  #scalar(text: string | null, key: string, offset: number): void {
    if (text === null)
      this.problem(offset, key, 'expected a value, got none; write it, or leave the key out');
    else this.#add(key, text, offset);
  }

  #list(list: YAMLSeq, key: string, offset: number): void {
    const items: string[] = [];
    for (const item of list.items) {
      const text = isScalar(item) ? textOf(item) : null;
      if (text === null || text.includes(',')) {
        this.problem(
          startOf(item),
          key,
          'expected every item of the list to be a plain value without a comma',
        );
        return;
      }
      items.push(text);
    }
    this.#add(key, items.join(','), offset);
  }

  #add(key: string, text: string, offset: number): void {
    const earlier = this.entries.get(key);
    if (earlier !== undefined) {
      this.problem(offset, key, `is already set in line ${earlier.line}; keep one of the two`);
      return;
    }
    this.entries.set(key, { text, ...this.#position(offset), origin: this.#origin });
  }

  #position(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

/** A number keeps its spelling: `1.50` is not `1.5` to whoever wrote it. null for YAML's null. */
function textOf(scalar: Scalar): string | null {
  if (scalar.value === null) return null;
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
}

function startOf(node: unknown): number {
  return (node as { range?: readonly [number, number, number] | null } | null)?.range?.[0] ?? 0;
}

import type { Pair, YAMLMap, YAMLSeq } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from 'yaml';
import type { ConfigEntry, ConfigOrigin } from './config-entry.ts';
import type { Problem } from './problem.ts';

/** Keys and values, and what is wrong with how they are written. */
export interface Flattened {
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
  const flattener = new Flattener(origin, lines, /^\s*\{/.test(text));
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

  /** JSON has a word for nothing; in YAML the words for it are what somebody has written. */
  readonly #isJson: boolean;

  constructor(origin: ConfigOrigin, lines: LineCounter, isJson: boolean) {
    this.#origin = origin;
    this.#lines = lines;
    this.#isJson = isJson;
  }

  problem(offset: number, key: string | null, message: string): void {
    const { line, column } = this.#position(offset);
    this.problems.push({ file: this.#origin.source, line, column, key, message, code: 'syntax' });
  }

  root(contents: unknown): void {
    if (isMap(contents)) this.#rootMap(contents);
    else if (contents !== null)
      this.problem(startOf(contents), null, 'expected keys and values, `key: value`');
  }

  /** `{"name": …, "config": {…}}` is what Kafka Connect's REST API takes, and its standalone worker as a file. */
  #rootMap(map: YAMLMap): void {
    const config = map.items.find(({ key, value }) => nameOf(key) === 'config' && isMap(value));
    if (config === undefined) return this.#map(map, '');
    const outer = map.items.filter((pair) => pair !== config);
    this.#map(config.value as YAMLMap, '');
    for (const pair of outer) this.#outside(pair);
  }

  #outside(pair: Pair): void {
    const name = nameOf(pair.key);
    const text = isScalar(pair.value) ? this.#textOf(pair.value) : null;
    if (name !== 'name') {
      const message = 'expected nothing but name and config beside each other, as Kafka Connect takes them';
      return this.problem(startOf(pair.key), name, `${message}; options of the feed go into config`);
    }
    if (text === null || this.entries.get('name')?.text !== text) this.#pair(pair, '');
  }

  /** A number, and a word that YAML takes for something else, keep their spelling; null for nothing. */
  #textOf(scalar: Scalar): string | null {
    if (typeof scalar.value === 'string') return scalar.value;
    const written = scalar.source ?? '';
    if (scalar.value === null) return this.#isJson || written === '' ? null : written;
    return written === '' ? String(scalar.value) : written;
  }

  #map(map: YAMLMap, prefix: string): void {
    for (const pair of map.items) this.#pair(pair, prefix);
  }

  #pair(pair: Pair, prefix: string): void {
    const offset = startOf(pair.key);
    const name = isScalar(pair.key) ? this.#textOf(pair.key) : null;
    if (name === null || name === '') {
      this.problem(offset, prefix || null, 'expected a key that is a word, got something else');
      return;
    }
    const key = prefix + name;
    const { value } = pair;
    if (isMap(value)) this.#map(value, `${key}.`);
    else if (isSeq(value)) this.#list(value, key, offset);
    else if (isAlias(value)) this.problem(offset, key, 'YAML aliases are not supported; write the value out');
    else this.#scalar(isScalar(value) ? this.#textOf(value) : null, key, offset);
  }

  #scalar(text: string | null, key: string, offset: number): void {
    if (text === null)
      this.problem(offset, key, 'expected a value, got none; write it, or leave the key out');
    else this.#add(key, text, offset);
  }

  #list(list: YAMLSeq, key: string, offset: number): void {
    const items: string[] = [];
    for (const item of list.items) {
      const text = isScalar(item) ? this.#textOf(item) : null;
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

function nameOf(key: unknown): string | null {
  return isScalar(key) ? String(key.value) : null;
}

/** Where a node of YAML begins in its text. */
export function startOf(node: unknown): number {
  return (node as { range?: readonly [number, number, number] | null } | null)?.range?.[0] ?? 0;
}

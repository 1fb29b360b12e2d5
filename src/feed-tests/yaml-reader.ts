import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { startOf } from '../config/read/flatten-yaml.ts';
import type { Problem } from '../config/read/problem.ts';
import { didYouMean } from '../values/closest-name.ts';
import { orderedRow } from '../values/ordered-row.ts';
import { type Expected, NumberText } from './expected.ts';

/** Reads YAML key by key and collects every mistake with its line. */
export class YamlReader {
  readonly problems: Problem[] = [];
  readonly root: unknown;
  readonly #file: string;
  readonly #lines = new LineCounter();

  constructor(text: string, file: string) {
    this.#file = file;
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    for (const { pos, message } of document.errors) {
      const { line, col } = this.#lines.linePos(pos[0]);
      const problem = { file, line, column: col, key: null, message: `is not valid YAML: ${message}` };
      this.problems.push(problem);
    }
    this.root = document.contents;
  }

  /** Those of the file as a whole; none when it is no map. */
  keys(): ReadonlySet<string> {
    return new Set(isMap(this.root) ? entriesOf(this.root).map(([key]) => key) : []);
  }

  problem(node: unknown, key: string | null, message: string): void {
    const { line, col } = this.#lines.linePos(startOf(node));
    this.problems.push({ file: this.#file, line: Math.max(1, line), column: col, key, message });
  }

  lineOf(node: unknown): number {
    return Math.max(1, this.#lines.linePos(startOf(node)).line);
  }

  /** The values of a map by key; keys that are not among `known` are mistakes. null when it is no map. */
  map(node: unknown, path: string, known: readonly string[]): Map<string, unknown> | null {
    if (!isMap(node)) {
      const wanted = `expected ${known.join(', ')}`;
      this.problem(node, path || null, `${wanted}, got ${kindOf(node)}`);
      return null;
    }
    const values = new Map<string, unknown>();
    for (const [key, value, at] of entriesOf(node)) {
      if (known.includes(key)) values.set(key, value);
      else {
        const named = path === '' ? key : `${path}.${key}`;
        this.problem(at, named, `unknown key${didYouMean(key, known) || `; expected ${known.join(', ')}`}`);
      }
    }
    return values;
  }

  /** Every item of a list; none, and a mistake, when it is no list. */
  list(node: unknown, path: string): readonly unknown[] {
    if (isSeq(node)) return node.items;
    this.problem(node, path, `expected a list, each item after a "- ", got ${kindOf(node)}`);
    return [];
  }

  /** Text, or a number's spelling; null, and a mistake, for anything else. */
  text(node: unknown, path: string): string | null {
    const value = isScalar(node) ? scalarOf(node) : null;
    if (typeof value === 'string' && value !== '') return value;
    if (value instanceof NumberText) return value.text;
    this.problem(node, path, `expected text, got ${kindOf(node)}`);
    return null;
  }

  /** Any data. */
  data(node: unknown, path: string): Expected {
    if (isSeq(node)) return node.items.map((item, index) => this.data(item, `${path}[${index}]`));
    if (isMap(node)) {
      const fields = entriesOf(node).map(
        ([key, value]) => [key, this.data(value, `${path}.${key}`)] as const,
      );
      return orderedRow(fields);
    }
    if (isAlias(node)) this.problem(node, path, 'YAML aliases are not supported; write the value out');
    return isScalar(node) ? scalarOf(node) : null;
  }
}

function entriesOf(map: YAMLMap): [key: string, value: unknown, at: unknown][] {
  return map.items.map(({ key, value }) => {
    const name = isScalar(key) ? (key.source ?? String(key.value)) : String(key);
    return [name, value ?? key, key];
  });
}

function scalarOf({ value, source }: Scalar): string | boolean | null | NumberText {
  if (typeof value === 'number' || typeof value === 'bigint') return new NumberText(source ?? String(value));
  return typeof value === 'boolean' || value === null ? value : String(value);
}

function kindOf(node: unknown): string {
  if (isMap(node)) return 'keys and values';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null || node.value === '') return 'nothing';
  return JSON.stringify(node.value);
}

import { afterBom } from '../text/encoding.ts';
import type { Head } from '../text/head.ts';
import { completeLines, lineEndFrom, nextLine } from '../text/lines.ts';
import { malformed } from '../text/malformed.ts';
import { readsObject } from './cut-line.ts';
import { JsonReader, type ObjectVisitor } from './json-reader.ts';
import { keyOf } from './key-tree.ts';

/** Lines that are looked at for an object: a file in which none is one is no JSON lines. */
const MOST_LINES = 1000;

/** Learns the columns from the first line that is an object with keys; null when that has not come yet. */
export function headByFirstObject(
  text: Buffer,
  eof: boolean,
  path: string,
  maxRecordBytes: number,
): Head | null {
  const end = afterBom(text);
  const limit = eof ? text.length : completeLines(text, end);
  const reader = new JsonReader(text);
  let looked = 0;
  for (let at = end, next = end; at < limit && looked < MOST_LINES; at = next) {
    const lineEnd = lineEndFrom(text, at, limit);
    next = nextLine(text, lineEnd, limit);
    const begin = reader.begin(at, lineEnd);
    if (begin === lineEnd) continue;
    const columns = lineEnd - at > maxRecordBytes ? null : columnsOf(reader, begin, lineEnd);
    if (columns !== null) return { columns, end, lines: 0, toldBy: next };
    looked++;
  }
  if (looked === MOST_LINES || (eof && looked > 0)) {
    const lines = looked === 1 ? 'its first line is no' : `none of its first ${looked} lines is a`;
    throw malformed(
      path,
      `${lines} JSON object with keys, which would tell the columns; expected one object a line`,
    );
  }
  return eof ? { columns: null, end, lines: 0 } : null;
}

/** null where the line is no object of which each key could be a column's. */
function columnsOf(reader: JsonReader, begin: number, end: number): string[] | null {
  const keys = new KeyCollector('');
  if (!readsObject(reader, begin, end, keys)) return null;
  const { names } = keys;
  const areGood =
    names.length > 0 && new Set(names).size === names.length && !names.join().includes('\ufffd');
  return areGood ? names : null;
}

/** Names what is in an object, and in the objects within: `price.amount`. */
class KeyCollector implements ObjectVisitor {
  readonly names: string[] = [];
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  member(reader: JsonReader, keyStart: number, keyEnd: number, hasEscapes: boolean, at: number): number {
    const key = keyOf(reader.text, keyStart, keyEnd, hasEscapes);
    const name = this.#prefix + key;
    const inner = new KeyCollector(`${name}.`);
    const end = reader.isAtObject(at) ? reader.object(at, inner) : reader.value(at);
    if (inner.names.length > 0) this.names.push(...inner.names);
    // What has no name is no column.
    else if (key !== '') this.names.push(name);
    return end;
  }
}

import type { TextDecoding } from '../text/decoding.ts';
import type { LineCutter } from '../text/line-splitter.ts';
import type { Fault } from '../text/row-table.ts';
import { JsonReader, type ObjectVisitor } from './json-reader.ts';
import { KeyTree } from './key-tree.ts';

/** Makes rows of lines that are JSON objects, and passes over those with nothing but white space in them. */
export function objectCutter(
  columns: readonly string[],
  rejectsUnknown: boolean,
  decoding: TextDecoding,
): LineCutter {
  const tree = new KeyTree(columns, rejectsUnknown);
  return (table, text) => {
    const reader = new JsonReader(text);
    return (start, end, line) => {
      const begin = reader.begin(start, end);
      if (begin === end) return;
      table.beginRow();
      table.fillRow();
      tree.begin(table);
      const placeOf = (at: number) => decoding.fileLength(text, start, at) + 1;
      const fault = readsObject(reader, begin, end, tree.root)
        ? tree.fault
        : (tree.refusal ?? noObject(reader, begin, placeOf));
      if (fault === null) table.endRow(start, end, line);
      else table.rejectRow(start, end, line, fault);
    };
  };
}

/** Reads a line, whose first value is at `begin`; false where it is not one object and nothing else. */
export function readsObject(reader: JsonReader, begin: number, end: number, visitor: ObjectVisitor): boolean {
  if (!reader.isAtObject(begin)) return false;
  const close = reader.object(begin, visitor);
  return close >= 0 && reader.expectsEnd(close, end);
}

function noObject(reader: JsonReader, begin: number, placeOf: (at: number) => number): Fault {
  if (reader.problem === null && reader.value(begin) >= 0) {
    const kind = reader.kindAt(begin);
    const got = kind === 'null' ? kind : `a ${kind}`;
    return { errorName: 'NotAnObject', message: `expected an object, got ${got}` };
  }
  const { at = begin, expected = 'an object' } = reader.problem ?? {};
  return { errorName: 'InvalidJson', message: `expected ${expected}, at byte ${placeOf(at)} of the line` };
}

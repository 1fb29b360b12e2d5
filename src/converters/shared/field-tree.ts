import type { FieldSchema, InnerRecord } from '../../plugin/index.ts';
import { innerRecordsOf, ownNameOf } from '../../values/schema-shape.ts';

/** A field of a record, or a record in it with those of its fields that follow one another. */
export type FieldNode =
  | { readonly name: string; readonly inner: null; readonly field: FieldSchema }
  | {
      readonly name: string;
      readonly inner: InnerRecord;
      readonly nodes: readonly FieldNode[];
      /** All that are in it, however deep. */
      readonly fields: readonly FieldSchema[];
    };

/** Fields as they stand in records, `depth` of which are around all of them. */
export function fieldTree(fields: readonly FieldSchema[], depth = 0): readonly FieldNode[] {
  const nodes: FieldNode[] = [];
  for (let at = 0; at < fields.length; ) {
    const field = fields[at] as FieldSchema;
    const inner = innerRecordsOf(field)[depth];
    let end = at + 1;
    if (inner === undefined) nodes.push({ name: ownNameOf(field), inner: null, field });
    else {
      while (innerRecordsOf(fields[end] ?? NONE)[depth] === inner) end++;
      const inside = fields.slice(at, end);
      nodes.push({ name: inner.name, inner, nodes: fieldTree(inside, depth + 1), fields: inside });
    }
    at = end;
  }
  return nodes;
}

const NONE: FieldSchema = { name: '', type: 'string', optional: false };

import type { SourceRecord } from '../plugin/index.ts';
import { takeOrders } from '../values/ordered-row.ts';

/** A record as it was at some point of its way: transformations go on to change the record itself. */
export type RecordSnapshot = Readonly<Omit<SourceRecord, 'origin'>>;

export function snapshotOf({ origin: _, ...record }: SourceRecord): RecordSnapshot {
  return {
    ...record,
    key: copyOf(record.key),
    value: copyOf(record.value),
    headers: record.headers.map((header) => ({ ...header })),
  };
}

/** Data is copied; what a plugin has made that is more than data is shared. */
function copyOf(value: unknown): unknown {
  try {
    const copy = structuredClone(value);
    takeOrders(copy, value);
    return copy;
  } catch {
    return value;
  }
}

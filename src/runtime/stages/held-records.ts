import type { SourceRecord } from '../../plugin/index.ts';
import { takeOrder } from '../../values/ordered-row.ts';

/** A record of the engine's own, where whoever gave it may have kept it: what is done to that later is seen by nobody. */
export function unshared(record: SourceRecord): SourceRecord {
  const { value, headers } = record;
  if (!isPlain(value)) return { ...record, headers: [...headers] };
  const copy = { ...value };
  takeOrder(copy, value);
  return { ...record, value: copy, headers: [...headers] };
}

/** An object, and what is in it, that is to stay as it is. */
export function freezeAll(object: object): void {
  if (Object.isFrozen(object)) return;
  Object.freeze(object);
  for (const value of Object.values(object))
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) freezeAll(value);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

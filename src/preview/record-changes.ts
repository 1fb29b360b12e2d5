import { jsonText, plainText } from '../dry-run/data-text.ts';
import type { RecordSnapshot } from '../dry-run/record-snapshot.ts';
import type { StageTrace } from '../dry-run/row-trace.ts';
import { entriesOf } from '../values/ordered-row.ts';

/** What a stage did to a field of a record's value. `typed`: the text is the same and has a type now. */
export interface FieldChange {
  readonly field: string;
  readonly kind: 'added' | 'changed' | 'typed' | 'removed';
  /** As it is now; of a removed field, as it was. */
  readonly value: unknown;
  /** As the schema declares it, else as the value is; null for null. */
  readonly type: string | null;
}

/** What a stage set beside the value: topic, key, partition, timestamp, a header. */
export interface RecordChange {
  readonly name: string;
  readonly value: unknown;
}

export interface Changes {
  readonly fields: readonly FieldChange[];
  readonly record: readonly RecordChange[];
}

/** The field that a value without fields is shown as. */
const WHOLE_VALUE = '(value)';

/** What happened to record `index` of a row at stage `at`; a record that was made of another is compared with that. */
export function changesAt(stages: readonly StageTrace[], at: number, index: number): Changes {
  const after = recordAt(stages[at], index);
  const before = recordAt(stages[at - 1], index);
  if (after === undefined) return { fields: [], record: [] };
  return { fields: fieldChanges(before, after), record: recordChanges(before, after) };
}

/** A record's fields by name. */
export function fieldsOf({ value }: RecordSnapshot): Map<string, unknown> {
  const hasFields = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!hasFields || value instanceof Uint8Array) return new Map([[WHOLE_VALUE, value]]);
  return new Map(entriesOf(value as Readonly<Record<string, unknown>>));
}

function recordAt(stage: StageTrace | undefined, index: number): RecordSnapshot | undefined {
  return stage?.records[index] ?? stage?.records.at(-1);
}

function fieldChanges(before: RecordSnapshot | undefined, after: RecordSnapshot): FieldChange[] {
  const earlier = before === undefined ? new Map<string, unknown>() : fieldsOf(before);
  const now = fieldsOf(after);
  const changes: FieldChange[] = [];
  for (const [field, value] of now) {
    const type = typeOf(after, field, value);
    const old = earlier.get(field);
    if (!earlier.has(field)) changes.push({ field, kind: 'added', value, type });
    else if (plainText(old) !== plainText(value)) changes.push({ field, kind: 'changed', value, type });
    else if (before !== undefined && typeOf(before, field, old) !== type)
      changes.push({ field, kind: 'typed', value, type });
  }
  for (const [field, value] of earlier) {
    if (!now.has(field)) changes.push({ field, kind: 'removed', value, type: null });
  }
  return changes;
}

function typeOf({ valueSchema }: RecordSnapshot, field: string, value: unknown): string | null {
  const declared = valueSchema?.fields.find(({ name }) => name === field)?.type;
  if (declared !== undefined) return declared;
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return typeof value === 'bigint' ? 'long' : typeof value;
  if (value instanceof Uint8Array) return 'bytes';
  return Array.isArray(value) ? 'list' : 'object';
}

function recordChanges(before: RecordSnapshot | undefined, after: RecordSnapshot): RecordChange[] {
  const changes: RecordChange[] = [];
  for (const name of ['topic', 'key', 'partition', 'timestamp'] as const) {
    const value = after[name] ?? null;
    if (jsonText(before?.[name] ?? null) !== jsonText(value)) changes.push({ name, value });
  }
  const earlier = new Set(before?.headers.map(jsonText));
  for (const header of after.headers) {
    if (!earlier.has(jsonText(header))) changes.push({ name: `header ${header.name}`, value: header.value });
  }
  const kept = new Set(after.headers.map(({ name }) => name));
  for (const { name } of before?.headers ?? []) {
    if (!kept.has(name)) changes.push({ name: `header ${name}`, value: 'removed' });
  }
  const schema = after.valueSchema?.name;
  const renamed = before?.valueSchema && schema !== undefined && before.valueSchema.name !== schema;
  return renamed ? [...changes, { name: 'schema', value: schema }] : changes;
}

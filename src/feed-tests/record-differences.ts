import type { ShownRecord } from '../dry-run/shown-record.ts';
import type { RecordSchema } from '../plugin/index.ts';
import { entriesOf, namesOf } from '../values/ordered-row.ts';
import { type Expected, type ExpectedRecord, isFields, NumberText } from './expected.ts';

/** One thing that is not as expected. */
export interface Difference {
  /** `value.price`, `topic`; empty for the whole. */
  readonly path: string;
  /** undefined: it should not be there. */
  readonly expected: unknown;
  /** undefined: it is not there. */
  readonly got: unknown;
}

/** How a record differs from what is expected of it; nothing when it is as expected. */
export function recordDifferences(expected: ExpectedRecord, record: ShownRecord): Difference[] {
  const { snapshot, topic, partition, headers } = record;
  const differences: Difference[] = [];
  const check = (path: string, wanted: Expected | undefined, got: unknown) => {
    if (wanted !== undefined) differences.push(...dataDifferences(path, wanted, got, null));
  };
  check('topic', expected.topic, topic);
  if (expected.key !== undefined && !isSpelled(expected.key, snapshot.key))
    check('key', expected.key, snapshot.key);
  check('partition', expected.partition, partition);
  if (expected.timestamp !== undefined)
    differences.push(...timeDifferences(expected.timestamp, snapshot.timestamp));
  if (expected.value !== undefined) {
    differences.push(...dataDifferences('value', expected.value, snapshot.value, snapshot.valueSchema));
  }
  for (const [name, wanted] of entriesOf(expected.fields ?? {})) {
    const { type } = snapshot.valueSchema?.fields.find((field) => field.name === name) ?? {};
    differences.push(...fieldDifferences(`value.${name}`, wanted, propertyOf(snapshot.value, name), type));
  }
  for (const [name, wanted] of entriesOf(expected.headers ?? {})) {
    const found = headers.filter((header) => header.name === name).at(-1)?.value;
    const got = found instanceof Uint8Array ? Buffer.from(found).toString() : found;
    if (!isSpelled(wanted, got)) check(`headers.${name}`, wanted, got);
  }
  return differences;
}

/** Keys and headers are bytes in the end: a number's spelling is as good as the number. */
function isSpelled(expected: Expected, got: unknown): boolean {
  const isScalar = typeof got === 'string' || typeof got === 'number' || typeof got === 'bigint';
  if (!isScalar) return false;
  return (expected instanceof NumberText ? expected.text : expected) === String(got);
}

function timeDifferences(expected: string | NumberText, got: number | null): Difference[] {
  const wanted = expected instanceof NumberText ? Number(expected.text) : Date.parse(expected);
  if (got === wanted) return [];
  const text = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return [{ path: 'timestamp', expected: text(wanted), got: text(got) }];
}

function dataDifferences(
  path: string,
  expected: Expected,
  got: unknown,
  schema: RecordSchema | null,
): Difference[] {
  if (isFields(expected) && isObject(got)) {
    const names = new Set([...namesOf(expected), ...namesOf(got)]);
    return [...names].flatMap((name) => {
      const wanted = Object.hasOwn(expected, name) ? expected[name] : undefined;
      const { type } = schema?.fields.find((field) => field.name === name) ?? {};
      return fieldDifferences(`${path}.${name}`, wanted, propertyOf(got, name), type);
    });
  }
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    return expected.flatMap((item, index) => dataDifferences(`${path}[${index}]`, item, got[index], null));
  }
  return isSame(expected, got) ? [] : [{ path, expected, got }];
}

function fieldDifferences(
  path: string,
  expected: Expected | undefined,
  got: unknown,
  type: string | undefined,
): Difference[] {
  if (expected === undefined || got === undefined) {
    return expected === got ? [] : [{ path, expected, got }];
  }
  // A decimal is text in a record, so that it stays exact: its digits are compared.
  if (type === 'decimal' && expected instanceof NumberText && expected.text === got) return [];
  return dataDifferences(path, expected, got, null);
}

/** Longs to the last digit; doubles as the numbers they are. */
function isSame(expected: Expected, got: unknown): boolean {
  if (expected instanceof NumberText) {
    const { text } = expected;
    if (typeof got === 'bigint') return /^-?\d+$/.test(text) && BigInt(text) === got;
    return typeof got === 'number' && Number(text) === got;
  }
  if (got instanceof Uint8Array) return Buffer.from(got).toString() === expected;
  return expected === (got ?? null);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  const isData = typeof value === 'object' && value !== null;
  return isData && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function propertyOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

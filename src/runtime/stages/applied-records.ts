import type { Applied, SourceRecord } from '../../plugin/index.ts';
import { shownValue } from '../../plugin-calls/plugin-use.ts';
import { shownText } from '../../values/shown.ts';

/** The row that a function was called for. */
interface CalledFor {
  readonly filePath: string;
  readonly row: number;
}

/** What is wrong with what `apply` gave; null when it is what it may give. */
export function appliedMistake(applied: unknown, calledFor: CalledFor): string | null {
  if (applied === null) return null;
  const mistake = Array.isArray(applied)
    ? listMistake(applied, calledFor)
    : recordMistake(applied, calledFor);
  return mistake === null ? null : `apply gave ${mistake}; ${EXPECTED}`;
}

const EXPECTED = 'expected the record, a list of records, or null to filter the row out';

/** The records of what `apply` gave, where nothing is wrong with it. */
export function recordsOf(applied: Applied): readonly SourceRecord[] {
  if (applied === null) return [];
  return Array.isArray(applied) ? applied : [applied as SourceRecord];
}

/** By index: a list with holes has none of its own there. */
function listMistake(list: readonly unknown[], calledFor: CalledFor): string | null {
  for (let index = 0; index < list.length; index++) {
    const mistake = recordMistake(list[index], calledFor);
    if (mistake !== null) return `${mistake} in the list`;
  }
  return null;
}

function recordMistake(given: unknown, { filePath, row }: CalledFor): string | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return masked(given);
  const { value, origin, topic, partition, timestamp, headers, valueSchema } = given as Partial<SourceRecord>;
  if (value === undefined) return `${shownValue(given)} without value`;
  if (typeof origin?.row !== 'number' || typeof origin.offset !== 'number')
    return `${shownValue(given)} without origin`;
  // Whoever kept it would lose it with the task, when its own row has long been filtered out.
  if (origin.row !== row || origin.filePath !== filePath)
    return `the record of row ${origin.row} of ${origin.filePath}, of which it was not asked`;
  if (topic !== null && typeof topic !== 'string') return `a record whose topic is ${shownValue(topic)}`;
  if (partition !== null && typeof partition !== 'number')
    return `a record whose partition is ${shownValue(partition)}`;
  if (timestamp !== null && typeof timestamp !== 'number')
    return `a record whose timestamp is ${shownValue(timestamp)}`;
  if (valueSchema !== null && !Array.isArray(valueSchema?.fields))
    return `a record whose valueSchema is ${shownValue(valueSchema)}`;
  return headersMistake(headers);
}

function headersMistake(headers: unknown): string | null {
  if (!Array.isArray(headers)) return `a record whose headers are ${shownValue(headers)}`;
  for (const header of headers)
    if (!isHeader(header)) return `a record with a header that is ${shownHeader(header)}`;
  return null;
}

function isHeader(header: unknown): boolean {
  if (typeof header !== 'object' || header === null) return false;
  const { name, value } = header as { readonly name?: unknown; readonly value?: unknown };
  if (typeof name !== 'string') return false;
  return value === null || typeof value === 'string' || value instanceof Uint8Array;
}

/** A number, too, may be a row's. */
function masked(given: unknown): string {
  return typeof given === 'number' ? 'a number' : shownValue(given);
}

/** Headers are looked at by what they hold: most of what is wrong with one is a value that is a number. */
function shownHeader(header: unknown): string {
  if (typeof header !== 'object' || header === null) return shownValue(header);
  const { name, value } = header as { readonly name?: unknown; readonly value?: unknown };
  return `${typeof name === 'string' ? shownText(name) : shownValue(name)}: ${masked(value)}`;
}

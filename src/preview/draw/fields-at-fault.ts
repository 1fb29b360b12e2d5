import type { RowTrace } from '../../dry-run/row-trace.ts';
import { fieldsOf } from '../record-changes.ts';

/** The fields for which a row is rejected. */
export function fieldsAtFault({ stages, outcome }: RowTrace): ReadonlySet<string> {
  const record = stages.at(-1)?.records[0];
  if (outcome.kind !== 'rejected' || record === undefined) return new Set();
  return fieldsNamed(outcome.rejection.message, fieldsOf(record).keys());
}

/** Those of some fields that a reason names: it begins with a field's name and a colon, or has a list of names in brackets. */
export function fieldsNamed(message: string, fields: Iterable<string>): ReadonlySet<string> {
  const from = message.indexOf('[');
  const to = from < 0 ? -1 : message.indexOf(']', from);
  const listed = to < 0 ? [] : message.slice(from + 1, to).split(', ');
  const isNamed = (field: string) =>
    message.startsWith(`${field}: `) || message.includes(`; ${field}: `) || listed.includes(field);
  return new Set([...fields].filter(isNamed));
}

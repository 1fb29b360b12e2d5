/*
 * `done/{yyyy}/{MM}/{dd}`, `trades-{yyyy}{MM}{dd}.csv`: text with a day in it.
 */

const FIELD = /\{(?:yyyy|MM|dd)\}/;
const FIELDS = new RegExp(FIELD, 'g');

/** Where the first field of a date stands in a text; -1 when it has none. */
export function dateIn(text: string): number {
  return text.search(FIELD);
}

/** Whether a text names one day among all, and not a month, or a day of every month. */
export function namesDay(text: string): boolean {
  return new Set(text.match(FIELDS)).size === 3;
}

/** The text of a day, which is given as `2026-01-31`. */
export function withDay(text: string, day: string): string {
  const [yyyy = '', MM = '', dd = ''] = day.split('-');
  return withFields(text, { '{yyyy}': yyyy, '{MM}': MM, '{dd}': dd });
}

/** The text with something else in the place of the fields. */
export function withFields(text: string, fields: Readonly<Record<string, string>>): string {
  return text.replaceAll(FIELDS, (field) => fields[field] ?? field);
}

/** What stands between the fields. */
export function aroundDates(text: string): string[] {
  return text.split(FIELDS);
}

/** What is wrong with the fields of a text, or null. */
export function datedTextMistake(text: string): string | null {
  const other = aroundDates(text)
    .join('')
    .match(/\{[A-Za-z]+\}/)?.[0];
  if (other === undefined) return null;
  return `expected no more than {yyyy}, {MM} and {dd} in braces, got ${other} in ${JSON.stringify(text)}`;
}

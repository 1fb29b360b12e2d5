import type { ConfigProblem } from '../../src/plugin/index.ts';
import { columnNamesMistake } from '../text/column-names-mistake.ts';

/** Where a column stands in a line: 1 is the first character. */
export interface Column {
  readonly name: string;
  readonly from: number;
  /** Infinity for one that goes on to the end of the line. */
  readonly to: number;
}

const SPELLING =
  'its name and its place, such as symbol 1-8, or note 22- for one that goes on to the end of the line';

/** The columns of a list such as `symbol 1-8, price 9-20, side 21, note 22-`. */
export function columnsFrom(list: readonly string[]): Column[] {
  return list.flatMap((text) => columnFrom(text) ?? []);
}

export function* columnProblems(list: readonly string[]): Iterable<ConfigProblem> {
  const problem = (message: string) => ({ key: 'columns', message });
  let before: Column | null = null;
  for (const text of list) {
    const column = columnFrom(text);
    if (column === null) {
      yield problem(`expected of each column ${SPELLING}; got ${JSON.stringify(text)}`);
      return;
    }
    if (before !== null && column.from <= before.to) {
      yield problem(
        `${shown(column)} begins before ${shown(before)} ends; name columns in the order in which they stand in a line`,
      );
      return;
    }
    before = column;
  }
  const bad = columnNamesMistake(columnsFrom(list).map(({ name }) => name));
  if (bad !== null) yield problem(bad);
}

/** Characters that a line must have: what may be empty at its end is not counted. */
export function leastLength(columns: readonly Column[]): number {
  const last = columns.at(-1);
  if (last === undefined) return 0;
  return last.to === Number.POSITIVE_INFINITY ? last.from - 1 : last.to;
}

function columnFrom(text: string): Column | null {
  const match = /^(?<name>.*[^\s-])\s+(?<from>[1-9]\d{0,8})(?:(?<dash>-)(?<to>[1-9]\d{0,8})?)?$/.exec(text);
  if (match?.groups === undefined) return null;
  const { name = '', from, dash, to } = match.groups;
  const column = { name, from: Number(from), to: lastPlace(Number(from), dash, to) };
  return column.to < column.from ? null : column;
}

function lastPlace(from: number, dash: string | undefined, to: string | undefined): number {
  if (dash === undefined) return from;
  return to === undefined ? Number.POSITIVE_INFINITY : Number(to);
}

function shown({ name, from, to }: Column): string {
  if (from === to) return `${name} ${from}`;
  return `${name} ${from}-${to === Number.POSITIVE_INFINITY ? '' : to}`;
}

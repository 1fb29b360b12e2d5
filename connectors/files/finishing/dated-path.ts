import type { ConfigProblem } from '../../../src/plugin/index.ts';
import { literalSource } from '../../../src/values/literal-source.ts';

/*
 * `done/{yyyy}/{MM}/{dd}`: a place that files are put into by the day on which it is done, in UTC. What stands before the
 * first name with a date in it is a folder like any other; those below it are made as days come.
 */

const DATE = /\{(?:yyyy|MM|dd)\}/;
const DATES = new RegExp(DATE, 'g');

/** The folder in which all that goes to such a place lies, whatever the day. */
export function fixedPart(path: string): string {
  const date = path.search(DATE);
  if (date < 0) return path;
  const slash = path.lastIndexOf('/', date);
  return slash === 0 ? '/' : path.slice(0, Math.max(0, slash));
}

/** Where a file with this path is put below the fixed part. */
export function datedPlace(path: string, place: string, now = new Date()): string {
  const names = path
    .slice(fixedPart(path).length)
    .split('/')
    .filter((name) => name !== '');
  return DATE.test(path) ? [...names.map((name) => dated(name, now)), place].join('/') : place;
}

function dated(name: string, now: Date): string {
  const [yyyy = '', MM = '', dd = ''] = now.toISOString().slice(0, 10).split('-');
  const fields: Readonly<Record<string, string>> = { '{yyyy}': yyyy, '{MM}': MM, '{dd}': dd };
  return name.replaceAll(DATES, (field) => fields[field] ?? field);
}

/** One of its names, as the names of folders there are: what stands for a date is any number. */
export function datedName(name: string): RegExp {
  const literals = name.split(DATES).map(literalSource);
  return new RegExp(`^${literals.join('\\d+')}$`, 's');
}

/** Mistakes in such a place. */
export function* checkDated(key: string, path: string | null): Generator<ConfigProblem> {
  const other = (path ?? '').replaceAll(DATES, '').match(/\{[A-Za-z]+\}/)?.[0];
  if (other === undefined) return;
  const message = `expected no more than {yyyy}, {MM} and {dd} in braces, got ${other} in ${JSON.stringify(path)}`;
  yield { key, message };
}

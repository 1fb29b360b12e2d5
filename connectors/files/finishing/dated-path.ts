import type { ConfigProblem } from '../../../src/plugin/index.ts';
import { aroundDates, datedTextMistake, dateIn, withDay } from '../../../src/values/dated-text.ts';
import { literalSource } from '../../../src/values/literal-source.ts';

/*
 * `done/{yyyy}/{MM}/{dd}`: a place that files are put into by the day on which it is done, in UTC. What stands before the
 * first name with a date in it is a folder like any other; those below it are made as days come.
 */

/** The folder in which all that goes to such a place lies, whatever the day. */
export function fixedPart(path: string): string {
  const date = dateIn(path);
  if (date < 0) return path;
  const slash = path.lastIndexOf('/', date);
  return slash === 0 ? '/' : path.slice(0, Math.max(0, slash));
}

/** Where a file with this path is put below the fixed part. */
export function datedPlace(path: string, place: string, now = new Date()): string {
  if (dateIn(path) < 0) return place;
  const names = path
    .slice(fixedPart(path).length)
    .split('/')
    .filter((name) => name !== '');
  const day = now.toISOString().slice(0, 10);
  return [...names.map((name) => withDay(name, day)), place].join('/');
}

/** One of its names, as the names of folders there are: what stands for a date is any number. */
export function datedName(name: string): RegExp {
  return new RegExp(`^${aroundDates(name).map(literalSource).join('\\d+')}$`, 's');
}

/** Mistakes in such a place. */
export function* checkDated(key: string, path: string | null): Generator<ConfigProblem> {
  const message = path === null ? null : datedTextMistake(path);
  if (message !== null) yield { key, message };
}

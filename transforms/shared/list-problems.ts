import type { ConfigProblem } from '../../src/plugin/index.ts';

/** Problems of a list in which a name may stand once. */
export function* repeatedNameProblems(key: string, names: readonly string[]): Iterable<ConfigProblem> {
  const repeated = names.find((name, at) => names.indexOf(name) < at);
  if (repeated !== undefined) yield { key, message: `names ${JSON.stringify(repeated)} more than once` };
}

/** Problems of a list that must name something. */
export function* emptyListProblems(key: string, list: readonly string[]): Iterable<ConfigProblem> {
  if (list.length === 0) yield { key, message: 'expected at least one name, got an empty list' };
}

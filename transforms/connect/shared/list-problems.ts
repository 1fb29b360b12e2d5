import type { ConfigProblem } from '../../../src/plugin/index.ts';

/** Problems of a list that must name something. */
export function* emptyListProblems(key: string, list: readonly string[]): Iterable<ConfigProblem> {
  if (list.length === 0) yield { key, message: 'expected at least one name, got an empty list' };
}

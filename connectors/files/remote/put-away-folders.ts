import type { ConfigProblem } from '../../../src/plugin/index.ts';
import { fixedPart } from '../finishing/dated-path.ts';
import { folderName } from './object-names.ts';

interface PutAwayPaths {
  readonly finishedPath: string | null;
  readonly errorPath: string | null;
}

/** The folders below a watched prefix that objects are moved to, by their paths there: they are not to be looked into. */
export function putAwayBelow(prefix: string, { finishedPath, errorPath }: PutAwayPaths): string[] {
  const root = folderName(prefix);
  return [finishedPath, errorPath]
    .filter((path) => path !== null)
    .map((path) => folderName(fixedPart(path)))
    .filter((name) => name.startsWith(root))
    .map((name) => name.slice(root.length, -1));
}

/**
 * A folder that held the watched one would have its finished objects found, and loaded, again.
 *
 * @param option the key of the watched prefix
 */
export function* checkPutAway(
  option: string,
  prefix: string,
  { finishedPath, errorPath }: PutAwayPaths,
): Generator<ConfigProblem> {
  const paths = [
    ['finished.path', finishedPath],
    ['error.path', errorPath],
  ] as const;
  for (const [key, path] of paths) {
    if (path === null || !folderName(prefix).startsWith(folderName(fixedPart(path)))) continue;
    const message =
      `${JSON.stringify(path)} is what is watched or above it, so that objects put there would be found again; choose a ` +
      `folder beside or below ${option} ${JSON.stringify(prefix)}`;
    yield { key, message };
  }
}

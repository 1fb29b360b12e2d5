import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PLACES } from '../../scripts/directions.ts';
import { withDirections } from '../../scripts/docs/directions-table.ts';
import { ROOT } from './markdown.ts';

const PATHS = PLACES.map(({ path }) => path);

test('the table of places says what the lint holds; node scripts/docs.ts writes it anew', () => {
  const page = readFileSync(`${ROOT}ARCHITECTURE.md`, 'utf8');
  expect(withDirections(page)).toBe(page);
  for (const path of PATHS) expect(page).toContain(`| \`${path}\` |`);
});

test('every place is there, and every module is in one', () => {
  expect(PATHS.filter((path) => !existsSync(`${ROOT}${path}`))).toEqual([]);
  const modules = globSync('{src,connectors,transforms,kernels}/**/*.ts', { cwd: ROOT });
  expect(modules.filter((module) => !PATHS.some((path) => module.startsWith(path)))).toEqual([]);
});

test('a place may import only places above it, so that no two import each other', () => {
  const mistakes = PLACES.flatMap(({ path, imports }, index) =>
    imports
      .filter((name) => placesOf(name).some((place) => PATHS.indexOf(place) >= index))
      .map((name) => `${path} ${name}`),
  );
  expect(mistakes).toEqual([]);
});

/** Those that a name in the table covers, or is in. */
function placesOf(name: string): string[] {
  const covered = PATHS.filter((path) => path.startsWith(name));
  const around = PATHS.filter((path) => name.startsWith(path)).sort(
    (one, other) => other.length - one.length,
  );
  return covered.length > 0 ? covered : around.slice(0, 1);
}

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from './markdown.ts';

const FOLDERS = [
  'src',
  'kernels',
  'connectors',
  'transforms',
  'scripts',
  'bench',
  'config',
  'examples',
  'starters',
  'docs',
  'test',
];
const paths = globSync(['*.{md,ts,json,mjs}', '.*.mjs', `{${FOLDERS.join(',')}}/**/*.*`], { cwd: ROOT });
const ROOMS = new RegExp(`^(?:${FOLDERS.join('|')})/`);
const PAGES = paths.filter((path) => /^(?:[A-Z]+\.md|docs\/.*\.md)$/.test(path) && path !== 'CHANGELOG.md');
const SOURCES = paths.filter((path) => ROOMS.test(path) && path.endsWith('.ts') && !path.startsWith('test/'));

/** What a text names in backquotes as a place of this project: a path, or a file's name alone. */
function placesIn(text: string): string[] {
  const quoted = [...text.matchAll(/`([\w.*/-]+)`/g)].map(([, name]) => name as string);
  return quoted.filter((name) => ROOMS.test(name) || /^(?!NAME)[\w/-]+\.(?:ts|mjs)$/.test(name));
}

/** `*` stands for any part of a name. A file may be named without the folders above it. */
function isThere(place: string): boolean {
  const pattern = place.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
  return paths.some((path) => new RegExp(`(?:^|/)${pattern}(?:/|$)`).test(path));
}

describe.each([
  ['pages', PAGES],
  ['comments', SOURCES],
])('places that are named in %s', (_, files) => {
  test('are there', () => {
    const missing = files.flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      const comments = file.endsWith('.ts') ? commentsOf(text) : text;
      return placesIn(comments)
        .filter((place) => !isThere(place))
        .map((place) => `${file}: ${place}`);
    });
    expect(missing).toEqual([]);
  });
});

function commentsOf(code: string): string {
  return [...code.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)].map(([comment]) => comment).join('\n');
}

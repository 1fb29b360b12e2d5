import { readFileSync } from 'node:fs';

/** Of Headrace. */
export const { version } = JSON.parse(readFileSync(findPackageJson(), 'utf8')) as { version: string };

/** Beside the sources, or above `dist`. */
function findPackageJson(): URL {
  const up = import.meta.url.includes('/dist/') ? '../../../package.json' : '../../package.json';
  return new URL(up, import.meta.url);
}

import { readFileSync } from 'node:fs';

/**
 * The folder that holds `src/`, `connectors/` and `transforms/`, in the sources and in what is built from them. This
 * module is one level below it in both: in `src/`, or in the build's `parts/`.
 */
const ROOT = new URL('../', import.meta.url);

/** Headrace's modules are TypeScript where it runs from its sources, and JavaScript in what is published. */
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** The module at a path below the folder that holds `src/`; the path has no extension. */
export function ownModule(path: string): URL {
  return new URL(path + EXTENSION, ROOT);
}

/** Headrace's `package.json`: beside the sources, or above what is built. */
const PACKAGE_JSON = new URL(EXTENSION === '.ts' ? 'package.json' : '../package.json', ROOT);

/** A file or folder of the package that is no module, by its path below `package.json`. */
export function packagedPath(path: string): URL {
  return new URL(path, PACKAGE_JSON);
}

/** Of Headrace, and of every plugin that comes with it. */
export const { version: OWN_VERSION } = JSON.parse(readFileSync(PACKAGE_JSON, 'utf8')) as { version: string };

/*
 * What only an ES module can do, and the build's chunks are none: `src/chunks.ts` gives them this one as it is.
 */

export function importModule(url: string): Promise<{ readonly default?: unknown }> {
  return import(url);
}

/**
 * The URL of a package's module.
 *
 * @throws Error when it is not installed.
 */
export function resolveModule(specifier: string): string {
  return import.meta.resolve(specifier);
}

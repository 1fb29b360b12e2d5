import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readConfigFile } from '../../config/read/config-file.ts';

/**
 * The files that these files of YAML name in their values, by paths relative to themselves, those that they name in turn,
 * and they themselves: a feed with its schema and its table, the cases of a test with their feed.
 */
export function withNamedFiles(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) addNamed(resolve(path), found);
  return [...found];
}

function addNamed(path: string, found: Set<string>): void {
  if (found.has(path)) return;
  found.add(path);
  if (!/\.(?:ya?ml|json|properties)$/.test(path) || !isFile(path)) return;
  for (const { text } of readConfigFile(path).config.entries.values()) {
    const named = resolve(dirname(path), text);
    if (isFile(named)) addNamed(named, found);
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

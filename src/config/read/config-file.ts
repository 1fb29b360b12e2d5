import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../../plugin/index.ts';
import type { ConfigEntries, ConfigOrigin } from './config-entry.ts';
import { flattenYaml } from './flatten-yaml.ts';
import type { Problem } from './problem.ts';

/** A file given by mistake (the data instead of the feed) must not be read into memory whole. */
const MAX_CONFIG_BYTES = 1024 * 1024;

export interface ConfigFile {
  readonly config: ConfigEntries;
  readonly problems: readonly Problem[];
}

/** Reads a YAML or JSON file into flat entries. Never throws: what is wrong with the file is a problem. */
export function readConfigFile(path: string): ConfigFile {
  const origin: ConfigOrigin = { source: path, folder: dirname(resolve(path)) };
  const read = readText(path);
  if ('message' in read) {
    const problem = { file: path, line: null, column: null, key: null, message: read.message };
    return { config: { origin, entries: new Map() }, problems: [problem] };
  }
  return parseConfigText(read.text, origin);
}

/** Reads YAML or JSON text into flat entries. */
export function parseConfigText(text: string, origin: ConfigOrigin): ConfigFile {
  const { entries, problems } = flattenYaml(text, origin);
  return { config: { origin, entries }, problems };
}

function readText(path: string): { text: string } | { message: string } {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return { message: 'is a folder; expected a YAML or JSON file' };
    if (stats.size > MAX_CONFIG_BYTES) {
      return { message: `is too large for a config file: expected at most 1 MiB, got ${stats.size} bytes` };
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    if (text.includes('\0')) return { message: NOT_TEXT };
    return { text };
  } catch (error) {
    return { message: unreadable(error) };
  }
}

const NOT_TEXT = 'is not text; expected YAML or JSON in UTF-8';

function unreadable(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read: permission denied';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return NOT_TEXT;
    default:
      return `cannot be read: ${messageOf(error)}`;
  }
}

import { dirname, resolve } from 'node:path';
import type { ConfigEntries, ConfigOrigin } from './config-entry.ts';
import { flattenYaml } from './flatten-yaml.ts';
import type { Problem } from './problem.ts';
import { flattenProperties } from './properties.ts';
import { readTextFile } from './text-file.ts';

/** The data given by mistake instead of the feed must not be read into memory whole. */
const EXPECTED = { name: 'a config file', file: 'a YAML or JSON file', text: 'YAML or JSON', maxMiB: 1 };

export interface ConfigFile {
  readonly config: ConfigEntries;
  readonly problems: readonly Problem[];
}

/** Reads a YAML, JSON or `.properties` file into flat entries. Never throws: what is wrong with the file is a problem. */
export function readConfigFile(path: string): ConfigFile {
  const origin: ConfigOrigin = { source: path, folder: dirname(resolve(path)) };
  const read = readTextFile(path, EXPECTED);
  if ('message' in read) {
    const place = { file: path, line: null, column: null, key: null };
    const problem = { ...place, message: read.message, code: 'unreadable' } as const;
    return { config: { origin, entries: new Map() }, problems: [problem] };
  }
  if (!path.endsWith('.properties')) return parseConfigText(read.text, origin);
  const { entries, problems } = flattenProperties(read.text, origin);
  return { config: { origin, entries }, problems };
}

/** Reads YAML or JSON text into flat entries. */
export function parseConfigText(text: string, origin: ConfigOrigin): ConfigFile {
  const { entries, problems } = flattenYaml(text, origin);
  return { config: { origin, entries }, problems };
}

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Block } from './markdown.ts';
import { page, ROOT } from './markdown.ts';

/** Where the published package's modules are here. */
const MODULES = { 'headrace/plugin': 'src/plugin/index.ts', 'headrace/testing': 'src/testing/index.ts' };

/** A folder as the documentation has it before its reader: plugins and secrets where examples expect them. */
export function exampleFolder(files: readonly Block[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-docs-'));
  put(
    folder,
    'secrets/kafka.properties',
    'jaas=PlainLoginModule required username="me" password="secret";\n',
  );
  put(folder, 'package.json', '{"type": "module"}');
  for (const { note, text } of files) put(folder, note, withOwnModules(text));
  return folder;
}

export function put(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A part of a feed as the feed of config/ would be with it. */
export function completed(part: string): string {
  const whole = parse(page('config/trades.yaml').text) as Record<string, unknown>;
  return stringify({ ...whole, ...flat(parse(part)) });
}

function flat(value: unknown, prefix = ''): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return { [prefix.slice(0, -1)]: value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => flat(inner, `${prefix}${key}.`)),
  ) as Record<string, unknown>;
}

function withOwnModules(text: string): string {
  let own = text;
  for (const [name, path] of Object.entries(MODULES)) {
    own = own.replaceAll(`'${name}'`, `'${join(ROOT, path)}'`);
  }
  return own;
}

import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { builtInModule, builtInNames, type PluginKind } from '../../src/loader/built-in.ts';
import { ROOT } from '../docs/markdown.ts';
import '../support/built-command.ts';

const DIST = `${ROOT}dist`;
const KINDS: PluginKind[] = ['source', 'parser', 'transformation', 'predicate', 'converter'];
const plugins = KINDS.flatMap((kind) => builtInNames(kind).map((name): [PluginKind, string] => [kind, name]));

/** What is built from a module of the sources that is reached by its place. */
function built(path: string): string {
  return `${DIST}/${path.replace(/\.ts$/, '.js')}`;
}

describe('what is published', () => {
  test.each(plugins)('has the %s %s at its place', async (kind, name) => {
    const source = fileURLToPath(builtInModule(kind, name) as URL);
    const { default: plugin } = await import(built(source.slice(ROOT.length)));
    expect(plugin).toMatchObject({ kind, name });
  });

  test("has what package.json exports, with its types, and the task's thread", () => {
    const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    const places = Object.values<Record<string, string>>(exports).flatMap((entry) => Object.values(entry));
    expect(places.filter((path) => !existsSync(`${ROOT}${path}`))).toEqual([]);
    expect(existsSync(built('src/runtime/task-thread.ts'))).toBe(true);
  });

  test('has each class of errors once, whoever imports it', async () => {
    const library = await import(built('src/index.ts'));
    const contract = await import(built('src/plugin/index.ts'));
    expect(contract.HeadraceError).toBe(library.HeadraceError);
  });

  test('has the licence of each package that it holds a part of', () => {
    const sources = globSync(`${DIST}/**/*.js.map`).flatMap(
      (path): string[] => JSON.parse(readFileSync(path, 'utf8')).sources,
    );
    const held = sources.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    const licences = readFileSync(`${DIST}/THIRD-PARTY-LICENSES`, 'utf8');
    const named = [...licences.matchAll(/^--- (\S+) \S+ \(.+\) ---$/gm)].map(([, name]) => name);
    expect(held).toContain('kafkajs');
    expect([...new Set(held)].sort()).toEqual(named.sort());
  });
});

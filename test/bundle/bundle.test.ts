import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { builtInNames, type PluginKind } from '../../src/loader/built-in.ts';
import { ROOT } from '../docs/markdown.ts';
import { BUILT_COMMAND } from '../support/built-command.ts';

const DIST = `${ROOT}dist`;
const KINDS: PluginKind[] = ['source', 'parser', 'transformation', 'predicate', 'converter'];
const plugins = KINDS.flatMap(builtInNames);

/** What is built from a module of the sources that is reached by its place. */
function built(path: string): string {
  return `${DIST}/${path.replace(/\.ts$/, '.js')}`;
}

describe('what is published', () => {
  test('has every built-in plugin', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [BUILT_COMMAND, 'plugins']);
    const listed = stdout.split('\n').map((line) => line.trim().split(' ')[0]);
    expect(plugins.filter((name) => !listed.includes(name))).toEqual([]);
  });

  test("has what package.json exports, with its types, and the task's thread", () => {
    const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    const places = Object.values<Record<string, string>>(exports).flatMap((entry) => Object.values(entry));
    expect(places.filter((path) => !existsSync(`${ROOT}${path}`))).toEqual([]);
    expect(existsSync(built('src/runtime/task/task-thread.ts'))).toBe(true);
  });

  test('has each class of errors once, whoever imports it', async () => {
    const library = await import(built('src/index.ts'));
    const contract = await import(built('src/plugin/index.ts'));
    expect(contract.HeadraceError).toBe(library.HeadraceError);
  });

  test('is read at one byte a character, which V8 does only where each is of Latin-1', () => {
    const beyond = globSync(`${DIST}/{src,parts}/**/*.js`).filter((path) =>
      [...readFileSync(path, 'utf8')].some((character) => character > '\u00ff'),
    );
    expect(beyond).toEqual([]);
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

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HeadraceError } from '../../src/errors.ts';
import { builtInNames, builtInPlugin, type PluginKind } from '../../src/loader/built-in.ts';
import { createPluginLoader } from '../../src/loader/plugin-loader.ts';

const folder = resolve(import.meta.dirname, '../fixtures/plugins');
const loader = createPluginLoader({ pluginPath: [folder] });

async function failure(kind: PluginKind, name: string): Promise<string> {
  const error = await loader.load(kind, name).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HeadraceError);
  expect((error as HeadraceError).code).toBe('PLUGIN_INVALID');
  return (error as HeadraceError).message;
}

describe('a plugin is found', () => {
  const places: [PluginKind, string, string][] = [
    ['transformation', 'shout', 'shout.ts'],
    ['parser', 'separated', 'separated/index.ts'],
    ['source', 'folder', 'folder.ts'],
    ['predicate', 'even', 'even.ts'],
    ['converter', 'hex', 'hex.ts'],
  ];
  test.each(places)('of kind %s, called %s, at %s of plugin.path', async (kind, name, path) => {
    const plugin = await loader.load(kind, name);
    expect(plugin).toMatchObject({ kind, name });
    expect(loader.modulePathOf(plugin)).toBe(join(folder, path));
  });

  test('among the built-in ones before any folder', async () => {
    const own = mkdtempSync(join(tmpdir(), 'headrace-plugins-'));
    writeFileSync(join(own, 'json.mjs'), 'throw new Error("not me")');
    const plugin = await createPluginLoader({ pluginPath: [own] }).load('converter', 'json');
    expect(plugin.name).toBe('json');
  });

  test('in the first folder that has it', async () => {
    const first = mkdtempSync(join(tmpdir(), 'headrace-plugins-'));
    mkdirSync(join(first, 'even'));
    const code = 'export default { kind: "predicate", name: "first", doc: "", config: {}, create() {} };';
    writeFileSync(join(first, 'even', 'index.mjs'), code);
    const plugin = await createPluginLoader({ pluginPath: [first, folder] }).load('predicate', 'even');
    expect(plugin.name).toBe('first');
  });

  test('by a name that the loader can list', () => {
    expect(loader.names('parser')).toEqual(expect.arrayContaining(['csv', 'separated', 'shout']));
    expect(loader.names('parser')).not.toContain('json');
  });
});

describe('a built-in plugin', () => {
  const kinds: PluginKind[] = ['source', 'parser', 'transformation', 'predicate', 'converter'];
  const all = kinds.flatMap((kind) => builtInNames(kind).map((name): [PluginKind, string] => [kind, name]));

  test('is not what every object has', () => {
    expect(builtInPlugin('parser', 'toString')).toBeNull();
  });

  test.each(all)('loads and has the right shape: %s %s', async (kind, name) => {
    expect(await loader.load(kind, name)).toMatchObject({ kind, name });
  });
});

describe('a plugin is refused', () => {
  const wrong: [PluginKind, string, string, string][] = [
    [
      'transformation',
      'exports-a-function',
      'exports-a-function.ts',
      'default export: expected a plugin made by defineTransformation(…), got a function',
    ],
    [
      'transformation',
      'exports-nothing',
      'exports-nothing.ts',
      'default export: expected a plugin made by defineTransformation(…), got nothing',
    ],
    [
      'parser',
      'shout',
      'shout.ts',
      'default export: expected a parser made by defineParser(…), got a transformation',
    ],
    [
      'transformation',
      'throws-at-load',
      'throws-at-load.ts',
      `failed to load: the licence file is missing (Error at ${join(folder, 'throws-at-load.ts')}:1:7)`,
    ],
    ['transformation', 'without-create', 'without-create.mjs', 'create: expected a function, got nothing'],
    [
      'transformation',
      'bad-options',
      'bad-options.mjs',
      [
        'config.size.format: expected one of string, path, nat, int, number, boolean, list, url, map, got "natural"',
        'config.dotted.name: expected a camelCase name of letters and digits; rename the option',
        'config.count.default: expected a whole number, zero or more, got "1"',
        'config.topic: expected a default or required: true, got neither',
        'config.mode: expected an object with doc, format and default, got "string"',
      ].join('; '),
    ],
  ];
  test.each(wrong)('%s %s', async (kind, name, file, message) => {
    expect(await failure(kind, name)).toBe(`${join(folder, file)}: ${message}`);
  });

  test('when nothing has its name, with the name that was probably meant', async () => {
    expect(await failure('transformation', 'shuot')).toMatch(
      /^no transformation is called "shuot"; expected one of constants, lookup, route, schema, sequence, source, .*shout.*, or a package's name; did you mean shout\?$/,
    );
  });

  test.each(['../shout', '/etc/passwd', './even', 'node:fs', 'fs', 'file:///x', '', '..', 'a/../b'])(
    'when its name reaches elsewhere: %j',
    async (name) => {
      expect(await failure('transformation', name)).toMatch(/^no transformation is called /);
    },
  );

  test('when a package of its name is no plugin', async () => {
    expect(await failure('transformation', 'picomatch')).toMatch(
      /picomatch.*: default export: expected a plugin made by defineTransformation\(…\), got a function$/,
    );
  });
});

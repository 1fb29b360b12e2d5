import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HeadraceError } from '../../src/errors.ts';
import { builtInNames, builtInPlugin, type PluginKind } from '../../src/loader/built-in.ts';
import { createPluginLoader } from '../../src/loader/plugin-loader.ts';
import { OWN_VERSION } from '../../src/own-modules.ts';
import { CONTRACT_VERSION } from '../../src/plugin/index.ts';

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
      /^no transformation is called "shuot"; expected one of constants, lookup, route, schema, select, sequence, set, source, split, unpivot, .*shout.*, or a package's name; did you mean shout\?$/,
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

const aPredicate = (name: string, more = '') =>
  `export default { kind: 'predicate', name: '${name}', ${more} doc: '', config: {}, create() {} };`;

/** A folder of plugins with these files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const made = mkdtempSync(join(tmpdir(), 'headrace-plugins-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(made, path)), { recursive: true });
    writeFileSync(join(made, path), text);
  }
  return made;
}

async function messageFrom(load: Promise<unknown>): Promise<unknown> {
  return await load.then(
    () => 'no error',
    (error: HeadraceError) => `${error.code}: ${error.message}`,
  );
}

describe('a plugin that says which contract it was written for', () => {
  const told = (range: string) =>
    messageFrom(
      createPluginLoader({
        pluginPath: [folderOf({ 'aged.mjs': aPredicate('aged', `contract: ${range},`) })],
      }).load('predicate', 'aged'),
    );

  test.each(["'[1.0,2.0)'", "'1.0'", "'[0.9,)'", "'(,0.5],[1.0,1.1]'"])('is loaded for %s', async (range) => {
    expect(await told(range)).toBe('no error');
  });

  test.each(["'[2.0,3.0)'", "'(1.0,2.0)'", "'0.9'"])('is refused for %s, in one line', async (range) => {
    expect(await told(range)).toMatch(
      /^PLUGIN_INVALID: \/.*\/aged\.mjs: contract: it was written for .* of the plugin contract, and Headrace [^\n]*$/,
    );
    expect(await told(range)).toContain(
      `and Headrace ${OWN_VERSION} has ${CONTRACT_VERSION}; install the version of the plugin, or of Headrace, that fits`,
    );
  });

  test.each(["'^1.0'", "'1.x'", "'latest'", '1', "''", 'null'])(
    'is refused for %s, which is no range',
    async (range) => {
      expect(await told(range)).toMatch(
        /: contract: expected a range of versions such as \[1\.0,2\.0\), got /,
      );
    },
  );

  test('is told of that alone, as its shape may be another', async () => {
    const pluginPath = [
      folderOf({ 'newer.mjs': "export default { kind: 'predicate', contract: '[2.0,3.0)' };" }),
    ];
    expect(await messageFrom(createPluginLoader({ pluginPath }).load('predicate', 'newer'))).not.toContain(
      'create',
    );
  });
});

describe('two plugins of one name', () => {
  const load = (name: string, ...folders: string[]) =>
    messageFrom(createPluginLoader({ pluginPath: folders }).load('predicate', name));

  test('are refused with both files, in two folders', async () => {
    const [one, other] = [
      folderOf({ 'odd/index.mjs': aPredicate('odd') }),
      folderOf({ 'odd.mjs': aPredicate('odd') }),
    ];
    expect(await load('odd', one, other)).toBe(
      `PLUGIN_INVALID: two predicates are called "odd": ${join(one, 'odd/index.mjs')} and ${join(other, 'odd.mjs')}; remove or rename one of them`,
    );
  });

  test('are refused with both files, in one folder', async () => {
    const both = folderOf({ 'odd.ts': aPredicate('odd'), 'odd.js': aPredicate('odd') });
    expect(await load('odd', both)).toContain(`${join(both, 'odd.ts')} and ${join(both, 'odd.js')}`);
  });

  test('are one where a folder is named twice, or linked', async () => {
    const one = folderOf({ 'odd.mjs': aPredicate('odd') });
    const linked = join(folderOf({}), 'linked');
    symlinkSync(one, linked);
    expect(await load('odd', one, one, linked)).toBe('no error');
  });

  test('are refused where two files say the same name of themselves', async () => {
    const both = folderOf({ 'a.mjs': aPredicate('odd'), 'b.mjs': aPredicate('odd') });
    const two = createPluginLoader({ pluginPath: [both] });
    expect(await messageFrom(two.load('predicate', 'a'))).toBe('no error');
    expect(await messageFrom(two.load('predicate', 'a'))).toBe('no error');
    expect(await messageFrom(two.load('predicate', 'b'))).toBe(
      `PLUGIN_INVALID: two predicates are called "odd": ${join(both, 'a.mjs')} and ${join(both, 'b.mjs')}; give ${join(both, 'b.mjs')} another name`,
    );
  });

  test('may be of two kinds', async () => {
    const transformation = aPredicate('odd').replace('predicate', 'transformation');
    const both = folderOf({ 'a.mjs': aPredicate('odd'), 'b.mjs': transformation });
    const two = createPluginLoader({ pluginPath: [both] });
    await two.load('predicate', 'a');
    expect(await two.load('transformation', 'b')).toMatchObject({ name: 'odd' });
  });

  test('are refused where one comes with Headrace, and may be of another kind than it', async () => {
    const defined = (define: string) =>
      `import { ${define} } from 'headrace/plugin';\nexport default ${define}({});`;
    const own = folderOf({ 'json.ts': defined('defineConverter'), 'csv.ts': defined('definePredicate') });
    const both = createPluginLoader({ pluginPath: [own] });
    expect(await messageFrom(both.load('converter', 'json'))).toBe(
      `PLUGIN_INVALID: two converters are called "json": one that comes with Headrace, and ${join(own, 'json.ts')}; rename yours`,
    );
    expect(await messageFrom(both.load('parser', 'csv'))).toBe('no error');
    const called = aPredicate('HasHeaderKey');
    expect(await load('mine', folderOf({ 'mine.mjs': called }))).toMatch(
      /two predicates are called "HasHeaderKey": one that comes with Headrace, and \/.*mine\.mjs; give \/.* another name$/,
    );
  });
});

import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { bootstrapServers } from './support/loaded-feed.ts';
import { applying, PluginFeed, transformation } from './support/plugin-feed.ts';
import { headrace } from './support/run-command.ts';

const FORGETFUL = applying('      record.value.x = 1;');

test('a function without return fails load, which names the plugin, its file and the row', async () => {
  const feed = await PluginFeed.make(FORGETFUL, {}, { 'bootstrap.servers': bootstrapServers });
  const { code, stderr } = await feed.run('load', 'rows.csv', '--feed', 'feed.yaml');
  expect(stderr).toContain(
    `transforms.mine (plugin mine, ${feed.pluginFile}): row 1 (line 2) of ${feed.folder.at('rows.csv')}: ` +
      'apply gave undefined; expected the record, a list of records, or null to filter the row out',
  );
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(2);
});

test('a function without return fails the task, and the file waits where it is', async () => {
  const { folder, pluginFile } = await PluginFeed.make(
    FORGETFUL,
    {},
    { 'bootstrap.servers': bootstrapServers },
  );
  await folder.write('drop/a.csv', 'symbol,price\nBHP,1\n');
  const daemon = folder.start();
  const { error } = await daemon.waitFor('task failed');
  expect(error).toMatchObject({ code: 'PLUGIN_FAILED', message: expect.stringContaining(pluginFile) });
  expect(error).toMatchObject({ message: expect.stringContaining('row 1 (line 2) of a.csv') });
  expect(await readdir(folder.at('drop'))).toEqual(['a.csv']);
  // Once the plugin is mended, the same worker goes on from there when it is started again.
  expect(await daemon.stop()).toBe(0);
  await folder.write('plugins/mine.ts', applying('      record.value.x = 1;\n      return record;'));
  await folder.start().waitFor('file completed');
});

test('a function without return fails preview and test, which name it', async () => {
  const feed = await PluginFeed.make(FORGETFUL);
  const { code, stderr } = await feed.preview();
  expect(stderr).toContain('row 1 (line 2) of rows.csv: apply gave undefined');
  expect(stderr).toContain(feed.pluginFile);
  expect(code).toBe(2);
  await feed.folder.write(
    'cases.yaml',
    'feed: feed.yaml\ncases:\n  - name: a row\n    rows: |\n      symbol,price\n      BHP,1\n    records: []\n',
  );
  const tested = await feed.run('test', 'cases.yaml');
  expect(tested.stdout).toContain('apply gave undefined');
  expect(tested.code).toBe(1);
});

test('a converter that gives what are no bytes is told with the row', async () => {
  const feed = await PluginFeed.make(applying('      return record;'), { 'value.converter': 'odd' });
  await feed.folder.write(
    'plugins/odd.ts',
    `import { defineConverter } from 'headrace/plugin';
export default defineConverter({
  name: 'odd', doc: 'Forgets.', config: {}, create: () => ({ serialize() {} }),
});
`,
  );
  const { code, stderr } = await feed.preview();
  expect(stderr).toBe(
    `value.converter (plugin odd, ${feed.folder.at('plugins/odd.ts')}): row 1 (line 2) of rows.csv: ` +
      'serialize gave undefined; expected a Uint8Array, text or null\n',
  );
  expect(code).toBe(2);
});

test('a plugin that ends the process is told by preview, with its row', async () => {
  const feed = await PluginFeed.make(
    applying("      if (record.value.symbol === 'RIO') process.exit(0);\n      return record;"),
  );
  const { code, stderr } = await feed.preview();
  expect(stderr).toBe(
    `transforms.mine (plugin mine, ${feed.pluginFile}): row 2 of rows.csv: apply ended the process; expected it to return or throw\n`,
  );
  expect(code).toBe(2);
});

test('what a plugin prints is no part of what load gives, and is told where it has a log', async () => {
  const feed = await PluginFeed.make(
    applying("      console.log('here');\n      return record;"),
    {},
    { 'bootstrap.servers': bootstrapServers },
  );
  const { code, stdout } = await feed.run('load', 'rows.csv', '--feed', 'feed.yaml', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ state: 'COMPLETED', produced: 3 });
  expect(code).toBe(0);
});

test('a plugin that takes a function of the language in its place fails the task, and one that adds one for an older Node does not', async () => {
  const replacing = await PluginFeed.make(
    applying('      Array.prototype.map = () => [];\n      return record;'),
  );
  const { code, stderr } = await replacing.preview();
  expect(stderr).toContain('rows 1 to 3 of rows.csv: it has changed Array.prototype.map, which all code');
  expect(code).toBe(2);
  const adding = `Object.defineProperty(Array.prototype, 'newest', { value: () => 1, configurable: true, writable: true });\n`;
  const filling = await PluginFeed.make(adding + applying('      return record;'));
  expect((await filling.preview()).stderr).toBe('');
});

const SOURCES: readonly [what: string, plugin: string, told: string][] = [
  [
    'taskCount that is no number',
    "taskCount: () => 'one', createTask: () => ({ async *read() {} })",
    'taskCount gave text of 3 characters',
  ],
  [
    'an offset that is none',
    "createTask: () => ({ async *read() { yield { file: FILE, bytes: Buffer.from('symbol,price\\nBHP,1\\n'), eof: true }; } })",
    'a.csv: offsetAt gave undefined',
  ],
];

test.each(SOURCES)('a source connector with %s fails its task, which names it', async (_, plugin, told) => {
  const feed = await PluginFeed.make(
    applying('      return record;'),
    {
      'connector.class': 'made',
      'input.path': null,
      'finished.path': null,
      'settle.ms': null,
      'scan.interval.ms': null,
    },
    { 'bootstrap.servers': bootstrapServers },
  );
  await feed.folder.write(
    'plugins/made.ts',
    `import { defineSourceConnector } from 'headrace/plugin';
const FILE = { partition: { file: 'a.csv' }, path: 'a.csv', name: 'a.csv', start: null, size: 4, offsetAt() {} };
export default defineSourceConnector({ name: 'made', doc: 'Is tried.', config: {}, ${plugin} });
`,
  );
  const { error } = await feed.folder.start().waitFor('task failed');
  const { code, message } = error as { readonly code: string; readonly message: string };
  expect(code).toBe('PLUGIN_FAILED');
  expect(message).toContain(`connector.class (plugin made, ${feed.folder.at('plugins/made.ts')}): `);
  expect(message).toContain(told);
});

const PLACED: readonly [what: string, plugin: string, told: string][] = [
  ['throws in apply', applying("      throw new Error('boom');"), 'boom (Error at FILE:9:13)'],
  ['goes wrong in apply', applying('      return record.none.value;'), '(TypeError at FILE:9:26)'],
  [
    'throws in create',
    transformation('{ throw new Error("boom"); }'),
    '(plugin mine, FILE): create threw: boom (Error at FILE:7:25)',
  ],
  [
    'makes nothing',
    transformation('undefined'),
    '(plugin mine, FILE): create gave undefined; expected an object with the function apply',
  ],
  [
    'has no apply',
    transformation('({ aply: (record) => record })'),
    'expected an object with the function apply',
  ],
  ['does not parse', `${applying('      return record;')}\nconst = 1;\n`, 'FILE: failed to load: '],
  [
    'throws when it is loaded',
    `throw new Error('no licence');\n${applying('')}`,
    'FILE: failed to load: no licence (Error at FILE:1:7)',
  ],
];

test.each(PLACED)('a plugin that %s is told with its file and line', async (_, plugin, told) => {
  const feed = await PluginFeed.make(plugin);
  const { stdout, stderr } = await feed.preview();
  const said = (stdout + stderr).replaceAll(/\s+/g, ' ');
  expect(said).toContain(told.replaceAll('FILE', feed.pluginFile));
});

test.each(['ts', 'mjs'])(
  'a mistake of syntax in a plugin in .%s is told with its line',
  async (extension) => {
    const feed = await PluginFeed.make('', { 'transforms.mine.type': 'broken' });
    await feed.folder.write(`plugins/broken.${extension}`, 'const a = 1;\nconst = 2;\n');
    const { stderr } = await feed.preview();
    expect(stderr).toMatch(/broken\.\w+: failed to load: .* \(SyntaxError in line 2\)\n$/);
  },
);

test('a plugin that is not found tells of plugin.path and --worker where no worker is given', async () => {
  const { folder } = await PluginFeed.make('');
  const { stderr, code } = await headrace(['validate', 'feed.yaml'], { cwd: folder.path });
  expect(stderr).toContain('no transformation is called "mine"');
  expect(stderr).toContain(
    'plugin.path of the worker (--worker FILE, or HEADRACE_PLUGIN_PATH), which is not set',
  );
  expect(code).toBe(2);
});

import { expect, test } from 'vitest';
import { valuesIn } from '../integration/support/read-topic.ts';
import { bootstrapServers } from './support/loaded-feed.ts';
import { applying, PluginFeed, transformation } from './support/plugin-feed.ts';

const LIMIT = { 'plugin.timeout.ms': '1500' };
const WITH_KAFKA = { ...LIMIT, 'bootstrap.servers': bootstrapServers };
/** In the second row. */
const spins = (before = '') =>
  `      if (record.value.symbol === 'RIO') { ${before} for (;;); }\n      return record;`;
const never = "      return record.value.symbol === 'RIO' ? new Promise(() => {}) : record;";
const spinsLater = applying(spins('await null;')).replace('apply(', 'async apply(');

const STALLS: readonly [what: string, plugin: string, told: string][] = [
  ['spins', applying(spins()), 'row 2 of FILE: apply has not come back for 1.5 s'],
  [
    'matches for ever',
    applying("      /^(a+)+$/.test('a'.repeat(60).concat('!'));\n      return record;"),
    'row 1 of FILE: apply has not',
  ],
  [
    'never settles',
    applying(never),
    'row 2 (line 3) of FILE: the promise of apply was not settled within 1.5 s',
  ],
  [
    'spins once it has waited',
    spinsLater,
    'row 2 of FILE: apply, which has waited for something before, has not come back',
  ],
  [
    'never has its create settled',
    transformation('new Promise(() => {})'),
    'the promise of create was not settled within 1.5 s',
  ],
  ['spins in create', transformation('{ for (;;); }'), 'create has not come back for 1.5 s'],
];

const hasFailed = ({ msg }: { readonly msg: string }) => msg === 'task failed' || msg === 'task restarting';

test.each(STALLS)(
  'preview of a plugin that %s ends, and says which one on which row',
  async (_, plugin, told) => {
    const feed = await PluginFeed.make(plugin, {}, LIMIT);
    const { code, stderr } = await feed.preview();
    expect(stderr).toContain(
      `transforms.mine (plugin mine, ${feed.pluginFile}): ${told.replace('FILE', 'rows.csv')}`,
    );
    expect(stderr).toContain('(plugin.timeout.ms of the worker)');
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(2);
  },
);

test.each(STALLS.slice(0, 1))('test of a plugin that %s ends, and says which one', async (_, plugin) => {
  const feed = await PluginFeed.make(plugin, {}, LIMIT);
  await feed.folder.write(
    'cases.yaml',
    'feed: feed.yaml\ncases:\n  - name: rows\n    rows: |\n      symbol,price\n      BHP,1\n      RIO,2\n    records: []\n',
  );
  const { code, stdout, stderr } = await feed.run('test', 'cases.yaml');
  expect((stdout + stderr).replaceAll(/\s+/g, ' ')).toContain(
    `transforms.mine (plugin mine, ${feed.pluginFile}): row `,
  );
  expect(code).toBeGreaterThan(0);
});

test.each([
  ['holds its import', 'for (;;);', 'import has not come back for 1.5 s'],
  [
    'never has its import settled',
    'await new Promise(() => {});',
    'the promise of import was not settled within 1.5 s',
  ],
  ['holds its check', '', 'check has not come back for 1.5 s'],
])('validate of a plugin that %s ends, and names it', async (_, first, told) => {
  const plugin = applying('      return record;');
  const source =
    first === '' ? plugin.replace('create:', 'check() { for (;;); },\n  create:') : `${first}\n${plugin}`;
  const feed = await PluginFeed.make(source, {}, LIMIT);
  const { code, stderr } = await feed.run('validate', 'feed.yaml');
  expect(stderr).toContain(`(plugin mine, ${feed.pluginFile}): ${told}`);
  expect(code).toBe(2);
});

test.each([STALLS[0], STALLS[2], STALLS[3]] as typeof STALLS)(
  'a task whose plugin %s is ended, says which one on which row, and delivers once it is mended',
  async (_, plugin, told) => {
    const { folder, pluginFile } = await PluginFeed.make(plugin, {}, WITH_KAFKA);
    await folder.write('drop/a.csv', 'symbol,price\nBHP,1\nRIO,2\nCBA,3\n');
    const daemon = folder.start();
    const { error } = await daemon.waitFor(hasFailed, 40_000);
    const { code, message } = error as { readonly code: string; readonly message: string };
    expect(code).toBe('PLUGIN_FAILED');
    expect(message).toContain(
      `transforms.mine (plugin mine, ${pluginFile}): ${told.replace('FILE', 'a.csv')}`,
    );
    await daemon.stop();
    await folder.write('plugins/mine.ts', applying('      return record;'));
    const mended = folder.start();
    await mended.waitFor('file completed');
    expect(await mended.stop()).toBe(0);
    expect((await valuesIn(bootstrapServers, folder.name)).toSorted()).toEqual([
      '{"symbol":"BHP","price":1}',
      '{"symbol":"CBA","price":3}',
      '{"symbol":"RIO","price":2}',
    ]);
  },
  90_000,
);

test('load of a plugin that spins ends, and says which one on which row', async () => {
  const feed = await PluginFeed.make(applying(spins()), {}, WITH_KAFKA);
  const { code, stderr } = await feed.run('load', 'rows.csv', '--feed', 'feed.yaml');
  expect(stderr).toContain(
    `transforms.mine (plugin mine, ${feed.pluginFile}): row 2 of ${feed.folder.at('rows.csv')}: apply`,
  );
  expect(code).toBe(2);
});

test('plugins that take long for all of their rows, and not too long for any, are left to it', async () => {
  const slow = `      const until = Date.now() + 300;\n      while (Date.now() < until);\n      return record;`;
  const later = `      await new Promise((resolve) => setTimeout(resolve, 300));\n      return record;`;
  const feed = await PluginFeed.make(
    applying(slow),
    { transforms: 'parse,mine,later,validate,route', 'transforms.later.type': 'later' },
    WITH_KAFKA,
  );
  await feed.folder.write(
    'plugins/later.ts',
    applying(later).replace('apply(', 'async apply(').replace("'mine'", "'later'"),
  );
  const rows = Array.from({ length: 8 }, (_, index) => `S${index},1\n`);
  await feed.folder.write('rows.csv', `symbol,price\n${rows.join('')}`);
  const { code, stderr, stdout } = await feed.run('load', 'rows.csv', '--feed', 'feed.yaml', '--json');
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ state: 'COMPLETED', produced: 8 });
  expect(code).toBe(0);
});

test('a plugin that leaves a timer running does not keep its task from its end', async () => {
  const timer = transformation('setInterval(() => {}, 1000) && { apply: (record) => record }');
  const feed = await PluginFeed.make(timer, {}, WITH_KAFKA);
  const { code } = await feed.run('load', 'rows.csv', '--feed', 'feed.yaml');
  expect(code).toBe(0);
});

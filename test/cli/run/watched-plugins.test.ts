import { expect, onTestFinished, test } from 'vitest';
import { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import { valuesIn } from '../../integration/support/read-topic.ts';
import { bootstrapServers } from '../support/loaded-feed.ts';
import { applying, PluginFeed } from '../support/plugin-feed.ts';
import { headrace } from '../support/run-command.ts';

const WAIT_MS = 60_000;
const BEGUN_AGAIN = 'plugins changed, the feed begins again';
const marking = (mark: string) =>
  `import { mark } from './marks.ts';\n${applying(
    '      record.value.symbol += mark;\n      return record;',
  )}// ${mark}\n`;
const marks = (mark: string) => `export const mark = '.${mark}';\n`;

test(
  'with --watch a feed goes on with a plugin as it is now, in the middle of its files, and every row is delivered once',
  async () => {
    const { folder, name } = await PluginFeed.make(
      marking('1'),
      { 'transaction.boundary.interval.ms': '20' },
      { 'bootstrap.servers': bootstrapServers },
    );
    await folder.write('plugins/marks.ts', marks('1'));
    const daemon = HeadraceProcess.start({
      feeds: [folder.at('feed.yaml'), '--watch'],
      worker: folder.at('worker.yaml'),
    });
    onTestFinished(() => daemon.kill());
    const begunAgain = (times: number) =>
      daemon.waitFor(() => daemon.lines.filter(({ msg }) => msg === BEGUN_AGAIN).length >= times, WAIT_MS);
    await daemon.waitFor('worker started');
    const rows = Array.from({ length: 50_000 }, (_, row) => `S${row}`);
    const text = rows.map((symbol) => `${symbol},1\n`).join('');
    for (const time of [1, 2, 3]) {
      await folder.write(`drop/${time}.csv`, `symbol,price\n${text}`);
      // What it imports is a part of it.
      if (time === 2) await folder.write('plugins/mine.ts', marking('2'));
      else await folder.write('plugins/marks.ts', marks(`${time}`));
      await begunAgain(time);
    }
    const completed = (file: string) =>
      daemon.waitFor((line) => line.msg === 'file completed' && line.file === file, WAIT_MS);
    await completed('3.csv');
    await daemon.waitFor(
      () => daemon.lines.filter(({ msg }) => msg === 'connector configured').length >= 3,
      WAIT_MS,
    );
    // Whose row was seen has loaded its plugins.
    await folder.write('drop/begun.csv', 'symbol,price\nBEGUN,1\n');
    await completed('begun.csv');
    // A mistake is told, and nothing else comes of it.
    await folder.write('plugins/mine.ts', 'export default 7;\n');
    const refused = await daemon.waitFor('changed plugins refused, the feed goes on as it was', WAIT_MS);
    expect(refused).toMatchObject({ connector: name });
    expect(refused.reason).toContain(
      'mine.ts: default export: expected a plugin made by defineTransformation(…), got 7',
    );
    await folder.write('drop/4.csv', 'symbol,price\nLAST,1\n');
    await completed('4.csv');
    expect(await daemon.stop()).toBe(0);
    const symbols = (await valuesIn(bootstrapServers, name)).map(
      (value) => JSON.parse(value).symbol as string,
    );
    expect(symbols).toContain('LAST.3');
    expect(symbols.map((symbol) => symbol.split('.')[0]).toSorted()).toEqual(
      [...rows, ...rows, ...rows, 'BEGUN', 'LAST'].toSorted(),
    );
  },
  3 * WAIT_MS,
);

test('--watch without a folder of plugins is a mistake', async () => {
  const { folder } = await PluginFeed.make('', {
    transforms: 'parse,validate,route',
    'transforms.mine.type': null,
  });
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  const { stderr, code } = await headrace(['run', 'feed.yaml', '--watch', '--worker', 'worker.yaml'], {
    cwd: folder.path,
  });
  expect(stderr).toContain(
    '--watch: expected plugin.path in the worker configuration, whose folders are watched',
  );
  expect(code).toBe(2);
});

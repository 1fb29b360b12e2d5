import { expect, test, vi } from 'vitest';
import { transformation } from '../cli/support/plugin-feed.ts';
import { valuesIn } from '../integration/support/read-topic.ts';
import { bootstrapServers, startRestDaemon } from './rest-daemon.ts';
import { samplesOf } from './samples.ts';

/** Counts, measures and logs what it is given. */
const COUNTING = transformation(
  '((rows, price) => ({ apply(record) {' +
    ' const { symbol } = record.value; rows.inc(1, { symbol }); price.observe(Number(record.value.price));' +
    " if (symbol === 'RIO') context.log.warn('dear', { symbol, row: context.position().row });" +
    ' return record; } }))(' +
    "context.metrics.counter('mine_rows_total', { help: 'Rows', labels: ['symbol'] })," +
    " context.metrics.histogram('mine_price', { help: 'Prices', buckets: [1.5] }))",
).replace('create: ()', 'create: (_, context)');

const CONVERTER = `import { defineConverter } from 'headrace/plugin';
export default defineConverter({
  name: 'placed', doc: 'Writes where rows are.', config: {},
  create: (_, context) => ({ serialize: () => { const { filePath, row } = context.position(); return filePath + ':' + row; } }),
});
`;

test('what a plugin counts, measures and logs is told with its place in the feed', async () => {
  const rest = await startRestDaemon(
    [
      {
        transforms: 'parse,mine,validate,route',
        'transforms.mine.type': 'mine',
        'value.converter': 'placed',
        'metrics.labels.exchange': 'asx',
      },
    ],
    {
      'plugins/mine.ts': COUNTING,
      'plugins/placed.ts': CONVERTER,
      'drop/a.csv': 'symbol,price\nBHP,1\nRIO,2\nBHP,3\n',
    },
    { 'plugin.path': './plugins' },
  );
  const { name } = rest.folder;
  await rest.daemon.waitFor('file completed');
  expect(await rest.daemon.waitFor('dear')).toMatchObject({
    ...{ connector: name, task: 0, plugin: 'transforms.mine', file: 'a.csv', row: 2, symbol: 'RIO' },
  });
  const all = `exchange="asx",connector="${name}",task="0",plugin="transforms.mine"`;
  await vi.waitFor(
    async () => {
      const text = await (await rest.get('/metrics')).text();
      expect(samplesOf(text, 'mine_rows_total')).toEqual({
        [`{${all},symbol="BHP"}`]: 2,
        [`{${all},symbol="RIO"}`]: 1,
      });
      expect(samplesOf(text, 'mine_price_bucket')).toEqual({
        [`{${all},le="1.5"}`]: 1,
        [`{${all},le="+Inf"}`]: 3,
      });
    },
    { timeout: 20_000, interval: 200 },
  );
  expect((await valuesIn(bootstrapServers, name)).toSorted()).toEqual(['a.csv:1', 'a.csv:2', 'a.csv:3']);
});

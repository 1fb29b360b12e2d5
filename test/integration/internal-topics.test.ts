import { expect, it } from 'vitest';
import { bootstrapServers, newFeed } from '../cli/support/loaded-feed.ts';
import { recordsIn, valuesIn } from './support/read-topic.ts';

const ROUTER = {
  transforms: 'parse,validate,route,rename',
  'transforms.rename.type': 'RegexRouter',
  'transforms.rename.regex': 'to-(.*)',
  'transforms.rename.replacement': '$1',
};

it.for([
  ['a template', '', {}],
  ['a later stage', 'to-', ROUTER],
] as const)(
  'a row that names an internal topic by %s is dead-lettered, and the rows beside it arrive',
  { timeout: 60_000 },
  async ([, before, options]) => {
    const feed = await newFeed({ 'transforms.route.topic': `${before}{symbol}`, ...options });
    const topic = `${feed.name}.rows`;
    const configs = `${feed.name}.configs`;
    const rows = [topic, feed.offsetTopic, topic, configs, '__consumer_offsets', topic];
    const text = rows.map((symbol, index) => `${symbol},${index}\n`).join('');
    await feed.folder.write('drop/a.csv', `symbol,price\n${text}`);
    const daemon = feed.folder.start();
    const { examples } = await daemon.waitFor('rows rejected');
    const reason = `expected a topic for rows, got "${feed.offsetTopic}", which is the worker's offset.storage.topic`;
    expect(examples).toContainEqual(expect.objectContaining({ line: 3, error: 'InternalTopic', reason }));
    await daemon.waitFor('file completed');

    const values = [0, 2, 5].map((price) => JSON.stringify({ symbol: topic, price }));
    expect(await valuesIn(bootstrapServers, topic)).toEqual(values);
    expect(await valuesIn(bootstrapServers, `${feed.name}.dlq`)).toEqual(
      [`${feed.offsetTopic},1`, `${configs},3`, '__consumer_offsets,4'].sort(),
    );
    for (const { key } of await recordsIn(bootstrapServers, feed.offsetTopic))
      expect(String(key)).toMatch(`["${feed.name}",`);
  },
);

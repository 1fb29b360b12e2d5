import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runFeed } from '../../src/testing/index.ts';
import { ROOT } from '../docs/markdown.ts';
import { FEED, folderWith } from '../feed-tests/support.ts';

const ROWS = 'symbol,price,quantity,fee\nBHP,45.20,9007199254740993,1.10\nCBA,x,1,\n';

describe('runFeed', () => {
  test('gives the record of each row as it would be sent, and why another is rejected', async () => {
    const feed = join(folderWith({ 'feed.yaml': FEED }), 'feed.yaml');
    const [sent, rejected] = await runFeed(feed, ROWS);
    expect(sent).toMatchObject({ row: 1, line: 2, outcome: 'sent' });
    const [record] = sent?.outcome === 'sent' ? sent.records : [];
    expect(record).toMatchObject({ topic: 'trades.BHP', key: 'BHP', timestamp: null });
    expect(record?.value).toMatchObject({ symbol: 'BHP', quantity: 9007199254740993n });
    expect(Buffer.from(record?.keyBytes ?? '').toString()).toBe('BHP');
    expect(Buffer.from(record?.valueBytes ?? '').toString()).toContain('9007199254740993');
    expect(rejected).toMatchObject({ row: 2, outcome: 'rejected', stage: 'validate' });
    expect(rejected).toHaveProperty('message', expect.stringContaining('price: expected a double'));
  });

  test('gives which stage filters a row out', async () => {
    const filtering = FEED.replace(
      /^transforms: .*$/m,
      (line) => `${line},none\ntransforms.none.type: Filter`,
    );
    const feed = join(folderWith({ 'feed.yaml': filtering }), 'feed.yaml');
    const [first] = await runFeed(feed, ROWS);
    expect(first).toEqual({ row: 1, line: 2, outcome: 'filtered', stage: 'none' });
  });

  test('has the plugins of a worker, and the name of the file', async () => {
    const folder = folderWith({
      'named.mjs': `import { defineTransformation } from '${join(ROOT, 'src/plugin/index.ts')}';
        export default defineTransformation({ name: 'named', doc: 'Names the file.', config: {},
          create: () => ({ apply: (record) => ({ ...record, key: record.origin.filePath }) }) });`,
      'worker.yaml': 'bootstrap.servers: localhost:9092\nplugin.path: .\n',
      'feed.yaml': FEED.replace(/^transforms: .*$/m, (line) => `${line},named\ntransforms.named.type: named`),
    });
    const options = { worker: join(folder, 'worker.yaml'), path: 'in/a.csv' };
    const [first] = await runFeed(join(folder, 'feed.yaml'), ROWS, options);
    expect(first).toMatchObject({ outcome: 'sent', records: [{ key: 'in/a.csv' }] });
  });

  test('tells every mistake in the feed, and a file that is given up', async () => {
    const wrong = join(folderWith({ 'feed.yaml': FEED.replace('transforms:', 'transform:') }), 'feed.yaml');
    await expect(runFeed(wrong, ROWS)).rejects.toThrow(/transform.*did you mean/);
    const feed = join(folderWith({ 'feed.yaml': FEED }), 'feed.yaml');
    await expect(runFeed(feed, 'a,b\n1,2\n')).rejects.toThrow(/no columns? /);
  });
});

import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { LogReader } from '../chaos/log-reader.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();

const ROWS = 2000;
/** Longer than what a task holds and a source reads at a time. */
const CELL = 'FAKE,1\n'.repeat(300_000);
const BEGIN = `symbol,price\n${'BHP,1\n'.repeat(ROWS)}`;
const FILE = `${BEGIN}RIO,"${CELL}"\n${'CBA,2\n'.repeat(ROWS)}`;

test.each([
  ['a.csv', Buffer.from(FILE)],
  ['a.csv.gz', gzipSync(FILE)],
])(
  'of %s with an over-long cell that closes all other rows arrive, once, also when it is there again',
  async (name, content) => {
    const folder = await FeedFolder.make(uniqueName('feed'));
    await folder.worker({ 'bootstrap.servers': bootstrapServers });
    await folder.feed({ 'transforms.parse.max.record.bytes': '1000', 'finished.path': null });
    await folder.write(`drop/${name}`, content);
    const daemon = folder.start();
    await daemon.waitFor('file completed');
    await daemon.kill();

    const values = await valuesIn(bootstrapServers, folder.name);
    expect(values).toHaveLength(2 * ROWS);
    expect(new Set(values)).toEqual(
      new Set([JSON.stringify({ symbol: 'BHP', price: 1 }), JSON.stringify({ symbol: 'CBA', price: 2 })]),
    );
    const letters: [string | undefined, string | undefined, number | undefined][] = [];
    const reader = await LogReader.open(bootstrapServers, { [`${folder.name}.dlq`]: 1 }, 'read_committed');
    await reader.readAll(({ headers, value }) => {
      letters.push([
        headers.get('file.line'),
        headers.get('__connect.errors.exception.message'),
        value?.length,
      ]);
    });
    reader.close();
    expect(letters).toEqual([
      [
        String(ROWS + 2),
        `expected at most 1000 bytes (max.record.bytes), got ${CELL.length + 6} on lines ${ROWS + 2} to ${ROWS + 300_002}; ` +
          'the first 65536 bytes are kept',
        65_536,
      ],
    ]);

    // The same bytes under a new inode: their checksum over all of it, the cell included, tells that they were delivered.
    await folder.write(`drop/${name}`, content);
    const again = folder.start();
    await again.waitFor('file skipped');
    expect(await valuesIn(bootstrapServers, folder.name)).toHaveLength(2 * ROWS);
  },
);

import { expect, test } from 'vitest';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();

const ROWS = 30_000;
/** A row that each parser rejects for its length. */
const TOO_LONG = 'x'.repeat(1001);

interface Format {
  readonly options: Readonly<Record<string, string>>;
  readonly head?: string;
  readonly line: (row: number) => string;
  readonly value: (row: number) => Readonly<Record<string, string>>;
}

const formats: Readonly<Record<string, Format>> = {
  'JSON lines': {
    options: { 'transforms.parse.type': 'jsonl' },
    line: (row) =>
      row % 2
        ? `{"symbol":"B\\u0048P","at":{"price":${row}.50},"no":null}`
        : `{ "no": [${row}], "at": {"price": -${row}} , "symbol": "é" }`,
    value: (row) =>
      row % 2
        ? { no: '', 'at.price': `${row}.50`, symbol: 'BHP' }
        : { no: `[${row}]`, 'at.price': `-${row}`, symbol: 'é' },
  },
  'fixed width': {
    options: {
      'transforms.parse.type': 'fixed-width',
      'transforms.parse.columns': 'symbol 1-8, number 10-15',
      'transforms.parse.skip.lines': '1',
    },
    head: 'SYMBOL   NUMBER\r\n',
    line: (row) => `${(row % 3 ? 'BHP' : 'é日').padEnd(8)} ${String(row).padStart(6, '0')}`,
    value: (row) => ({ symbol: row % 3 ? 'BHP' : 'é日', number: String(row).padStart(6, '0') }),
  },
  lines: {
    options: { 'transforms.parse.type': 'lines', 'transforms.parse.column': 'text' },
    line: (row) => `number ${row}, "open`,
    value: (row) => ({ text: `number ${row}, "open` }),
  },
  'csv with a delimiter of several characters': {
    options: { 'transforms.parse.type': 'csv', 'transforms.parse.delimiter': '~|~' },
    head: 'symbol~|~note\r\n',
    line: (row) => `BHP~|~${row % 2 ? `"a ""quoted""~|~cell ${row}"` : `~ | ${row}`}`,
    value: (row) => ({ symbol: 'BHP', note: row % 2 ? `a "quoted"~|~cell ${row}` : `~ | ${row}` }),
  },
};

test.each(Object.entries(formats))(
  'a worker that is killed within a file of %s delivers each row once, and the bad one as a dead letter',
  async (_, { options, head = '', line, value }) => {
    const folder = await FeedFolder.make(uniqueName('feed'));
    await folder.worker({ 'bootstrap.servers': bootstrapServers });
    await folder.feed({
      transforms: 'parse,route',
      'transforms.parse.max.record.bytes': '1000',
      'transforms.validate.type': null,
      'transforms.validate.fields.symbol': null,
      'transforms.validate.fields.price': null,
      'transforms.route.key': null,
      'transaction.boundary': 'poll',
      'transaction.boundary.interval.ms': null,
      ...options,
    });
    const rows = Array.from({ length: ROWS }, (_, row) => line(row));
    await folder.write('drop/rows.txt', `${head}${rows.join('\r\n')}\r\n${TOO_LONG}\r\n`);
    const daemon = folder.start();
    await daemon.waitFor('transaction committed');
    await daemon.kill();
    await folder.start().waitFor('file completed');

    const expected = Array.from({ length: ROWS }, (_, row) => JSON.stringify(value(row)));
    expect(await valuesIn(bootstrapServers, folder.name)).toEqual(expected.sort());
    expect(await valuesIn(bootstrapServers, `${folder.name}.dlq`)).toEqual([TOO_LONG]);
  },
);

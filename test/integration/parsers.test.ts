import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();

const ROWS = 30_000;
/** A row that each parser rejects for its length. */
const TOO_LONG = 'x'.repeat(1001);

/** A text whose Japanese is this word alone, in Shift_JIS. */
const inShiftJis = (text: string) =>
  Buffer.from(text.replaceAll('プライム', '\x83\x76\x83\x89\x83\x43\x83\x80'), 'latin1');

interface Format {
  /** UTF-8 unless it says otherwise. */
  readonly encode?: (text: string) => Buffer;
  readonly options: Readonly<Record<string, string>>;
  readonly head?: string;
  readonly line: (row: number) => string;
  readonly value: (row: number) => Readonly<Record<string, string | null>>;
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
  'csv in Shift_JIS, which is found out': {
    options: { 'transforms.parse.type': 'csv', 'transforms.parse.encoding': 'auto' },
    encode: inShiftJis,
    head: 'symbol,プライム\r\n',
    line: (row) => `${row},"プライム"`,
    value: (row) => ({ symbol: String(row), プライム: 'プライム' }),
  },
  'csv in UTF-16 without a mark, compressed': {
    options: { 'transforms.parse.type': 'csv', 'transforms.parse.encoding': 'auto' },
    encode: (text) => gzipSync(Buffer.from(text, 'utf16le')),
    head: 'symbol,プライム\r\n',
    line: (row) => `${row},"𝄞 ""é"""`,
    value: (row) => ({ symbol: String(row), プライム: '𝄞 "é"' }),
  },
  'csv whose lines end with CRLF alone, with empty quotes': {
    options: {
      'transforms.parse.type': 'csv',
      'transforms.parse.line.end': 'crlf',
      'transforms.parse.quoted.empty': 'text',
    },
    head: 'symbol,note\r\n',
    line: (row) => (row % 2 ? `"",a\nb ${row}` : `,"c ""${row}"""`),
    value: (row) => (row % 2 ? { symbol: '', note: `a\nb ${row}` } : { symbol: null, note: `c "${row}"` }),
  },
};

test.each(Object.entries(formats))(
  'a worker that is killed within a file of %s delivers each row once, and the bad one as a dead letter',
  async (_, { options, encode = Buffer.from, head = '', line, value }) => {
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
    await folder.write('drop/rows.txt', encode(`${head}${rows.join('\r\n')}\r\n${TOO_LONG}\r\n`));
    const daemon = folder.start();
    await daemon.waitFor('transaction committed');
    await daemon.kill();
    await folder.start().waitFor('file completed');

    const expected = Array.from({ length: ROWS }, (_, row) => JSON.stringify(value(row)));
    expect(await valuesIn(bootstrapServers, folder.name)).toEqual(expected.sort());
    // A dead letter has the bytes of the file, every other of which is NUL in UTF-16.
    const letters = (await valuesIn(bootstrapServers, `${folder.name}.dlq`)) as string[];
    expect(letters.map((letter) => letter.replaceAll('\0', ''))).toEqual([TOO_LONG]);
  },
);

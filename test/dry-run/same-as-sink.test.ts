import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { RowTrace } from '../../src/dry-run/row-trace.ts';
import type { RecordHeader } from '../../src/plugin/index.ts';
import { type Sunk, sunkRows } from './sunk-rows.ts';
import { feedWith, TYPED, tracesOf } from './support.ts';

const plugins = mkdtempSync(join(tmpdir(), 'headrace-same-as-sink-'));
afterAll(() => rmSync(plugins, { recursive: true }));

/** What the plugin `mine` sets in the record of a row, by the row's symbol; a list makes several records of one. */
type Given = Readonly<Record<string, unknown>>;
const given: Record<string, Given | readonly Given[]> = Object.create(null);
Object.assign(globalThis, { givenToRecords: given });
writeFileSync(
  join(plugins, 'mine.mjs'),
  `const made = (record, given) => ({ ...record, ...given });
const apply = (record) => {
  const given = globalThis.givenToRecords[record.value.symbol] ?? {};
  return Array.isArray(given) ? given.map((one) => made(record, one)) : made(record, given);
};
export default { kind: 'transformation', name: 'mine', doc: 'x', config: {}, create: () => ({ apply }) };`,
);
writeFileSync(
  join(plugins, 'picky.mjs'),
  `const serialize = (topic, schema, value) => {
  if (value?.symbol === 'C') throw new TypeError('no C');
  return value === null ? null : JSON.stringify(value);
};
export default { kind: 'converter', name: 'picky', doc: 'x', config: {}, create: () => ({ serialize }) };`,
);

const ONE_SCHEMA = { name: 'One', fields: [] };
const OTHER_SCHEMA = { name: 'Other', fields: [] };

const MINE = `${TYPED.replace('validate,route', 'validate,route,mine')}transforms.mine.type: mine\n`;
const NO_PARTITIONS = MINE.replace(/topic\.creation.*\n/, '');

/** The rows of a feed in a dry run, and in the sink, told in the same way. */
async function bothWays(rows: readonly (Given | readonly Given[])[], feed = MINE) {
  const symbols = rows.map((row, index) => {
    const symbol = String.fromCharCode(65 + index);
    given[symbol] = row;
    return symbol;
  });
  const text = `symbol,price\n${symbols.map((symbol) => `${symbol},1\n`).join('')}`;
  const config = await feedWith(feed, plugins);
  return { dry: (await tracesOf(config, text)).map(sunkOf), sink: await sunkRows(config, text) };
}

function sunkOf({ outcome }: RowTrace): Sunk {
  if (outcome.kind !== 'sent') return outcome.kind === 'rejected' ? outcome.rejection : null;
  const sent = outcome.records.map(({ topic, partition, key, value, headers }) => ({
    topic,
    partition: partition as number,
    key: key.bytes?.toString() ?? null,
    value: value.bytes?.toString() ?? null,
    headers: headers.map(headerText),
  }));
  return sent.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

function headerText({ name, value }: RecordHeader): string {
  return `${name}=${value === null ? null : Buffer.from(value as string).toString()}`;
}

describe('a row in a dry run', () => {
  it.each<[what: string, given: Given, errorName: string, message: string]>([
    ['a partition below 0', { partition: -1 }, 'InvalidPartition', 'a whole number of at least 0'],
    ['a partition between two', { partition: 1.5 }, 'InvalidPartition', 'a whole number of at least 0'],
    ['a partition that is no number', { partition: Number.NaN }, 'InvalidPartition', 'a whole number'],
    [
      'a partition that the topic has not',
      { partition: 6 },
      'InvalidPartition',
      'from 0 to 5 of trades, got 6',
    ],
    ['a time that is no number', { timestamp: Number.NaN }, 'InvalidTimestamp', 'whole milliseconds'],
    ['a time before 1970', { timestamp: -1 }, 'InvalidTimestamp', 'whole milliseconds'],
    ['a part of a millisecond', { timestamp: 0.5 }, 'InvalidTimestamp', 'whole milliseconds'],
    [
      'a topic of characters that Kafka does not take',
      { topic: 'all trades' },
      'InvalidTopic',
      '"all trades"',
    ],
    ['a topic without a name', { topic: '' }, 'InvalidTopic', '""'],
    ['a topic that is too long', { topic: 'x'.repeat(250) }, 'InvalidTopic', 'xxx'],
    ["a topic of Headrace's own", { topic: 'headrace-offsets' }, 'InternalTopic', '"headrace-offsets"'],
  ])('is rejected for %s, as in the sink and in the same words', async (_, set, errorName, message) => {
    const { dry, sink } = await bothWays([set, {}]);
    expect(sink[0]).toMatchObject({ errorName, message: expect.stringContaining(message) });
    expect(dry).toEqual(sink);
    expect(sink[1]).toHaveLength(1);
  });

  it('is rejected for a partition below 0 where the number of partitions is not known, in the same words', async () => {
    const { dry, sink } = await bothWays([{ partition: -1 }], NO_PARTITIONS);
    expect(dry).toEqual(sink);
    expect(dry[0]).toMatchObject({ errorName: 'InvalidPartition' });
  });

  it.each([
    [
      'is too large for it',
      'max.message.bytes: 400',
      { value: { symbol: 'x'.repeat(400) } },
      'RecordTooLarge',
    ],
    ['has no key', 'cleanup.policy: compact', { key: null }, 'MissingKey'],
    ['is of a time ahead', 'message.timestamp.after.max.ms: 1000', { timestamp: 4e12 }, 'InvalidTimestamp'],
  ])(
    'is rejected where the topic as the feed would make it takes none that %s',
    async (_, setting, set, error) => {
      const { dry, sink } = await bothWays([set, {}], `${MINE}topic.creation.default.${setting}\n`);
      expect(sink[0]).toMatchObject({ errorName: error, stage: 'KAFKA_PRODUCE' });
      expect(dry).toEqual(sink);
      expect(sink[1]).toHaveLength(1);
    },
  );

  it('is rejected with all of its records when one of them is, and by a plugin that is a converter', async () => {
    const { dry, sink } = await bothWays(
      [[{}, { partition: -1 }], [{}, { key: 'second' }], {}],
      `${MINE}value.converter: picky\n`,
    );
    expect(dry).toEqual(sink);
    expect(sink).toEqual([
      expect.objectContaining({ errorName: 'InvalidPartition' }),
      [expect.anything(), expect.anything()],
      expect.objectContaining({ stage: 'VALUE_CONVERTER', plugin: 'picky', errorName: 'TypeError' }),
    ]);
  });

  it('becomes records of one topic with different schemas', async () => {
    const { dry, sink } = await bothWays([[{ valueSchema: ONE_SCHEMA }, { valueSchema: OTHER_SCHEMA }], {}]);
    expect(dry).toEqual(sink);
    expect(sink.map((records) => (records as unknown[]).length)).toEqual([2, 1]);
  });

  it.each<[what: string, given: Given, message: string]>([
    ['a partition that is text', { partition: '3' }, 'a record whose partition is text of 1 character'],
    [
      'a header without a name',
      { headers: [{ value: 'x' }] },
      'a record with a header that is undefined: text of 1 character',
    ],
    [
      'a header that is a number',
      { headers: [{ name: 'n', value: 1 }] },
      'a record with a header that is "n": a number',
    ],
    ['a header that is text', { headers: ['n'] }, 'a record with a header that is text of 1 character'],
    ['no headers', { headers: undefined }, 'a record whose headers are undefined'],
    ['no topic', { topic: null }, 'row 1 (line 2) of drop/rows.csv has no topic'],
  ])('ends the feed for %s, as in the sink and in the same words', async (_, set, message) => {
    given.A = set;
    const text = 'symbol,price\nA,1\n';
    const config = await feedWith(MINE, plugins);
    const failure = async (run: Promise<unknown>) =>
      run.then(
        () => 'no failure',
        ({ code, message }) => ({ code, message }),
      );
    const sink = await failure(sunkRows(config, text));
    expect(sink).toMatchObject({ message: expect.stringContaining(message) });
    expect(await failure(tracesOf(config, text))).toEqual(sink);
  });

  it('becomes the same records, or is rejected for the same reason, whatever its record holds', async () => {
    const header = fc.record({
      name: fc.string({ maxLength: 3 }),
      value: fc.option(fc.string({ maxLength: 3 })),
    });
    const record = fc.record(
      {
        topic: fc.constantFrom('trades', 'quotes', 'a/b', '..', '', '__x', 'headrace-offsets'),
        partition: fc.oneof(fc.constant(null), fc.integer({ min: -2, max: 8 }), fc.double()),
        timestamp: fc.oneof(fc.constant(null), fc.integer({ min: -1 }), fc.maxSafeNat(), fc.double()),
        key: fc.oneof(fc.constant(null), fc.string(), fc.bigInt(), fc.constant({ a: 1 })),
        value: fc.oneof(
          fc.constant(null),
          fc.dictionary(fc.string(), fc.anything()),
          fc.string({ maxLength: 500 }),
        ),
        headers: fc.array(header, { maxLength: 3 }),
        valueSchema: fc.constantFrom(null, ONE_SCHEMA, OTHER_SCHEMA),
      },
      { requiredKeys: [] },
    );
    const rows = fc.array(fc.oneof(record, fc.array(record, { minLength: 1, maxLength: 3 })), {
      maxLength: 5,
    });
    const settings = fc.constantFrom('', 'max.message.bytes: 300', 'cleanup.policy: compact');
    await fc.assert(
      fc.asyncProperty(rows, settings, async (records, setting) => {
        const feed = setting === '' ? MINE : `${MINE}topic.creation.default.${setting}\n`;
        const { dry, sink } = await bothWays(records, feed);
        expect(dry).toEqual(sink);
      }),
      { numRuns: 300 },
    );
  });
});

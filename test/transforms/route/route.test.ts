import { describe, expect, it } from 'vitest';
import { RowError, type SourceRecord } from '../../../src/plugin/index.ts';
import route from '../../../transforms/route/index.ts';
import { makeTransformation, problemsOf, recordOf } from '../support.ts';

type Options = Record<string, unknown>;

async function apply(options: Options, value: unknown): Promise<SourceRecord> {
  const transformation = await makeTransformation(route, options);
  return (await transformation.apply(recordOf(value))) as SourceRecord;
}

async function rejection(options: Options, value: unknown): Promise<string> {
  return apply(options, value).then(
    () => 'none',
    (error) => (error instanceof RowError ? `${error.errorName} ${error.message}` : String(error)),
  );
}

const row = {
  ...{ symbol: 'BHP', asset_class: 'equities', shard: 3, id: 9007199254740993n, note: null },
  ...{ 'b.c': 'dotted', 'b|lower': 'barred', 'b}c': 'BRACED' },
};

describe('a record gets', () => {
  it.each<[string, Options, Partial<SourceRecord>]>([
    ['a fixed topic', { topic: 'market.trades' }, { topic: 'market.trades' }],
    ['a topic with fields', { topic: 'market.{asset_class}.{symbol}' }, { topic: 'market.equities.BHP' }],
    ['a topic in another case', { topic: '{symbol|lower}.{asset_class|upper}' }, { topic: 'bhp.EQUITIES' }],
    [
      'a topic with constants, parts of the file’s name and fields',
      {
        topic: 'market.{asset_class}.{data_type}.{exchange}',
        constants: { exchange: 'asx' },
        filePattern: '{data_type}.csv',
      },
      { topic: 'market.equities.trades.asx' },
    ],
    [
      'a topic with where the row stood',
      { topic: '{header:file.name}.{header:file.row}.{header:file.offset}' },
      { topic: 'trades.csv.1.30' },
    ],
    ['a topic that is allowed', { topic: 'a.{symbol}', topicsAllowed: ['x', 'a.*'] }, { topic: 'a.BHP' }],
    ['a topic of a name with a dot', { topic: 'a.{b.c}' }, { topic: 'a.dotted' }],
    [
      'a topic of a name in backquotes',
      { topic: 'a.{`b|lower`}.{`b}c`|lower}' },
      { topic: 'a.barred.braced' },
    ],
    ['no topic', {}, { topic: null, key: null, partition: null, timestamp: null, headers: [] }],
    ['a key of one field', { key: ['symbol'] }, { key: 'BHP' }],
    ['a key that keeps its type', { key: ['id'] }, { key: 9007199254740993n }],
    ['a key of several fields', { key: ['symbol', 'shard'] }, { key: { symbol: 'BHP', shard: 3 } }],
    ['a fixed partition', { partition: '2' }, { partition: 2 }],
    ['a partition from a field', { partition: '{shard}' }, { partition: 3 }],
    ['a key that is fixed', { key: ['company'], constants: { company: 'all' } }, { key: 'all' }],
    [
      'a constant rather than a field of the same name',
      { topic: '{symbol}', key: ['symbol'], constants: { symbol: 'x' } },
      { topic: 'x', key: 'x' },
    ],
    [
      'headers',
      { headers: { kind: '{{{asset_class}}}', note: '{note}', fixed: 'x' } },
      {
        headers: [
          { name: 'kind', value: '{equities}' },
          { name: 'note', value: null },
          { name: 'fixed', value: 'x' },
        ],
      },
    ],
    [
      'headers from elsewhere',
      { headers: { exchange: '{exchange}', from: '{header:file.path}' }, constants: { exchange: 'asx' } },
      {
        headers: [
          { name: 'exchange', value: 'asx' },
          { name: 'from', value: 'drop/trades.csv' },
        ],
      },
    ],
  ])('%s', async (_, options, expected) => {
    expect(await apply(options, row)).toMatchObject(expected);
  });

  it.each<[unknown, number]>([
    ['2026-01-10T09:30:00.123456Z', 1768037400123],
    ['2026-01-10T09:30:00', 1768037400000],
    ['2026-01-10T19:30:00+10:00', 1768037400000],
    ['2026-01-10', 1768003200000],
    [1768037400123, 1768037400123],
    [1768037400123n, 1768037400123],
  ])('the timestamp of %s', async (at, expected) => {
    expect((await apply({ timestamp: 'at' }, { at })).timestamp).toBe(expected);
  });

  it('a topic with headers that it has, the last one where there are several', async () => {
    const transformation = await makeTransformation(route, {
      topic: '{header:exchange|lower}.{header:bytes}',
    });
    const record = {
      ...recordOf(row),
      headers: [
        { name: 'exchange', value: 'NYSE' },
        { name: 'exchange', value: 'ASX' },
        { name: 'bytes', value: Buffer.from('b') },
      ],
    };
    expect(((await transformation.apply(record)) as SourceRecord).topic).toBe('asx.b');
  });

  it('several headers of a name, after those it has', async () => {
    const transformation = await makeTransformation(route, { headers: { a: '2' } });
    const record = { ...recordOf(row), headers: [{ name: 'a', value: '1' }] };
    expect(((await transformation.apply(record)) as SourceRecord).headers).toEqual([
      { name: 'a', value: '1' },
      { name: 'a', value: '2' },
    ]);
  });
});

describe('a row is rejected', () => {
  it.each<[string, Options, unknown, string]>([
    [
      'for a topic without its field',
      { topic: 't.{venue}' },
      row,
      'MissingField topic: the row has no value in field "venue"',
    ],
    [
      'for a field that is null',
      { topic: 't.{note}' },
      row,
      'MissingField topic: the row has no value in field "note"',
    ],
    [
      'for a field that is empty',
      { key: ['a'] },
      { a: '' },
      'MissingField key: the row has no value in field "a"',
    ],
    [
      'for what only its prototype has',
      { key: ['constructor'] },
      row,
      'MissingField key: the row has no value in field "constructor"',
    ],
    [
      'for having no fields',
      { key: ['symbol'] },
      null,
      'MissingField key: the row has no value in field "symbol"',
    ],
    [
      'for a header without its field',
      { headers: { a: 'x{note}' } },
      row,
      'MissingField headers.a: the row has no value in field "note"',
    ],
    [
      'for a topic without its header',
      { topic: '{header:venue}' },
      row,
      'MissingHeader topic: the record has no header "venue"',
    ],
    [
      'for a topic that is not allowed',
      { topic: 'trades.{asset_class}', topicsAllowed: ['trades.fx', 'quotes.*'] },
      row,
      'TopicNotAllowed topic: expected one of topics.allowed (trades.fx, quotes.*), got "trades.equities"',
    ],
    [
      'for a file of another name',
      { topic: 't', filePattern: '{exchange}_{data_type}.csv' },
      row,
      'FileNameMismatch file.pattern: expected a file named like {exchange}_{data_type}.csv, got "drop/trades.csv"',
    ],
    [
      'for one of Kafka’s own topics, made from the file’s name',
      { topic: '__{name}', filePattern: '{name}.csv' },
      row,
      'InvalidTopic topic: a topic made from a row must not begin with __, got "__trades"',
    ],
    [
      'for an illegal topic',
      { topic: '{a}' },
      { a: 'x/y\n' },
      'InvalidTopic topic: expected a topic of 1 to 249 letters, digits, dots, _ and -, got "x/y\\n"',
    ],
    [
      'for the topic ..',
      { topic: '.{a}' },
      { a: '.' },
      'InvalidTopic topic: expected a topic of 1 to 249 letters, digits, dots, _ and -, got ".."',
    ],
    [
      'for one of Kafka’s own topics',
      { topic: '{a}' },
      { a: '__consumer_offsets' },
      'InvalidTopic topic: a topic made from a row must not begin with __, got "__consumer_offsets"',
    ],
    [
      'for a partition that is none',
      { partition: '{a}' },
      { a: '-1' },
      'InvalidPartition partition: expected a number of 0 or more, got "-1"',
    ],
    [
      'for a partition too large',
      { partition: '{a}' },
      { a: '2147483648' },
      'InvalidPartition partition: expected a number of 0 or more, got "2147483648"',
    ],
    [
      'for a day that is not in the calendar',
      { timestamp: 'a' },
      { a: '2026-02-30T00:00:00Z' },
      'InvalidTimestamp timestamp: expected a time since 1970 (ISO 8601, or milliseconds) in field "a", got "2026-02-30T00:00:00Z"',
    ],
    [
      'for a time before 1970',
      { timestamp: 'a' },
      { a: '1969-12-31T23:59:59Z' },
      'InvalidTimestamp timestamp: expected a time since 1970 (ISO 8601, or milliseconds) in field "a", got "1969-12-31T23:59:59Z"',
    ],
  ])('%s', async (_, options, value, expected) => {
    expect(await rejection(options, value)).toBe(expected);
  });

  it('for a topic longer than Kafka takes', async () => {
    expect(await rejection({ topic: '{a}' }, { a: 'x'.repeat(250) })).toMatch(/^InvalidTopic .{0,200}…"$/);
    expect(await rejection({ topic: '{a}' }, { a: 'x'.repeat(249) })).toBe('none');
  });
});

it('A topic that an earlier stage has set must be allowed as well', async () => {
  const transformation = await makeTransformation(route, { topicsAllowed: ['trades'] });
  const apply = (topic: string | null) => () => transformation.apply({ ...recordOf(row), topic });
  expect(apply('quotes')).toThrow('expected one of topics.allowed (trades), got "quotes"');
  expect(apply('trades')).not.toThrow();
  expect(apply(null)).not.toThrow();
});

it('A long list of allowed topics is cut in messages', async () => {
  const topicsAllowed = Array.from({ length: 1000 }, (_, index) => `topic-${index}`);
  expect(await rejection({ topic: '{symbol}', topicsAllowed }, row)).toMatch(
    /^TopicNotAllowed topic: expected one of topics.allowed \(topic-0, .{150,200}…\), got "BHP"$/,
  );
});

describe('the options', () => {
  it.each<[Options, string]>([
    [{ topic: 'a/b' }, 'topic: expected a topic of 1 to 249 letters, digits, dots, _ and -, got "a/b"'],
    [{ topic: 'a.{b' }, 'topic: a { is not closed; write {{ for a brace'],
    [{ topic: 'a.{}' }, 'topic: there is no field between { and }'],
    [{ topic: 'a.b}' }, 'topic: a } has no { before it; write }} for a brace'],
    [{ partition: 'x' }, 'partition: expected a number of 0 or more, got "x"'],
    [{ headers: { a: '{' } }, 'headers.a: a { is not closed; write {{ for a brace'],
    [{ key: ['a', 'b', 'a'] }, 'key: names "a" more than once'],
    [{ topic: '{a|title}' }, 'topic: expected lower or upper after the | of {a|title}'],
    [{ topic: '{header:}' }, 'topic: there is no header between { and }'],
    [
      { topic: 'a.{b}', constants: { b: 'c/d' } },
      'topic: expected a topic of 1 to 249 letters, digits, dots, _ and -, got "a.c/d"',
    ],
    [{ topic: 'a', topicsAllowed: ['b'] }, 'topic: expected one of topics.allowed (b), got "a"'],
    [{ topicsAllowed: ['a.?'] }, 'topics.allowed: expected topics, or patterns with *, got "a.?"'],
    [{ constants: { a: '' } }, 'constants.a: expected text'],
    [
      { constants: { a: 'x' }, filePattern: '{a}.csv' },
      'constants.a: is also a part of file.pattern; rename one of them',
    ],
    [{ filePattern: '{a}_{a}.csv' }, 'file.pattern: names "a" more than once'],
    [
      { filePattern: '{a}{b}.csv' },
      'file.pattern: expected text between two parts, to tell where the first one ends',
    ],
    [
      { filePattern: '{a}*.csv' },
      'file.pattern: expected text between two parts, to tell where the first one ends',
    ],
    [{ filePattern: '{a|lower}.csv' }, 'file.pattern: expected only names between { and }'],
    [{ filePattern: '{a.csv' }, 'file.pattern: a { is not closed; write {{ for a brace'],
  ])('%j have a problem', (options, problem) => {
    expect(problemsOf(route, options)).toEqual([problem]);
  });

  it('that are right have none', () => {
    expect(
      problemsOf(route, {
        topic: '__x.{a}',
        topicsAllowed: ['y'],
        partition: '{p}',
        key: ['a'],
        headers: { h: '{{}}' },
      }),
    ).toEqual([]);
  });
});

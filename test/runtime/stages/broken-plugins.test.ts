import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type {
  Parser,
  Predicate,
  SourceRecord,
  SourceTask,
  Transformation,
} from '../../../src/plugin/index.ts';
import { ParseStream } from '../../../src/runtime/stages/parse-stream.ts';
import { chunksInPlace } from '../../../src/runtime/stages/source-chunks.ts';
import { TransformationStage } from '../../../src/runtime/stages/transformation-stage.ts';
import { created } from '../../../src/runtime/task/created-plugin.ts';
import { CALLS } from '../../support/plugin-calls.ts';
import { numberedBatch, numberedRows } from '../support.ts';

const MINE = { key: 'transforms.mine', name: 'ticker', modulePath: '/plugins/ticker.ts' };
const TITLE = 'transforms.mine (plugin ticker, /plugins/ticker.ts)';

function stageOf(apply: (record: SourceRecord) => unknown, test?: (record: SourceRecord) => unknown) {
  return new TransformationStage({
    plugin: MINE,
    transformation: { apply } as Transformation,
    predicate:
      test === undefined
        ? null
        : {
            plugin: { key: 'predicates.listed', name: 'listed', modulePath: null },
            test: { test } as Predicate,
            negate: false,
          },
    parallel: 1,
    calls: CALLS,
  });
}

async function failureOf(stage: TransformationStage, batch = numberedBatch(3)): Promise<unknown> {
  try {
    await stage.run(batch);
  } catch (error) {
    return error;
  }
  return null;
}

const idOf = (record: SourceRecord) => Number((record.value as { id: string }).id);

describe('a transformation that gives no record', () => {
  const WANTED = 'expected the record, a list of records, or null to filter the row out';
  const given: readonly [string, (record: SourceRecord) => unknown, string][] = [
    ['nothing', () => undefined, 'gave undefined'],
    ['a number', () => 42, 'gave a number'],
    ['text', () => 'BHP', 'gave text of 3 characters'],
    ['false', () => false, 'gave false'],
    ['a function', () => () => null, 'gave a function'],
    ['the value in place of the record', (record) => record.value, 'gave an object without value'],
    ['an object without a value', ({ value: _, ...record }) => record, 'gave an object without value'],
    ['a record without origin', ({ origin: _, ...record }) => record, 'gave an object without origin'],
    ['a value that was set to undefined', (record) => Object.assign(record, { value: undefined }), 'value'],
    ['no list of headers', (record) => ({ ...record, headers: null }), 'headers'],
    ['a topic that is none', (record) => ({ ...record, topic: 7 }), 'topic is 7'],
    [
      'a topic that was forgotten',
      (record) => Object.assign(record, { topic: undefined }),
      'topic is undefined',
    ],
    [
      'a time that is a Date',
      (record) => ({ ...record, timestamp: new Date(0) }),
      'timestamp is an object of Date',
    ],
    [
      'a partition that is text',
      (record) => ({ ...record, partition: '1' }),
      'partition is text of 1 character',
    ],
    [
      'a list with a hole',
      (record) => Object.assign(new Array(3), { 0: record, 2: record }),
      'gave undefined in the list',
    ],
    ['a list of values', (record) => [record.value], 'gave an object without value'],
    ['a list in a list', (record) => [[record]], 'gave a list in the list'],
    [
      'an iterator',
      function* (record) {
        yield record;
      },
      'gave an iterator',
    ],
    ['a set', (record) => new Set([record]), 'gave an object of Set'],
    ['a promise of nothing', async () => undefined, 'gave undefined'],
    ['a promise of text', async () => 'x', 'gave text of 1 character'],
  ];

  it.each(given)('is told by its place, file and row when it gives %s', async (_, apply, mistake) => {
    const error = await failureOf(stageOf((record) => (idOf(record) === 2 ? apply(record) : record)));
    expect(error).toMatchObject({ code: 'PLUGIN_FAILED', retriable: false });
    const { message } = error as Error;
    expect(message).toContain(`${TITLE}: row 2 (line 2) of rows.csv: apply `);
    expect(message).toContain(mistake);
    expect(message).toContain(WANTED);
  });

  it('is told as well of one of several records', async () => {
    const batch = numberedBatch(2);
    await stageOf((record) => [record, { ...record }]).run(batch);
    let calls = 0;
    const error = await failureOf(
      stageOf((record) => (++calls === 2 ? undefined : record)),
      batch,
    );
    expect(error).toMatchObject({ code: 'PLUGIN_FAILED', message: expect.stringContaining('row 1 ') });
  });

  it('filters with null and with an empty list', async () => {
    const batch = numberedBatch(3);
    await stageOf((record) => [null, [], record][idOf(record) - 1]).run(batch);
    expect([0, 1, 2].map((index) => batch.isLive(index))).toEqual([false, false, true]);
    expect(batch.rejections.size).toBe(0);
  });
});

describe('a predicate that says neither yes nor no', () => {
  it.each([
    ['nothing', () => undefined, 'undefined'],
    ['a match', ({ value }: SourceRecord) => /n/.exec((value as { name: string }).name), 'a list'],
    ['a promise', async () => true, 'a promise'],
    ['a number', () => 1, '1'],
  ])('is told by its place, file and row when it gives %s', async (_, test, shown) => {
    const error = await failureOf(stageOf((record) => record, test));
    expect(error).toMatchObject({
      code: 'PLUGIN_FAILED',
      message: `predicates.listed (plugin listed): row 1 (line 1) of rows.csv: test gave ${shown}; expected true or false`,
    });
  });
});

describe('a parser that does not keep to its contract', () => {
  const file = numberedBatch(0).file;
  const LINES = { key: 'transforms.parse', name: 'lines', modulePath: '/plugins/lines.ts' };

  async function parseFailure(parser: unknown): Promise<unknown> {
    const chunks = [
      { file, bytes: Buffer.from('1'), eof: false },
      { file, bytes: Buffer.from('2'), eof: true },
    ];
    try {
      await Readable.from(chunks)
        .pipe(new ParseStream(parser as Parser, LINES))
        .toArray();
    } catch (error) {
      return error;
    }
    return null;
  }

  const opening = (push: (bytes: Buffer, eof: boolean) => unknown) => ({ open: () => ({ push }) });

  it.each([
    [
      'open gives nothing',
      { open: () => undefined },
      'open gave undefined; expected an object with the function push',
    ],
    ['open gives a promise', { open: async () => ({ push: () => null }) }, 'open gave a promise'],
    ['push gives nothing', opening(() => undefined), 'push gave undefined; expected ParsedRows'],
    ['push gives a list', opening(() => [{ a: 1 }]), 'push gave a list; expected ParsedRows'],
    ['push gives a promise', opening(async () => null), 'push gave a promise; expected ParsedRows'],
    ['push gives null at the end', opening(() => null), 'push gave null at the end of the file'],
    [
      'push does not mark the end',
      opening((_, eof) => (eof ? { ...numberedRows(1), eof: false } : null)),
      'push gave ParsedRows with eof false at the end of the file',
    ],
    [
      'push gives rows without their cells',
      opening((_, eof) => ({ ...numberedRows(1), eof, cells: undefined })),
      'push gave ParsedRows whose cells do not fit: undefined',
    ],
    [
      'push gives fewer bounds than rows',
      opening((_, eof) => ({ ...numberedRows(2), eof, rowBounds: Uint32Array.of(0, 4) })),
      'push gave ParsedRows whose rowBounds do not fit',
    ],
  ])('is told by its place and file, and gives no file up, when %s', async (_, parser, mistake) => {
    const error = await parseFailure(parser);
    expect(error).toMatchObject({ code: 'PLUGIN_FAILED', retriable: false });
    const { message } = error as Error;
    expect(message).toContain('transforms.parse (plugin lines, /plugins/lines.ts): rows.csv: ');
    expect(message).toContain(mistake);
  });
});

describe('a source that does not keep to its contract', () => {
  const MADE = { key: 'connector.class', name: 'made', modulePath: '/plugins/made.ts' };
  const file = numberedBatch(0).file;
  const reading = (read: () => unknown) => () => ({ read });
  const yielding = (chunk: unknown) =>
    reading(async function* () {
      yield chunk;
    });

  it.each([
    [
      'createTask gives nothing',
      () => undefined,
      'createTask gave undefined; expected an object with the function read',
    ],
    ['createTask throws', () => fail(), 'createTask threw: no such bucket'],
    [
      'read gives nothing',
      reading(() => undefined),
      'read gave undefined; expected an async iterable of chunks',
    ],
    ['read throws', reading(fail), 'read threw: no such bucket'],
    ['a chunk is a number', yielding(42), 'read gave 42; expected chunks'],
    ['a chunk has no file', yielding({ bytes: Buffer.from('1'), eof: true }), 'whose file is undefined'],
    [
      'a chunk is text',
      yielding({ file, bytes: '1', eof: true }),
      'whose bytes are text of 1 character, no Buffer',
    ],
    [
      'a chunk does not say whether it is the last',
      yielding({ file, bytes: Buffer.from('1') }),
      'whose eof is undefined',
    ],
  ])('is told by its place and file when %s', async (_, createTask, mistake) => {
    const faults: unknown[] = [];
    try {
      const source = await created(MADE, 'createTask', ['read'], createTask as () => SourceTask);
      for await (const chunk of chunksInPlace(source as SourceTask, MADE)) faults.push(chunk);
    } catch (error) {
      faults.push(error);
    }
    expect(faults).toEqual([expect.objectContaining({ code: 'PLUGIN_FAILED', retriable: false })]);
    const { message } = faults[0] as Error;
    expect(message).toContain('connector.class (plugin made, /plugins/made.ts): ');
    expect(message).toContain(mistake);
  });

  function fail(): never {
    throw new Error('no such bucket');
  }
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import json from '../../src/converters/json/index.ts';
import string from '../../src/converters/string.ts';
import { readBatches } from '../../src/kafka/records/record-batch-reader.ts';
import { NO_RULES } from '../../src/kafka/records/record-rules.ts';
import type { ConfigDefinition, ConverterPlugin, Transformation } from '../../src/plugin/index.ts';
import type { RowBatch } from '../../src/rows/index.ts';
import { BatchEncoder } from '../../src/sink/batch-encoder.ts';
import { PartitionBuffers } from '../../src/sink/partition-buffers.ts';
import { RecordTimes } from '../../src/sink/record-times.ts';
import { RowHeaders } from '../../src/sink/row-headers.ts';
import { TopicDirectory } from '../../src/sink/topic-directory.ts';
import constants from '../../transforms/constants/index.ts';
import csv from '../../transforms/csv/index.ts';
import lookup from '../../transforms/lookup/index.ts';
import route from '../../transforms/route/index.ts';
import validate from '../../transforms/schema/index.ts';
import sequence from '../../transforms/sequence/index.ts';
import source from '../../transforms/source/index.ts';
import { CALLS } from '../support/plugin-calls.ts';
import { logLines } from '../transforms/shared/log-lines.ts';
import { stageOf } from '../transforms/shared/stages.ts';
import {
  fakeFile,
  makeParser,
  makeTransformation,
  piecesOf,
  pluginContext,
  pushAll,
} from '../transforms/support.ts';
import { type Addition, additions, REFERENCE } from './random-additions.ts';
import { csvOf, type Field, NAMES, schemaOptions, TO_TRADES, table, type Way } from './random-tables.ts';
import { SEAL } from './seal.ts';

/** Thousands of tables on a busy machine. */
const TIMEOUT_MS = 120_000;
const TOPIC = { name: 'trades', partitions: 3, maxMessageBytes: 4000, rules: NO_RULES };
/** When rows are written: some of their times are before it, some after. */
const NOW = Date.parse('2026-01-31T09:30:00.500Z');
const DAY_MS = 86_400_000;
const someMs = fc.constantFrom(0, 500, 1000, DAY_MS, 700 * DAY_MS, Number.POSITIVE_INFINITY);
/** What the topic takes and keeps, and what the feed wants. */
const takes = fc.record({
  rules: fc.record({
    maxAheadMs: someMs,
    maxBehindMs: someMs,
    retentionMs: someMs,
    wantsKey: fc.boolean(),
  }),
  choice: fc.constantFrom('now', 'keep', 'reject'),
});
type Takes = typeof takes extends fc.Arbitrary<infer T> ? T : never;

const folder = mkdtempSync(join(tmpdir(), 'headrace-cells-'));
const reference = join(folder, 'companies.csv');
beforeAll(() => writeFileSync(reference, REFERENCE));
afterAll(() => rmSync(folder, { recursive: true }));

/** A chain of transformations. */
interface Chain {
  readonly fields: readonly Field[];
  readonly typed: boolean;
  readonly way: Way;
  /** Before `schema`, between it and `route`, and after that. */
  readonly added: readonly (readonly Addition[])[];
}

function addition({ type, options }: Addition): Promise<Transformation> {
  switch (type) {
    case 'constants':
      return makeTransformation(constants, options);
    case 'source':
      return makeTransformation(source, options);
    case 'lookup':
      return makeTransformation(lookup, { ...options, file: reference });
    case 'sequence':
      return makeTransformation(sequence, options);
  }
}

function stages({ fields, typed, way, added }: Chain): Promise<Transformation[]> {
  const [before = [], between = [], after = []] = added;
  const schema = { fields: schemaOptions(fields), nullValues: ['NULL'] };
  return Promise.all([
    ...before.map(addition),
    ...(typed ? [makeTransformation(validate, schema)] : []),
    ...between.map(addition),
    makeTransformation(route, {
      constants: { exchange: 'asx' },
      filePattern: '{dataset}_{partition}.csv',
      ...way,
    }),
    ...after.map(addition),
  ]);
}

/** The same transformation for records only. */
const recordsOnly = (transformation: Transformation): Transformation => ({
  apply: (record) => transformation.apply(record),
  close: () => transformation.close?.(),
});

function converterOf<D extends ConfigDefinition>(plugin: ConverterPlugin<D>, side: 'key' | 'value') {
  const defaults = Object.entries(plugin.config).map(([name, option]) => [name, option.default]);
  const converter = plugin.create(Object.fromEntries(defaults), { ...pluginContext, side });
  return {
    plugin: { key: `${side}.converter`, name: plugin.name, modulePath: null },
    calls: CALLS,
    converter,
  };
}

async function encode(
  batches: readonly RowBatch[],
  transformations: readonly Transformation[],
  { rules, choice }: Takes,
) {
  const topics = new TopicDirectory(
    {
      describe: async (names) => new Map(names.map((name) => [name, { ...TOPIC, name, rules }])),
      create: async () => {},
    },
    false,
    false,
  );
  const buffers = new PartitionBuffers();
  const times = new RecordTimes(choice, () => {});
  const [key, value] = [converterOf(string, 'key'), converterOf(json, 'value')];
  const encoder = new BatchEncoder(key, value, topics, buffers, times, new RowHeaders('full'));
  const refused: unknown[] = [];
  const chain = transformations.map(stageOf);
  for (const batch of batches) {
    for (const stage of chain) await stage.run(batch);
    for (let row = 0; row < batch.rowCount; row++) {
      row = encoder.encodeCells(batch, row, batch.endOfCells(row), NOW);
      if (row === batch.rowCount) break;
      if (!batch.isLive(row)) continue;
      const records = batch.records(row);
      if (!records.every((record) => encoder.isPrepared(record))) await encoder.prepare(records);
      refused.push(encoder.encode(batch.file, records, NOW, false));
    }
    refused.push([...batch.rejections]);
    batch.release();
  }
  for (const stage of chain) await stage.close();
  const written = buffers.takeAll().flatMap(({ topic, partition, batch }) =>
    readBatches(batch.seal(SEAL)).flatMap((read) =>
      read.records().map(({ timestamp, key, value, headers }) => ({
        topic,
        partition,
        timestamp,
        key: key?.toString(),
        value: value?.toString(),
        headers: headers.map(([name, header]) => `${name}=${header}`),
      })),
    ),
  );
  return {
    written: written.sort((a, b) => (a.headers.join() < b.headers.join() ? -1 : 1)),
    refused: refused.filter((one) => one !== null),
    expired: times.takeExpired(),
  };
}

function parse(bytes: Buffer, cut: number): RowBatch[] {
  const parser = makeParser(csv).open(fakeFile(null, 'drop/Trades_1.csv'));
  return pushAll(parser, piecesOf(bytes, cut));
}

describe('rows that stay cells', () => {
  it(
    'become the same Kafka records, and are rejected for the same reasons, as rows that become objects',
    async () => {
      vi.useFakeTimers({ now: Date.parse('2026-01-10T09:30:00.123Z'), toFake: ['Date'] });
      onTestFinished(() => void vi.useRealTimers());
      const lines = logLines();
      const run = async (
        bytes: Buffer,
        cut: number,
        transformations: readonly Transformation[],
        topic: Takes,
      ) => {
        const from = lines.length;
        const outcome = await encode(parse(bytes, cut), transformations, topic);
        return { ...outcome, logged: lines.slice(from) };
      };
      const chains = fc.tuple(table, fc.tuple(additions, additions, additions), takes);
      await fc.assert(
        fc.asyncProperty(chains, async ([{ rows, cut, ...its }, added, topic]) => {
          const bytes = csvOf(its.fields, rows);
          const chain = { ...its, added };
          const fast = await run(bytes, cut, await stages(chain), topic);
          const general = await run(bytes, cut, (await stages(chain)).map(recordsOnly), topic);
          expect(fast).toEqual(general);
        }),
        { numRuns: 2000 },
      );
    },
    TIMEOUT_MS,
  );

  it('are all rows of a feed of trades', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => [
      'BHP',
      '2026-01-31T09:30:00.000Z',
      `${index}.${index}0`,
      index % 2 === 0 ? 'BUY' : 'Sell',
    ]);
    const plain = { optional: false, fallback: null, trim: false, letters: null, settings: {} };
    const fields: Field[] = [
      { ...plain, type: 'string' },
      { ...plain, type: 'timestamp' },
      { ...plain, type: 'decimal', settings: { precision: '10', scale: '3' } },
      { ...plain, type: 'enum', letters: 'upper' },
    ];
    const way = { ...TO_TRADES, topic: '{dataset|lower}', partition: '{partition}', timestamp: '__proto__' };
    const added: Addition[] = [
      { type: 'constants', options: { fields: { exchange: 'asx' } } },
      { type: 'source', options: { fields: ['_source_file', '_source_row'] } },
      { type: 'sequence', options: { field: '_source_row', key: [NAMES[0]], onGap: 'reject' } },
      {
        type: 'lookup',
        options: { key: NAMES[0] as string, fileKey: 'key', fields: ['company_id'], onMissing: 'reject' },
      },
    ];
    const [batch] = parse(csvOf(fields, rows), 1_000_000) as [RowBatch];
    for (const transformation of await stages({ fields, typed: true, way, added: [[], added] })) {
      onTestFinished(() => transformation.close?.());
      await stageOf(transformation).run(batch);
    }
    expect(rows.filter((_, index) => batch.isCells(index))).toHaveLength(50);
    expect(batch.plan).toMatchObject({ topic: 'trades', partition: 1, timestamp: { name: '__proto__' } });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import json from '../../../src/converters/json.ts';
import string from '../../../src/converters/string.ts';
import { readBatches } from '../../../src/kafka/record-batch-reader.ts';
import { BatchEncoder } from '../../../src/kafka/sink/batch-encoder.ts';
import { PartitionBuffers } from '../../../src/kafka/sink/partition-buffers.ts';
import { TopicDirectory } from '../../../src/kafka/sink/topic-directory.ts';
import type {
  ConfigDefinition,
  ConverterPlugin,
  RecordBatch,
  Transformation,
} from '../../../src/plugin/index.ts';
import { TransformationStage } from '../../../src/runtime/transformation-stage.ts';
import csv from '../../../transforms/parse-csv/index.ts';
import route from '../../../transforms/route/index.ts';
import validate from '../../../transforms/validate/index.ts';
import { fakeFile, makeParser, makeTransformation, pluginContext } from '../../transforms/support.ts';
import { csvOf, type Field, NAMES, schemaOptions, TO_TRADES, table, type Way } from './random-tables.ts';

const TOPIC = { name: 'trades', partitions: 3, maxMessageBytes: 4000 };
const SEAL = {
  producerId: 1n,
  producerEpoch: 0,
  baseSequence: 0,
  transactional: true,
  compression: 'none',
} as const;

async function stages(fields: readonly Field[], typed: boolean, way: Way): Promise<Transformation[]> {
  const routed = await makeTransformation(route, {
    key: [NAMES[0]],
    constants: { exchange: 'asx' },
    filePattern: '{dataset}_{partition}.csv',
    ...way,
  });
  if (!typed) return [routed];
  return [
    await makeTransformation(validate, { fields: schemaOptions(fields), nullValues: ['NULL'] }),
    routed,
  ];
}

/** The same transformation for records only. */
const recordsOnly = (transformation: Transformation): Transformation => ({
  apply: (record) => transformation.apply(record),
});

function converterOf<D extends ConfigDefinition>(plugin: ConverterPlugin<D>, side: 'key' | 'value') {
  const defaults = Object.entries(plugin.config).map(([name, option]) => [name, option.default]);
  const converter = plugin.create(Object.fromEntries(defaults), { ...pluginContext, side });
  return { name: plugin.name, converter };
}

async function encode(batches: readonly RecordBatch[], transformations: readonly Transformation[]) {
  const topics = new TopicDirectory(
    { describe: async (name: string) => ({ ...TOPIC, name }), create: async () => {} },
    false,
  );
  const buffers = new PartitionBuffers();
  const encoder = new BatchEncoder(converterOf(string, 'key'), converterOf(json, 'value'), topics, buffers);
  const refused: unknown[] = [];
  for (const batch of batches) {
    for (const transformation of transformations) {
      await new TransformationStage({ name: 'stage', transformation, predicate: null, parallel: 1 }).run(
        batch,
      );
    }
    for (let row = 0; row < batch.rowCount; row++) {
      if (batch.isCells(row) && encoder.encodeCells(batch, row, 1000)) continue;
      if (!batch.isLive(row)) continue;
      const records = batch.records(row);
      if (!records.every((record) => encoder.isPrepared(record))) await encoder.prepare(records);
      refused.push(encoder.encode(batch.file, records, 1000));
    }
    refused.push([...batch.rejections]);
  }
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
  };
}

function parse(bytes: Buffer, cut: number): RecordBatch[] {
  const parser = makeParser(csv).open(fakeFile(null, 'drop/Trades_1.csv'));
  const batches: RecordBatch[] = [];
  for (let at = 0; at < bytes.length; at += cut) {
    const batch = parser.push(bytes.subarray(at, at + cut), at + cut >= bytes.length);
    if (batch !== null) batches.push(batch);
  }
  return batches;
}

describe('rows that stay cells', () => {
  it('become the same Kafka records, and are rejected for the same reasons, as rows that become objects', async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ fields, rows, typed, way, cut }) => {
        const bytes = csvOf(fields, rows);
        const fast = await encode(parse(bytes, cut), await stages(fields, typed, way));
        const general = await encode(parse(bytes, cut), (await stages(fields, typed, way)).map(recordsOnly));
        expect(fast).toEqual(general);
      }),
      { numRuns: 2000 },
    );
  });

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
    const [batch] = parse(csvOf(fields, rows), 1_000_000) as [RecordBatch];
    for (const transformation of await stages(fields, true, way)) {
      await new TransformationStage({ name: 'stage', transformation, predicate: null, parallel: 1 }).run(
        batch,
      );
    }
    expect(rows.filter((_, index) => batch.isCells(index))).toHaveLength(50);
    expect(batch.plan).toMatchObject({ topic: 'trades', partition: 1, timestamp: { name: '__proto__' } });
  });
});

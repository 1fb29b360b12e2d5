import { expect, it } from 'vitest';
import json from '../../src/converters/json/index.ts';
import string from '../../src/converters/string.ts';
import { readBatches } from '../../src/kafka/records/record-batch-reader.ts';
import { NO_RULES } from '../../src/kafka/records/record-rules.ts';
import { addressOf, type RowBatch } from '../../src/rows/index.ts';
import { CellEncoder } from '../../src/sink/cell-encoder.ts';
import { PartitionBuffers } from '../../src/sink/partition-buffers.ts';
import { RecordTimes } from '../../src/sink/record-times.ts';
import { RowHeaders } from '../../src/sink/row-headers.ts';
import { batchOf } from '../../src/testing/batch-of.ts';
import constants from '../../transforms/constants/index.ts';
import csv from '../../transforms/csv/index.ts';
import route from '../../transforms/route/index.ts';
import { CALLS } from '../support/plugin-calls.ts';
import { stageOf } from '../transforms/shared/stages.ts';
import { fakeFile, makeParser, makeTransformation, pluginContext, pushAll } from '../transforms/support.ts';
import { SEAL } from './seal.ts';

const TOPIC = { name: 'trades', partitions: 1, maxMessageBytes: 4000, rules: NO_RULES };

async function encoded(file: Buffer, encoding: string, fields: Readonly<Record<string, string>>) {
  const parser = makeParser(csv, { encoding }).open(fakeFile());
  const batch = pushAll(parser, [file])[0] as RowBatch;
  await stageOf(await makeTransformation(constants, { fields })).run(batch);
  return encodedRows(batch);
}

async function encodedRows(batch: RowBatch) {
  await stageOf(await makeTransformation(route, { topic: 'trades', key: ['symbol'] })).run(batch);
  const key = {
    plugin: { key: 'key.converter', name: 'string', modulePath: null },
    calls: CALLS,
    converter: string.create({}, { ...pluginContext, side: 'key' }),
  };
  const options = { schemasEnable: false, decimalFormat: 'string' } as const;
  const value = {
    plugin: { key: 'value.converter', name: 'json', modulePath: null },
    calls: CALLS,
    converter: json.create(options, { ...pluginContext, side: 'value' }),
  };
  const encoder = CellEncoder.compile(batch.plan, TOPIC, key, value) as CellEncoder;
  const buffers = new PartitionBuffers();
  const taken = encoder.encode(
    batch,
    0,
    batch.rowCount,
    buffers,
    new RowHeaders('none'),
    new RecordTimes('keep', () => {}),
    0,
  );
  const values = buffers
    .takeAll()
    .flatMap((open) => readBatches(open.batch.seal(SEAL)).flatMap((read) => read.records()))
    .map((record) => record.value?.toString());
  return { taken, values };
}

it('a value has room for its cells in UTF-8, however few bytes they take in the file', async () => {
  const name = '\u0080'.repeat(1100);
  const file = Buffer.from(`symbol,name\nBHP,${name}\n`, 'latin1');
  const euros = '€'.repeat(1100);
  expect(await encoded(file, 'windows-1252', { exchange: 'é' })).toEqual({
    taken: 1,
    values: [`{"symbol":"BHP","name":"${euros}","exchange":"é"}`],
  });
});

it('cells that were added count for the size that a topic allows', async () => {
  const file = Buffer.from('symbol\nBHP\n');
  expect(await encoded(file, 'utf8', { note: 'x'.repeat(3000) })).toMatchObject({ taken: 1 });
  expect(await encoded(file, 'utf8', { note: 'x'.repeat(4000) })).toMatchObject({ taken: 0 });
});

it('rows of a parser that puts them into any memory stay cells', async () => {
  const batch = batchOf([{ symbol: 'BHP' }, { symbol: 'CBA' }]);
  expect(addressOf(batch.bytes)).toBe(0);
  expect(await encodedRows(batch)).toEqual({ taken: 2, values: ['{"symbol":"BHP"}', '{"symbol":"CBA"}'] });
});

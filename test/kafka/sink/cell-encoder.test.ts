import { expect, it } from 'vitest';
import string from '../../../src/converters/string.ts';
import { CellEncoder } from '../../../src/kafka/sink/cell-encoder.ts';
import { PartitionBuffers } from '../../../src/kafka/sink/partition-buffers.ts';
import { RowHeaders } from '../../../src/kafka/sink/row-headers.ts';
import type { Converter, RecordBatch } from '../../../src/plugin/index.ts';
import constants from '../../../transforms/constants/index.ts';
import csv from '../../../transforms/parse-csv/index.ts';
import route from '../../../transforms/route/index.ts';
import { stageOf } from '../../transforms/enrich/stages.ts';
import {
  fakeFile,
  makeParser,
  makeTransformation,
  pluginContext,
  pushAll,
} from '../../transforms/support.ts';

const TOPIC = { name: 'trades', partitions: 1, maxMessageBytes: 4000 };

/** Writes nothing, and keeps for how many bytes of cells room was asked. */
function measuring(asked: number[]): Converter {
  return {
    serialize: () => null,
    compileCells: () => ({
      maxBytes(cellBytes) {
        asked.push(cellBytes);
        return cellBytes;
      },
      write: (_target, at) => at,
    }),
  };
}

async function askedFor(file: Buffer, encoding: string, fields: Readonly<Record<string, string>>) {
  const parser = makeParser(csv, { encoding }).open(fakeFile());
  const batch = pushAll(parser, [file])[0] as RecordBatch;
  await stageOf(await makeTransformation(constants, { fields })).run(batch);
  await stageOf(await makeTransformation(route, { topic: 'trades', key: ['symbol'] })).run(batch);
  const asked: number[] = [];
  const key = { name: 'string', converter: string.create({}, { ...pluginContext, side: 'key' }) };
  const value = { name: 'measuring', converter: measuring(asked) };
  const encoder = CellEncoder.compile(batch.plan, TOPIC, key, value) as CellEncoder;
  const isEncoded = encoder.encode(batch, 0, new PartitionBuffers(), new RowHeaders(), 0);
  return { asked, isEncoded };
}

it('a value has room for its cells in UTF-8, however few bytes they take in the file', async () => {
  const file = Buffer.from('symbol,name\nBHP,\u0080\u0080\n', 'latin1');
  // Two euro signs of three bytes, and a letter of two.
  const { asked } = await askedFor(file, 'windows-1252', { exchange: 'é' });
  expect(asked).toEqual([3 + 6 + 2]);
});

it('cells that were added count for the size that a topic allows', async () => {
  const file = Buffer.from('symbol\nBHP\n');
  expect(await askedFor(file, 'utf8', { note: 'x'.repeat(3000) })).toMatchObject({ isEncoded: true });
  expect(await askedFor(file, 'utf8', { note: 'x'.repeat(4000) })).toMatchObject({ isEncoded: false });
});

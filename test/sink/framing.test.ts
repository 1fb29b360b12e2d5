import fc from 'fast-check';
import { expect, it } from 'vitest';
import json from '../../src/converters/json/index.ts';
import string from '../../src/converters/string.ts';
import { NO_RULES } from '../../src/kafka/records/record-rules.ts';
import type { RowBatch } from '../../src/rows/index.ts';
import { BatchEncoder } from '../../src/sink/batch-encoder.ts';
import { PartitionBuffers } from '../../src/sink/partition-buffers.ts';
import { RecordTimes } from '../../src/sink/record-times.ts';
import { type HeadersSource, RowHeaders } from '../../src/sink/row-headers.ts';
import { TopicDirectory } from '../../src/sink/topic-directory.ts';
import csv from '../../transforms/csv/index.ts';
import route from '../../transforms/route/index.ts';
import schema from '../../transforms/schema/index.ts';
import { CALLS } from '../support/plugin-calls.ts';
import { stageOf } from '../transforms/shared/stages.ts';
import { fakeFile, makeParser, makeTransformation, pluginContext, pushAll } from '../transforms/support.ts';
import { SEAL } from './seal.ts';

const TOPIC = { name: 'trades', partitions: 2, maxMessageBytes: 1024 * 1024, rules: NO_RULES };
const NOW = Date.parse('2026-01-31T09:30:00.500Z');

const untimed = stagesOf({});
const timed = stagesOf({ timestamp: 'at' });

async function stagesOf(way: Readonly<Record<string, string>>) {
  const fields = { symbol: 'string', note: 'string', 'note.optional': 'true', at: 'timestamp' };
  const typed = await makeTransformation(schema, { fields });
  const routed = await makeTransformation(route, { topic: TOPIC.name, key: ['symbol'], ...way });
  return [stageOf(typed), stageOf(routed)];
}

function namedConverter(plugin: typeof string | typeof json, side: 'key' | 'value') {
  const options = { schemasEnable: false, decimalFormat: 'string' } as const;
  const converter =
    plugin === string
      ? string.create({}, { ...pluginContext, side })
      : json.create(options, { ...pluginContext, side });
  return {
    plugin: { key: `${side}.converter`, name: plugin.name, modulePath: null },
    calls: CALLS,
    converter,
  };
}

function makeEncoder({ headers, traceparent }: Way): BatchEncoder {
  const broker = { describe: async () => new Map([[TOPIC.name, TOPIC]]), create: async () => {} };
  const topics = new TopicDirectory(broker, false, false);
  const [key, value] = [namedConverter(string, 'key'), namedConverter(json, 'value')];
  const times = new RecordTimes('keep', () => {});
  return new BatchEncoder(key, value, topics, buffers, times, new RowHeaders(headers, () => traceparent));
}

/** Used again and again, as their memory is. */
const buffers = new PartitionBuffers();

interface Way {
  readonly isTimed: boolean;
  readonly headers: HeadersSource;
  readonly traceparent: string | null;
  /** Of the file. */
  readonly path: string;
}

/** The sealed batches, rows framed by the kernel where `byKernel` says so. */
async function framed(content: string, way: Way, byKernel: (row: number) => boolean) {
  const { isTimed, path } = way;
  const file = fakeFile(null, path);
  const batch = pushAll(makeParser(csv).open(file), [Buffer.from(content)])[0] as RowBatch;
  for (const stage of await (isTimed ? timed : untimed)) await stage.run(batch);
  const encoder = makeEncoder(way);
  await encoder.prepare([batch.lend(0)]);
  let kernelRows = 0;
  for (let row = 0; row < batch.rowCount; row++) {
    const taken = byKernel(row) ? encoder.encodeCells(batch, row, row + 1, NOW) : row;
    kernelRows += taken - row;
    if (taken === row) expect(encoder.encode(batch.file, batch.records(row), NOW, false)).toBeNull();
  }
  batch.release();
  const open = buffers.takeAll();
  const sealed = open.map(({ partition, batch }) => ({
    partition,
    bytes: batch.seal(SEAL).toString('base64'),
  }));
  buffers.release(open);
  return { kernelRows, sealed };
}

/** Lengths around those at which a varint takes a byte more. */
const length = fc.oneof(fc.nat({ max: 130 }), fc.constantFrom(8000, 8150, 8191, 8192, 8300));
const text = length.map((count) => 'x'.repeat(count));
const millis = fc.integer({ min: 0, max: 4_000_000_000_000 });
const way = fc.record({
  isTimed: fc.boolean(),
  headers: fc.constantFrom('none', 'row', 'full'),
  traceparent: fc.constantFrom(null, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
  // Around the length at which path and row take a byte more for their length.
  path: fc.integer({ min: 1, max: 70 }).map((count) => 'é'.repeat(count)),
});
const row = fc.record({ symbol: text.filter((symbol) => symbol !== ''), note: text, at: millis });

it('a record is framed with the same bytes by the kernel and by the builder, whichever wrote those before it', async () => {
  const cases = fc.tuple(fc.array(fc.tuple(row, fc.boolean()), { minLength: 1, maxLength: 12 }), way);
  await fc.assert(
    fc.asyncProperty(cases, async ([rows, way]) => {
      const lines = rows.map(([{ symbol, note, at }]) => `${symbol},${note},${new Date(at).toISOString()}`);
      const file = `symbol,note,at\n${lines.join('\n')}\n`;
      const { sealed } = await framed(file, way, () => false);
      const byKernel = await framed(file, way, () => true);
      expect(byKernel).toEqual({ kernelRows: rows.length, sealed });
      const mixed = await framed(file, way, (index) => rows[index]?.[1] ?? false);
      expect(mixed.sealed).toEqual(sealed);
    }),
    { numRuns: 200 },
  );
});

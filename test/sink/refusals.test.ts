import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, it } from 'vitest';
import json from '../../src/converters/json/index.ts';
import string from '../../src/converters/string.ts';
import { RecordsRefused } from '../../src/kafka/producer/refused-batch.ts';
import { NO_RULES } from '../../src/kafka/records/record-rules.ts';
import type { RowBatch } from '../../src/rows/index.ts';
import { KafkaSink } from '../../src/sink/kafka-sink.ts';
import { RecordTimes } from '../../src/sink/record-times.ts';
import { Refusals } from '../../src/sink/refusals.ts';
import { TopicDirectory, type TopicInfo } from '../../src/sink/topic-directory.ts';
import csv from '../../transforms/csv/index.ts';
import route from '../../transforms/route/index.ts';
import validate from '../../transforms/schema/index.ts';
import { linesOf, newTopic, SOON, startProducer, uniqueName } from '../kafka/support.ts';
import { CALLS } from '../support/plugin-calls.ts';
import { stageOf } from '../transforms/shared/stages.ts';
import { fakeFile, makeParser, makeTransformation, pluginContext, pushBatch } from '../transforms/support.ts';

const HOUR_MS = 3_600_000;
const CHUNK_BYTES = 300_000;

/** What a principal knows of a topic whose configuration it may not read. */
const unread = (name: string, partitions: number): TopicInfo => ({
  name,
  partitions,
  maxMessageBytes: 1_048_588,
  rules: NO_RULES,
});

async function batchesOf(text: string, topic: string): Promise<RowBatch[]> {
  const stages = [
    await makeTransformation(validate, { fields: { id: 'long', ts: 'timestamp', note: 'string' } }),
    await makeTransformation(route, { topic, key: ['id'], timestamp: 'ts' }),
  ].map(stageOf);
  const bytes = Buffer.from(text);
  const parser = makeParser(csv).open(fakeFile());
  const batches: RowBatch[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const batch = pushBatch(parser, bytes.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= bytes.length);
    if (batch === null) continue;
    for (const stage of stages) await stage.run(batch);
    batches.push(batch);
  }
  return batches;
}

/** Loads a file as a task does, until it is delivered, and gives its rejected rows by number with the reason. */
async function load(topic: string, partitions: number, text: string) {
  const offsetsTopic = await newTopic({ config: { 'cleanup.policy': 'compact' } });
  const transactionalId = uniqueName('tx');
  const refusals = new Refusals();
  const value = json.create(
    { schemasEnable: false, decimalFormat: 'string' },
    { ...pluginContext, side: 'value' },
  );
  for (let tries = 1; ; tries++) {
    const rejected = new Map<number, string>();
    const producer = await startProducer({ transactionalId });
    const sink = new KafkaSink({
      producer,
      deadLetterContent: 'row',
      topics: new TopicDirectory(
        {
          describe: async (names) => new Map(names.map((name) => [name, unread(name, partitions)])),
          create: async () => {},
        },
        false,
        false,
      ),
      keyConverter: {
        plugin: { key: 'key.converter', name: 'string', modulePath: null },
        calls: CALLS,
        converter: string.create({}, { ...pluginContext, side: 'key' }),
      },
      valueConverter: {
        plugin: { key: 'value.converter', name: 'json', modulePath: null },
        calls: CALLS,
        converter: value,
      },
      boundary: 'file',
      intervalMs: 500,
      policy: {
        admit: (batch, index, { message }) => void rejected.set(batch.rowNumber(index), message),
        admitFile: () => {},
      },
      headersSource: 'none',
      times: new RecordTimes('now', () => {}),
      refusals,
      deadLetterTopic: null,
      deadLetterFile: null,
      fileEnds: null,
      origin: { connector: 'c', task: 0 },
      offsetsTopic: unread(offsetsTopic, 1),
      offsetRecord: () => ({ key: Buffer.from('key'), value: Buffer.from('value') }),
      onOffsets: () => {},
      onCommitted: async () => {},
      onFileRejected: async (rejected) => {
        throw rejected;
      },
      targetOf: async () => null,
    });
    try {
      await pipeline(Readable.from(await batchesOf(text, topic)), sink);
      return { tries, rejected };
    } catch (error) {
      if (!(error instanceof RecordsRefused)) throw error;
    } finally {
      await producer.close();
    }
  }
}

const idsIn = async (topic: string) => {
  const ids = await linesOf(topic, ({ value }) => JSON.parse(String(value)).id);
  return ids.map(Number).sort((one, other) => one - other);
};

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

it('thousands of rows that only the broker refuses are found with the first and learned with the second, and all others arrive in the third try', async () => {
  const topic = await newTopic({
    partitions: 3,
    config: { 'message.timestamp.after.max.ms': String(HOUR_MS) },
  });
  const isAhead = (row: number) => row % 5 === 0;
  const [now, ahead] = [0, 2 * HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  const text = numbers(20_000).map((row) => `${row},${isAhead(row) ? ahead : now},-\n`);
  const { tries, rejected } = await load(topic, 3, `id,ts,note\n${text.join('')}`);
  expect(tries).toBe(3);
  expect([...rejected.keys()]).toEqual(numbers(20_000).filter(isAhead));
  expect(rejected.get(5)).toMatch(
    new RegExp(`^Kafka refused the record for ${topic}: INVALID_TIMESTAMP \\(Timestamp .* is out of range`),
  );
  await expect.poll(() => idsIn(topic), SOON).toEqual(numbers(20_000).filter((row) => !isAhead(row)));
});

it('rows are found one by one where the broker refuses a batch and names none of them, in few tries', async () => {
  const topic = await newTopic({ partitions: 2, config: { 'max.message.bytes': '20000' } });
  const isLarge = (row: number) => row === 1 || row === 1234 || row === 3000;
  const now = new Date().toISOString();
  const text = numbers(3000).map((row) => `${row},${now},${isLarge(row) ? 'x'.repeat(25_000) : '-'}\n`);
  const { tries, rejected } = await load(topic, 2, `id,ts,note\n${text.join('')}`);
  expect(tries).toBeLessThanOrEqual(7);
  expect([...rejected.keys()]).toEqual([1, 1234, 3000]);
  expect(rejected.get(1234)).toMatch(/MESSAGE_TOO_LARGE/);
  await expect.poll(() => idsIn(topic), SOON).toEqual(numbers(3000).filter((row) => !isLarge(row)));
});
